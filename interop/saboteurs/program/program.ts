/**
 * A peer without a library, for the harness's own tests: honest, or with one lie.
 *
 *     program.ts [--lie NAME]
 */
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readLines } from '../../session/lines.ts';
import { lieNamed } from '../lies/lies.ts';
import type { Behaviour } from './behaviour.ts';
import { honest } from './honest.ts';
import type { LineOut } from './lines.ts';
import { startPeer } from './peer.ts';

/** "finish those in flight, for 5 s at most" */
const finishMs = 5_000;

async function main(): Promise<void> {
  const { lie } = parseArgs({ options: { lie: { type: 'string' } } }).values;
  const behaviour: Behaviour = { ...honest, ...(lie !== undefined && lieNamed(lie)) };
  // After the end of input nobody may be left to read.
  process.stdout.on('error', () => {});

  await behaviour.starts();
  const say = (line: LineOut) => void process.stdout.write(behaviour.prints(`${JSON.stringify(line)}\n`));
  const peer = startPeer(behaviour, say);
  const ready = {
    language: 'none',
    languageVersion: process.version,
    library: 'saboteur',
    libraryVersion: lie ?? 'honest',
    messages: 'dynamic',
  };
  say({ ready });
  async function finish(): Promise<void> {
    await Promise.race([peer.finish(), sleep(finishMs)]);
    process.exit(0);
  }
  readLines(process.stdin, Number.POSITIVE_INFINITY, { onLine: peer.take, onTooLong() {} });
  process.stdin.on('end', () => behaviour.stops(finish, 'end of input'));
  process.on('SIGTERM', () => behaviour.stops(finish, 'signal'));
  process.on('SIGINT', () => behaviour.stops(finish, 'signal'));
}

await main();
