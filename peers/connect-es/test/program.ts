// The program, as tests run it.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: tests look at what the lines have
export type Line = any;

/** A peer with lines in and out. */
export class Program {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #errors: Promise<string>;
  /** Lines out by what they are of: an id in quotes, or `served` and a call's id. */
  readonly #lines = new Map<string, PromiseWithResolvers<Line>>();
  #ids = 0;

  constructor(...args: string[]) {
    this.#child = spawn(process.execPath, [main, ...args]);
    this.#errors = text(this.#child.stderr);
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      const { ready, answer, ended, served } = JSON.parse(line);
      if (served) this.#line(`served ${served.callId}`).resolve(served);
      else this.#line((answer ?? ended)?.id ?? 'ready').resolve(ready ?? answer ?? ended);
    });
  }

  #line(name: string): PromiseWithResolvers<Line> {
    const line = this.#lines.get(name) ?? Promise.withResolvers();
    this.#lines.set(name, line);
    return line;
  }

  ready(): Promise<Line> {
    return this.#line('ready').promise;
  }

  /** What the server says of that call. */
  served(callId: string): Promise<Line> {
    return this.#line(`served ${callId}`).promise;
  }

  /** What ended a call, or answers an instruction, of that id. */
  ended(id: string): Promise<Line> {
    return this.#line(id).promise;
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Tells an instruction or a call; resolves with what came of it. */
  tell(line: object, id = `${++this.#ids}`): Promise<Line> {
    this.write(`${JSON.stringify({ id, ...line })}\n`);
    return this.ended(id);
  }

  /** Ends the input, or sends the signal; resolves with the exit code and what was said on standard error. */
  async stop(signal?: NodeJS.Signals): Promise<{ code: number; errors: string }> {
    const closed = once(this.#child, 'close');
    if (signal) this.#child.kill(signal);
    else this.#child.stdin.end();
    const [[code], errors] = await Promise.all([closed, this.#errors]);
    return { code, errors };
  }
}
