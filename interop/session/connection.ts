import type { Limits, Running } from '../launch/launcher.ts';
import { afterSilence } from '../launch/patience.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Ending, Program } from '../launch/program.ts';
import { within } from '../launch/within.ts';
import type { Stage } from '../model/outcome.ts';
import type { Implementation, Peer, Role } from '../model/peer.ts';
import { decodeLine } from './codec.ts';
import { type Reading, readLines } from './lines.ts';
import { keepLog } from './log.ts';

type Json = ReturnType<typeof decodeLine>;

/** The lines that go to and come from one running program, whatever role it plays. */
export interface Connection {
  /** Writes one line; what cannot be written is found out by the program's end. */
  send(line: string): void;
  /** Declares the program unusable: the sentence goes on behind `alpha server …`. */
  fail(what: string, isHang?: boolean): PeerError;
  /**
   * The value, or undefined when it does not come within so long; while a line is on its way, within
   * so long of what came of it last. Rejects with the fault.
   */
  wait<T>(promise: Promise<T>, ms: number): Promise<T | undefined>;
  /**
   * Waits for what the first line says. Rejects with the fault, the program ended, when there is none in time: `did not announce a port`.
   */
  begin<T extends object>(first: Promise<T>, silence: string): Promise<T>;
  /** What must come before it is of use; when that fails, the program is ended, and its fault is one of stage `ready`. */
  orStop<T>(promise: Promise<T>): Promise<T>;
  /** What both roles give to whoever uses them; from then on faults happen at stage `call`. `startedAt` is on the clock of `performance.now`. */
  running(implementation: Implementation, startedAt: number): Running;
}

/**
 * Reads the program's lines and hands each object to `onObject`, which throws to
 * say what is wrong with it. The first thing that goes wrong is the fault. Without
 * `onObject` the program knows nothing of the harness: what it prints anywhere is its
 * log, it is stopped by SIGTERM, and how it ends then is its own affair.
 */
export function connect(
  peer: Peer,
  role: Role,
  program: Program,
  limits: Limits,
  onObject?: (json: Json) => void,
): Connection {
  const log = keepLog(program.stderr, limits.logBytes, ...(onObject ? [] : [program.stdout]));
  const { promise: faulted, resolve } = Promise.withResolvers<PeerError>();
  let fault: PeerError | undefined;
  let stage: Stage = 'ready';
  let stopping: Promise<string | undefined> | undefined;
  const waiting = new Set<(fault: PeerError) => void>();
  let lines: Reading | undefined;

  function fail(what: string, isHang = false): PeerError {
    fault ??= new PeerError(
      { peer: peer.name, role, stage, what, stderr: log.text(), hint: hint(peer, role) },
      isHang,
    );
    resolve(fault);
    for (const reject of waiting) reject(fault);
    return fault;
  }

  async function wait<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
    if (fault) throw fault;
    const outcome = Promise.withResolvers<T | undefined>();
    // Megabytes of a line take their time on a machine that does other things as well.
    const callOff = afterSilence(ms, () => outcome.resolve(undefined), {
      quietMs: () => lines?.quietMs() ?? Infinity,
      waitedMs: program.waitedMs,
    });
    waiting.add(outcome.reject);
    promise.then(outcome.resolve, outcome.reject);
    try {
      return await outcome.promise;
    } finally {
      callOff();
      waiting.delete(outcome.reject);
    }
  }

  async function begin<T extends object>(first: Promise<T>, silence: string): Promise<T> {
    try {
      const got = await wait(first, limits.readyMs);
      if (!got) throw fail(`${silence} within ${limits.readyMs} ms and said nothing`, true);
      if (fault) throw fault;
      return got;
    } catch (error) {
      await stop();
      throw error;
    }
  }

  async function orStop<T>(promise: Promise<T>): Promise<T> {
    try {
      return await promise;
    } catch (error) {
      await stop();
      throw error;
    }
  }

  function stop(): Promise<string | undefined> {
    if (fault) stopping ??= program.kill().then(() => undefined);
    stopping ??= onObject ? stopGently(peer, role, program, limits) : stopPlainly(program, limits);
    return stopping;
  }

  if (onObject)
    lines = readLines(program.stdout, limits.lineBytes, {
      onLine(line) {
        if (fault) return;
        try {
          onObject(decodeLine(line));
        } catch (error) {
          fail(`printed a line that ${(error as Error).message}: ${excerpt(line)}`);
        }
      },
      onTooLong: () => fail(`printed a line of more than ${limits.lineBytes / 1024 / 1024} MiB`),
    });
  program.stdin.on('error', () => {});
  program.ended.then((ending) => {
    if (!stopping) fail(endedText(stage, role, ending));
  });

  return {
    send: (line) => program.stdin.write(inBytes(`${line}\n`)),
    fail,
    wait,
    begin,
    orStop,
    running(implementation, startedAt) {
      stage = 'call';
      return {
        implementation,
        startupMs: performance.now() - startedAt,
        faulted,
        get fault() {
          return fault;
        },
        fail: (what) => fail(what, true),
        logSince: log.since,
        logMark: log.mark,
        stop,
        async [Symbol.asyncDispose]() {
          await stop();
        },
      };
    },
  };
}

/** For a long text Node takes three times the room that its bytes need; a short one it writes faster. */
function inBytes(text: string): string | Buffer {
  return text.length > 65_536 ? Buffer.from(text) : text;
}

/** End of input, then SIGTERM, then SIGKILL; the program's children go with it in any case. */
async function stopGently(
  peer: Peer,
  role: Role,
  program: Program,
  limits: Limits,
): Promise<string | undefined> {
  const name = `${peer.name} ${role}`;
  program.stdin.end();
  const ending = await within(program.ended, limits.stopMs, program);
  if (ending) {
    await program.kill();
    return ending.clean
      ? undefined
      : `${name} stopped with ${ending.how} at the end of its input: wanted exit code 0`;
  }
  await program.terminate();
  const terminated = await within(program.ended, limits.termMs, program);
  await program.kill();
  const after = `${name} did not stop within ${limits.stopMs} ms of the end of its input`;
  return terminated
    ? `${after}, but did on SIGTERM`
    : `${after}, nor within ${limits.termMs} ms of SIGTERM: killed`;
}

/** SIGTERM, then SIGKILL. */
async function stopPlainly(program: Program, limits: Limits): Promise<undefined> {
  program.stdin.end();
  await program.terminate();
  await within(program.ended, limits.termMs, program);
  await program.kill();
}

function endedText(stage: Stage, role: Role, ending: Ending): string {
  const before = role === 'server' ? 'it listened' : 'it was ready';
  return stage === 'ready'
    ? `ended before ${before}: ${ending.how}`
    : `ended while it was in use: ${ending.how}`;
}

function hint(peer: Peer, role: Role): string {
  return role === 'server'
    ? `run it alone with: npm run interop -- serve ${peer.name}`
    : `run it alone with: npm run interop -- call ${peer.name} 127.0.0.1:6000 METHOD JSON`;
}

function excerpt(line: string): string {
  return JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line);
}
