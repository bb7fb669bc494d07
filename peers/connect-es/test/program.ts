// The program, as tests run it.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** What a program with this input said on standard error, and its exit code. */
export async function run(input: string, ...args: string[]) {
  const child = spawn(process.execPath, [main, ...args]);
  child.stdin.end(input);
  const [[code], errors] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  return { code: code as number, errors };
}

/** A program with lines in and out. */
export class Session {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(...args: string[]) {
    this.#child = spawn(process.execPath, [main, ...args]);
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

  /** Ends the input, or sends the signal; gives the exit code. */
  async stop(signal?: NodeJS.Signals): Promise<number> {
    const closed = once(this.#child, 'close');
    if (signal) this.#child.kill(signal);
    else this.#child.stdin.end();
    return (await closed)[0];
  }
}
