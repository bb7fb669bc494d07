// The program, as a child process.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface Program extends Disposable {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** The exit code, null when a signal ended it. */
  readonly exitCode: Promise<number | null>;
}

/** Starts the program with its ends in the test's hands. */
export function start(...args: string[]): Program {
  const child = spawn(process.execPath, [main, ...args]);
  return {
    child,
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
