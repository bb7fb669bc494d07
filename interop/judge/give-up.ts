/** A call that was to be answered, and that the client reset before it was. */
import type { PlannedCall } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { WireEvidence } from '../model/wire.ts';
import type { Finding } from './finding.ts';
import { isAtDeadline } from './own-end.ts';

/** `response`: what was found wrong with what the server sent. A client may end a call that it cannot read. */
export function giveUpFindings(
  { spec, expect }: PlannedCall,
  { streams }: WireEvidence,
  response: readonly Finding[],
): readonly Finding[] {
  const stream = streams.at(-1);
  const reset = stream?.resets.find(({ from }) => from === 'client');
  if (
    !stream ||
    !reset ||
    isAtDeadline(spec, stream, reset.frame) ||
    expect.served === 'cancelled' ||
    expect.code === Code.CANCELLED ||
    expect.clientCodes
  )
    return [];
  const resets = stream.resets.filter(({ from }) => from === 'server');
  const end = Math.min(stream.response.endFrame ?? Infinity, ...resets.map(({ frame }) => frame));
  const hasReason = response.some(({ frame = Infinity }) => frame < reset.frame);
  if (reset.frame > end || hasReason) return [];
  return [
    {
      witness: 'wire',
      what: 'end of the call',
      wanted: 'an answer',
      got: `RST_STREAM ${reset.code} from the client`,
      side: 'client',
      because: 'the client gave the call up before it was answered',
      frame: reset.frame,
    },
  ];
}
