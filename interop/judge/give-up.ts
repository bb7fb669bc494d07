/** A call that was to be answered, and that the client ended before it was. */
import type { Script } from '../model/call.ts';
import type { PlannedCall } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { WireEvidence } from '../model/wire.ts';
import { type End, firstEnd } from './ends.ts';
import type { Finding } from './finding.ts';
import { isAtDeadline } from './own-end.ts';

/**
 * `ownTimeoutMs`: the deadline that the client set by itself. `response`: what was found wrong with what the server
 * sent. A client may end a call that it cannot read.
 */
export function giveUpFindings(
  { spec, expect, script }: PlannedCall,
  { streams, troubles }: WireEvidence,
  response: readonly Finding[],
  ownTimeoutMs?: number,
): readonly Finding[] {
  const stream = streams.at(-1);
  if (!stream) return [];
  const end = firstEnd(stream, troubles);
  const isTooShort = ownTimeoutMs !== undefined && ownTimeoutMs <= waitMsOf(script);
  if (
    end?.by !== 'client' ||
    (isAtDeadline(spec, stream, end.atMs) && !isTooShort) ||
    expect.served === 'cancelled' ||
    expect.code === Code.CANCELLED ||
    expect.clientCodes
  )
    return [];
  const hasReason = response.some(({ frame = Infinity, isAbsence }) => !isAbsence && frame < end.place);
  // Who only says that it leaves, or sends no more, may still hear the answer out.
  const isHeardOut = !isReset(end) && stream.response.endFrame !== undefined;
  if (hasReason || isHeardOut) return [];
  return [
    {
      witness: 'wire',
      what: 'end of the call',
      wanted: 'an answer',
      got: `${end.how} from the client`,
      side: 'client',
      because: isTooShort
        ? `the client gave the call up at a deadline of its own, ${ownTimeoutMs} ms, and the answer takes longer: ${end.how}`
        : `the client gave the call up before it was answered: ${end.how}`,
      frame: end.frame,
    },
  ];
}

/** So long the server is to take, at least. */
function waitMsOf(script: Script | undefined): number {
  return script?.steps.reduce((sum, step) => sum + ('waitMs' in step ? step.waitMs : 0), 0) ?? 0;
}

function isReset({ how }: End): boolean {
  return how.startsWith('RST_STREAM');
}
