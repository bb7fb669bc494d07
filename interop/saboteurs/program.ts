/**
 * A peer without a library, for the harness's own tests: honest, or with one lie.
 *
 *     program.ts [--lie NAME] server --host HOST --port PORT
 *     program.ts [--lie NAME] client
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readLines } from '../session/lines.ts';
import { startClient } from './client.ts';
import { contractLies } from './contract-lies.ts';
import { lies } from './lies.ts';
import { honest, type Manners } from './manners.ts';
import type { Line } from './part.ts';
import { startServer } from './server.ts';

/** "finish calls in flight, for 5 s at most" */
const finishMs = 5_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      lie: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
    },
  });
  const manners: Manners = { ...honest, ...lieOf(values.lie) };
  const implementation = {
    language: 'none',
    languageVersion: process.version,
    library: 'saboteur',
    libraryVersion: values.lie ?? 'honest',
  };
  const say = (line: Line) => void process.stdout.write(manners.prints(`${JSON.stringify(line)}\n`));
  // After the end of input nobody may be left to read.
  process.stdout.on('error', () => {});

  await manners.starts();
  const part =
    positionals[0] === 'server'
      ? await startServer(values.host, Number(values.port), manners, say, implementation)
      : startClient(manners, say, implementation);
  async function finish(): Promise<void> {
    await Promise.race([part.finish(), sleep(finishMs)]);
    process.exit(0);
  }
  readLines(process.stdin, Number.POSITIVE_INFINITY, { onLine: part.take, onTooLong() {} });
  process.stdin.on('end', () => manners.stops(finish, 'end of input'));
  process.on('SIGTERM', () => manners.stops(finish, 'signal'));
  process.on('SIGINT', () => manners.stops(finish, 'signal'));
}

function lieOf(name: string | undefined) {
  if (name === undefined) return {};
  const lie = lies[name] ?? contractLies[name];
  if (!lie) throw new Error(`no lie is named ${name}`);
  return lie;
}

await main();
