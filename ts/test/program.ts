// The program, as a child process that is spoken to in lines.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readLines } from '../src/lines/read.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Program extends Disposable {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  send(line: object | string): void;
  /** The next line of standard output, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows which line it waits for.
  line(): Promise<any>;
  /** The exit code, null when a signal ended it. */
  readonly exitCode: Promise<number | null>;
}

/** Starts the program with its harness's end in the test's hands. */
export function start(...args: string[]): Program {
  const child = spawn(process.execPath, [main, ...args]);
  const queue = new PassThrough({ objectMode: true });
  const close = () => queue.end();
  readLines(child.stdout, (line) => queue.write(line)).then(close, close);
  const lines = queue[Symbol.asyncIterator]();
  return {
    child,
    send: (line) => child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`),
    line: async () => JSON.parse((await lines.next()).value ?? '{"end":"of output"}'),
    exitCode: once(child, 'exit').then(([code]) => code),
    [Symbol.dispose]: () => child.kill('SIGKILL'),
  };
}

/** Runs the program to its end. */
export async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code, stdout, stderr };
}
