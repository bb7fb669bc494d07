// The peer as the harness starts it.
import { parseArgs } from 'node:util';
import grpc from '@grpc/grpc-js/package.json' with { type: 'json' };
import { graceFor, signalled } from '../stop.ts';
import { readLines, writeLine } from './lines.ts';
import { Peer } from './peer.ts';

/** At run time nothing is left of TypeScript, nor of its version: the language is that of Node.js. */
const ready = {
  language: 'Node.js',
  languageVersion: process.versions.node,
  library: 'grpc-js',
  libraryVersion: grpc.version,
  messages: 'dynamic',
};

/** Does what standard input says until it ends, or SIGINT or SIGTERM; gives the exit code. */
export async function run(args: string[]): Promise<number> {
  parseArgs({ args });
  const told = signalled();
  const peer = new Peer();
  writeLine({ ready });
  await Promise.race([readLines(process.stdin, (line) => peer.take(line)), told]);
  process.stdin.destroy();
  await graceFor(peer.stop());
  return 0;
}
