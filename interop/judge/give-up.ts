/** A call that was to be answered, and that the client ended before it was. */
import type { PlannedCall } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { WireEvidence } from '../model/wire.ts';
import { type End, firstEnd } from './ends.ts';
import type { Finding } from './finding.ts';
import { isAtDeadline } from './own-end.ts';

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
      because: `the client gave the call up before it was answered: ${end.how}`,
      frame: end.frame,
    },
  ];
}

function isReset({ how }: End): boolean {
  return how.startsWith('RST_STREAM');
}
