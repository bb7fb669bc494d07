import type { Role } from '../model/peer.ts';
import { Code } from '../model/status.ts';
import { number, object, string } from '../session/codec.ts';
import { answerText } from './caller.ts';
import type { Going } from './calls.ts';
import { types } from './contracts.ts';
import { type Attended, attend } from './program.ts';
import type { Subject } from './subject.ts';

type Json = Parameters<typeof object>[0];

/** Starts the peer in that role, and waits for its first line. Rejects with a PeerError, the program ended, when there is none. */
export async function attendReady(
  subject: Subject,
  role: Role,
  signal: AbortSignal,
  env?: Readonly<Record<string, string>>,
): Promise<Attended> {
  const program = await attend(subject, role, env);
  try {
    const { readyMs } = subject.limits;
    await program.heard('its "ready" line', (json) => object(json, 'ready'), readyMs, signal);
    const isAny =
      role === 'server'
        ? subject.peer.server?.features.includes('scripts')
        : subject.peer.client?.features.includes('any-service');
    if (isAny) await answered(subject, program, 'types', { types: { files: types.files } }, signal);
    return program;
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

/** A server program that listens. */
export interface AttendedServer extends Attended {
  readonly port: number;
  readonly address: string;
}

/** Starts the peer's server, and has it listen on a port that the system chooses. Rejects with a PeerError, the program ended, when it does not. */
export async function attendServer(subject: Subject, signal: AbortSignal): Promise<AttendedServer> {
  const program = await attendReady(subject, 'server', signal);
  try {
    const host = subject.starter.listenHost;
    const answer = await answered(subject, program, 'listen', { listen: { host, port: 0 } }, signal);
    const port = number(answer, 'port');
    return { ...program, port, address: program.addressOf(port) };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

/** Gives an instruction and waits for its answer. Rejects with a PeerError when it is refused, or not answered in time. */
export async function answered(
  subject: Subject,
  program: Attended,
  id: string,
  instruction: object,
  signal: AbortSignal,
): Promise<Json> {
  const [word = ''] = Object.keys(instruction);
  program.instruct(id, instruction);
  const answer = await program.heard(
    `the answer to "${word}"`,
    (json) => answerTo(json, id),
    subject.limits.recordMs,
    signal,
  );
  const refused = string(answer, 'refused');
  if (refused !== '') throw program.fault(`refused the instruction "${word}": ${refused}`);
  return answer;
}

/** Waits for the call's end. Rejects with a PeerError when it is not the row that was asked for. */
export async function finished(program: Attended, { answer }: Going): Promise<void> {
  const got = await answer;
  if (got.code !== Code.OK || !got.response)
    throw program.fault(`ended the call in flight with ${answerText(got)}: wanted OK and a row`);
}

/** The `answer` of that id. */
export function answerTo(json: Json, id: string): Json | undefined {
  const answer = object(json, 'answer');
  return answer && (answer.id ?? '') === id ? answer : undefined;
}

/** The `ended` line of that id. */
export function endOf(json: Json, id: string): Json | undefined {
  const ended = object(json, 'ended');
  return ended?.id === id ? ended : undefined;
}

/** The status code of an `ended` line; what is absent has its default. */
export function codeOf(ended: Json): number {
  return number(object(ended, 'status') ?? {}, 'code');
}
