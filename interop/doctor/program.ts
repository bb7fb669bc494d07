import type { PeerError } from '../launch/peer-error.ts';
import type { Ending } from '../launch/program.ts';
import type { Role } from '../model/peer.ts';
import { decodeLine } from '../session/codec.ts';
import { readLines } from '../session/lines.ts';
import { keepLog } from '../session/log.ts';
import { fault, type Subject } from './subject.ts';
import { within } from './until.ts';

type Json = ReturnType<typeof decodeLine>;

/** A started program, and a person who reads along at its three streams. Ended with its children when disposed. */
export interface Attended extends AsyncDisposable {
  /** Every line of standard output so far. */
  readonly lines: readonly string[];
  readonly ended: Promise<Ending>;
  addressOf(port: number): string;
  /** See Program. */
  waitedMs(): number | undefined;
  say(line: string): void;
  /** Gives an instruction, under that id. */
  instruct(id: string, instruction: object): void;
  /** Ends its standard input. */
  endInput(): void;
  terminate(): Promise<void>;
  /**
   * What `find`, which is given each line once, makes of the first one that it makes
   * something of, said already or yet to come. Rejects with a PeerError when there is none in time, or none any more.
   */
  heard<T>(what: string, find: (json: Json) => T | undefined, ms: number, signal: AbortSignal): Promise<T>;
  /** The PeerError that says so, with the end of what it wrote on standard error. */
  fault(what: string): PeerError;
  stderr(): string;
}

/** Starts the peer's program in that role, with these variables. Rejects with a PeerError when it cannot be started. */
export async function attend(
  subject: Subject,
  role: Role,
  env?: Readonly<Record<string, string>>,
): Promise<Attended> {
  const { peer } = subject;
  const program = await subject.starter.start(peer, role, peer.args ?? [], env);
  const log = keepLog(program.stderr, subject.limits.logBytes);
  const lines: string[] = [];
  let listener = () => {};
  program.stdin.on('error', () => {});
  readLines(program.stdout, subject.limits.lineBytes, {
    onLine(line) {
      lines.push(line);
      listener();
    },
    onTooLong: () => lines.push('a line that is too long'),
  });
  const complaint = (what: string) => fault(subject, role, what, log.text());

  async function heard<T>(
    what: string,
    find: (json: Json) => T | undefined,
    ms: number,
    signal: AbortSignal,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    let next = 0;
    listener = () => {
      while (next < lines.length) {
        const found = find(jsonOf(lines[next++] ?? ''));
        if (found !== undefined) return resolve(found);
      }
    };
    listener();
    // All that it said was read when it has ended.
    program.ended.then(({ how }) => reject(complaint(`ended before ${what}: ${how}${besides(lines)}`)));
    promise.catch(() => {});
    const found = await within(ms, signal, promise, program);
    if (found === undefined)
      throw complaint(`was silent: ${what} did not come within ${ms} ms${besides(lines)}`);
    return found;
  }

  return {
    lines,
    ended: program.ended,
    addressOf: program.addressOf,
    waitedMs: program.waitedMs,
    say: (line) => void program.stdin.write(`${line}\n`),
    instruct: (id, instruction) => void program.stdin.write(`${JSON.stringify({ id, ...instruction })}\n`),
    endInput: () => program.stdin.end(),
    terminate: program.terminate,
    heard,
    fault: complaint,
    stderr: log.text,
    async [Symbol.asyncDispose]() {
      await program.kill();
    },
  };
}

/** A line that is no JSON object says nothing here; whether it may be there is another check. */
function jsonOf(line: string): Json {
  try {
    return decodeLine(line);
  } catch {
    return {};
  }
}

function besides(lines: readonly string[]): string {
  const last = lines.at(-1);
  return last === undefined ? '' : `; its last line is ${excerpt(last)}`;
}

/** A line, shortened, between quotation marks. */
export function excerpt(line: string): string {
  return JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line);
}
