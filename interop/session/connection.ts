import type { Limits, Running } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Ending, Program } from '../launch/program.ts';
import type { Stage } from '../model/outcome.ts';
import type { Peer, Role } from '../model/peer.ts';
import { decodeLine } from './codec.ts';
import { readLines } from './lines.ts';
import { keepLog } from './log.ts';

type Json = ReturnType<typeof decodeLine>;

/** The lines that go to and come from one running program, whatever role it plays. */
export interface Connection extends Pick<Running, 'faulted' | 'fault' | 'logSince' | 'logMark' | 'stop'> {
  /** Writes one line; what cannot be written is found out by the program's end. */
  send(line: string): void;
  /** Declares the program unusable: the sentence goes on behind `alpha server …`. */
  fail(what: string, stage?: Stage, isHang?: boolean): PeerError;
  /** From now on faults happen at this stage. */
  enter(stage: Stage): void;
}

/**
 * Reads the program's lines and hands each object to `onObject`, which throws to
 * say what is wrong with it. The first thing that goes wrong is the fault.
 */
export function connect(
  peer: Peer,
  role: Role,
  program: Program,
  limits: Limits,
  onObject: (json: Json) => void,
): Connection {
  const log = keepLog(program.stderr, limits.logBytes);
  const { promise: faulted, resolve } = Promise.withResolvers<PeerError>();
  let fault: PeerError | undefined;
  let stage: Stage = 'ready';
  let stopping: Promise<string | undefined> | undefined;

  function fail(what: string, at: Stage = stage, isHang = false): PeerError {
    fault ??= new PeerError(
      { peer: peer.name, role, stage: at, what, stderr: log.since(0), hint: hint(peer, role) },
      isHang,
    );
    resolve(fault);
    return fault;
  }

  readLines(program.stdout, limits.lineBytes, {
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
    faulted,
    get fault() {
      return fault;
    },
    logSince: log.since,
    logMark: log.mark,
    send: (line) => program.stdin.write(`${line}\n`),
    fail,
    enter(next) {
      stage = next;
    },
    stop() {
      stopping ??= fault ? program.kill().then(() => undefined) : stopGently(peer, role, program, limits);
      return stopping;
    },
  };
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
  const ending = await within(program.ended, limits.stopMs);
  if (ending) {
    await program.kill();
    return ending.clean
      ? undefined
      : `${name} stopped with ${ending.how} at the end of its input: wanted exit code 0`;
  }
  await program.terminate();
  const terminated = await within(program.ended, limits.termMs);
  await program.kill();
  const after = `${name} did not stop within ${limits.stopMs} ms of the end of its input`;
  return terminated
    ? `${after}, but did on SIGTERM`
    : `${after}, nor within ${limits.termMs} ms of SIGTERM: killed`;
}

/** The value, or undefined when it does not come in time. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms, undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function endedText(stage: Stage, role: Role, ending: Ending): string {
  const before = role === 'server' ? 'it announced a port' : 'it was ready';
  return stage === 'ready'
    ? `ended before ${before}: ${ending.how}`
    : `ended while it was in use: ${ending.how}`;
}

function hint(peer: Peer, role: Role): string {
  return role === 'server'
    ? `run it alone with: npm run interop -- serve ${peer.name}`
    : `run it alone with: npm run interop -- call ${peer.name} 127.0.0.1:6000 Stitch`;
}

function excerpt(line: string): string {
  return JSON.stringify(line.length > 120 ? `${line.slice(0, 120)}…` : line);
}
