/**
 * A peer without a library, for the harness's own tests: honest, or with one lie.
 *
 *     program.ts [--lie NAME]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { readLines } from '../../session/lines.ts';
import { begin } from './life.ts';

const { lie } = parseArgs({ options: { lie: { type: 'string' } } }).values;
// After the end of input nobody may be left to read.
process.stdout.on('error', () => {});
const life = await begin(
  { lie, keyLog: process.env.SSLKEYLOGFILE },
  (text) => void process.stdout.write(text),
  () => process.exit(0),
);
readLines(process.stdin, Number.POSITIVE_INFINITY, { onLine: life.take, onTooLong() {} });
process.stdin.on('end', life.inputEnded);
process.on('SIGTERM', life.signalled);
process.on('SIGINT', life.signalled);
