/** A call that was to be answered, and that the client ended before it was. */
import type { CallSpec, Script } from '../model/call.ts';
import type { PlannedCall } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { WireEvidence } from '../model/wire.ts';
import { answerThatCrossed } from '../witness/crossed.ts';
import { type End, firstEnd } from './ends.ts';
import type { Finding } from './finding.ts';
import { cancels, isAtDeadline, mayEndAnywhere, ownEndMs } from './own-end.ts';
import { codesOf } from './records.ts';

/** `response`: what was found wrong with what the server sent. A client may end a call that it cannot read. */
export function giveUpFindings(
  { spec, expect }: PlannedCall,
  { streams, troubles }: WireEvidence,
  response: readonly Finding[],
): readonly Finding[] {
  const stream = streams.at(-1);
  if (!stream) return [];
  const end = firstEnd(stream, troubles);
  if (
    end?.by !== 'client' ||
    isAtDeadline(spec, stream, end.atMs) ||
    expect.served === 'cancelled' ||
    expect.code === Code.CANCELLED ||
    mayEndAnywhere(expect) ||
    expect.clientCodes
  )
    return [];
  const hasReason = response.some(({ frame = Infinity, isAbsence }) => !isAbsence && frame < end.place);
  // Who only says that it leaves, or sends no more, may still hear the answer out. Another one is about that end.
  const answer = answerThatCrossed(stream);
  const isHeardOut = !isReset(end) && answer !== undefined && codesOf(expect).includes(answer.code);
  // What is no HTTP/2 any more no client can read, and an end of its own is an answer to that.
  const isGarbled = troubles.some(
    (trouble) =>
      trouble.kind === 'invalid' &&
      trouble.problem.from === 'server' &&
      trouble.connection === stream.connection,
  );
  if (hasReason || isHeardOut || isGarbled) return [];
  return [
    {
      witness: 'wire',
      what: 'end of the call',
      wanted: 'an answer',
      got: `${end.how} from the client`,
      side: 'client',
      because: `the client gave the call up before it was answered: ${end.how}`,
      frame: end.frame,
    },
  ];
}

/**
 * A client may set a deadline by itself (`ownTimeoutMs`). Where it is shorter than the call is to take, it has ended
 * it, be it that the client says so or the server, which was told.
 */
export function ownDeadlineFindings(
  { spec, script }: PlannedCall,
  { streams, troubles }: WireEvidence,
  ownTimeoutMs: number,
): readonly Finding[] {
  const stream = streams.at(-1);
  const end = stream && firstEnd(stream, troubles);
  if (!stream || !end || ownTimeoutMs > toTakeMs(spec, script)) return [];
  const isOfServer = answerThatCrossed(stream)?.code === Code.DEADLINE_EXCEEDED;
  if (!isAtDeadline(spec, stream, end.atMs) || (end.by === 'server' && !isOfServer)) return [];
  return [
    {
      witness: 'wire',
      what: 'end of the call',
      wanted: 'none so early',
      got: `${end.how} from the ${end.by}`,
      side: 'client',
      because: `the client set a deadline by itself, and after ${ownTimeoutMs} ms the call was to go on: ${end.how}`,
      frame: end.frame,
    },
  ];
}

/** So long it is to go on, at least. */
function toTakeMs(spec: CallSpec, script: Script | undefined): number {
  const waits = script?.steps.reduce((sum, step) => sum + ('waitMs' in step ? step.waitMs : 0), 0) ?? 0;
  return cancels(spec) ? Math.min(waits, ownEndMs({ ...spec, timeoutMs: Infinity })) : waits;
}

function isReset({ how }: End): boolean {
  return how.startsWith('RST_STREAM');
}
