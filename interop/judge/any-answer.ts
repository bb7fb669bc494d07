/** A call of whose answer nothing is known: what the client tells is held against what crossed, and against nothing else. */
import type { CallRecord } from '../model/call.ts';
import type { PlannedCall } from '../model/scenario.ts';
import { Code, codeName } from '../model/status.ts';
import type { WireStream } from '../model/wire.ts';
import { answerThatCrossed, areUnread, isToldAsCrossed, messagesThatCrossed } from '../witness/crossed.ts';
import { isBeginningOf } from '../witness/messages.ts';
import { answerText, messagesText } from '../witness/say.ts';
import type { Finding } from './finding.ts';
import { isAtDeadline } from './own-end.ts';
import { differ } from './records.ts';

export function anyAnswerFindings(
  { spec }: PlannedCall,
  client: CallRecord,
  stream: WireStream,
): readonly Finding[] {
  const crossed = answerThatCrossed(stream);
  const frame = crossed?.frame ?? stream.frames.at(-1)?.number;
  const got = `as the client says it came: ${answerText(client)}`;
  if (!crossed) return untold(client, stream).map((finding) => ({ ...finding, frame }));
  // The answer and the end of its patience met.
  const endMs = stream.frames.find(({ number }) => number === crossed.frame)?.atMs ?? 0;
  const isLate = client.code === Code.DEADLINE_EXCEEDED && isAtDeadline(spec, stream, endMs);
  if (isLate || isToldAsCrossed(crossed, client)) return [];
  const wanted = `as it crossed: ${answerText(crossed)}`;
  return [
    { ...differ('client', 'answer', wanted, got), side: 'client', because: `${wanted}; ${got}`, frame },
  ];
}

/** No status crossed: the client cannot have got OK, nor a response that did not cross. */
function untold(client: CallRecord, { response }: WireStream): readonly Finding[] {
  if (client.code === Code.OK) {
    const because = 'the client says OK, and no status crossed';
    return [
      { ...differ('client', 'status', 'one that crossed', codeName(client.code)), side: 'client', because },
    ];
  }
  const crossed = messagesThatCrossed(response);
  if (areUnread(response) || isBeginningOf(client.responses, crossed)) return [];
  const because = `the client says ${messagesText(client.responses)}, and the wire shows ${messagesText(crossed)}`;
  const found = differ('client', 'response', messagesText(crossed), messagesText(client.responses));
  return [{ ...found, side: 'client', because }];
}
