// The program, as tests run it.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [main, ...args]);
}

/** What a program said, and its exit code. */
export async function run(...args: string[]) {
  const child = start(...args);
  const closed = once(child, 'close');
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: (await closed)[0] as number, out, errors };
}

/** A program with lines in and out. */
export class Session {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(...args: string[]) {
    this.#child = start(...args);
    this.#child.stderr.resume();
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  // biome-ignore lint/suspicious/noExplicitAny: tests look at what the lines have
  async next(): Promise<any> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('no more lines');
    return JSON.parse(value);
  }

  tell(line: unknown): Promise<ReturnType<typeof JSON.parse>> {
    this.#child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
    return this.next();
  }

  async stop(): Promise<number> {
    const closed = once(this.#child, 'close');
    this.#child.stdin.end();
    return (await closed)[0];
  }
}
