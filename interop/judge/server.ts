/** What the server says it served, held against what crossed. */
import type { CallSpec, ServedRecord } from '../model/call.ts';
import type { Role } from '../model/peer.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireStream } from '../model/wire.ts';
import {
  answerThatCrossed,
  areUnread,
  differingFrame,
  differingMessageFrame,
  isToldAsCrossed,
  messagesThatCrossed,
} from '../witness/crossed.ts';
import { areSame } from '../witness/messages.ts';
import { answerText } from '../witness/say.ts';
import { type End, endsOf } from './ends.ts';
import type { Finding } from './finding.ts';
import { cancels, isAtDeadline, isCancelOverdue } from './own-end.ts';
import { answerFindings, arrivalFindings, differ, endFindings } from './records.ts';

export function servedFindings(
  planned: PlannedCall,
  records: readonly ServedRecord[],
  { streams, troubles }: WireEvidence,
): readonly Finding[] {
  const stream = streams.at(-1);
  const arrival = arrivalFindings(planned, records);
  // Without a stream there is nothing that could have been served.
  if (!stream) return arrival;
  const ends = endsOf(stream, troubles);
  const found = arrival.map((finding) =>
    records.length === 0
      ? unserved(finding, planned, stream, ends)
      : arrived(finding, planned, records, stream, ends),
  );
  const [served] = records;
  if (!served || planned.expect.served === 'never') return found;
  const end = endFindings(planned.expect, served).map((finding) => ended(finding, planned, stream, ends));
  return [...found, ...end, ...(served.cancelled ? [] : answers(planned, served, stream))];
}

function saysText({ what, wanted, got, difference }: Finding): string {
  if (difference !== undefined) return `${difference}: the server says ${what} ${got}`;
  return `the server says ${what} ${got} where ${wanted} was wanted`;
}

function blamed(finding: Finding, side: Role, because: string, { request }: WireStream): Finding {
  return { ...finding, side, because, frame: request.headersFrame };
}

/** It took other requests than were to arrive. Those that crossed? Then whoever ended the call is why the others did not. */
function arrived(
  finding: Finding,
  { expect }: PlannedCall,
  [served]: readonly ServedRecord[],
  stream: WireStream,
  [end]: readonly End[],
): Finding {
  const isAll = finding.what === 'request' && expect.requests === undefined && !areUnread(stream.request);
  if (!isAll || !served || !areSame(served.requests, messagesThatCrossed(stream.request)))
    return blamed(finding, 'server', `the wire shows the request, and ${saysText(finding)}`, stream);
  if (end?.by === 'server' && end.place < (stream.request.endFrame ?? Infinity)) {
    const because = `the server ended the call before it had all requests: ${end.how} behind ${finding.got}`;
    return { ...finding, side: 'server', because, frame: end.frame };
  }
  return blamed(finding, 'client', `the server took what crossed: request ${finding.got}`, stream);
}

/** The server ended a call that it does not know of, or did not end it. */
function unserved(finding: Finding, planned: PlannedCall, stream: WireStream, ends: readonly End[]): Finding {
  if (isKeptSecret(planned, ends)) return blamed(finding, 'client', secret, stream);
  const end = ends.find(({ by }) => by === 'server');
  const crossed = answerThatCrossed(stream);
  const answered = crossed ? `it answered ${answerText(crossed)}` : 'it did not answer';
  const how = end && end.how !== 'END_STREAM' ? `it ended it with ${end.how}` : answered;
  const because = `the request crossed, and the server has no record of it: ${how}`;
  const frame = end?.frame ?? stream.request.headersFrame;
  return { ...finding, side: 'server', because, frame };
}

const secret = 'the client did not tell the server that it gave the call up: no RST_STREAM crossed';

/** The client was to cancel, and the server could not know: neither of them ended the call. */
function isKeptSecret({ spec, expect }: PlannedCall, ends: readonly End[]): boolean {
  return expect.served === 'cancelled' && spec.timeoutMs === undefined && ends.length === 0;
}

/** A server that did not see the end: was it told? A call that ended under it: who ended it? */
function ended(finding: Finding, planned: PlannedCall, stream: WireStream, ends: readonly End[]): Finding {
  if (isKeptSecret(planned, ends)) return blamed(finding, 'client', secret, stream);
  const [end] = ends;
  if (planned.expect.served === 'cancelled') return unseen(finding, planned, stream, end);
  if (!end) return blamed(finding, 'server', `nobody ended the call, and ${saysText(finding)}`, stream);
  const { frame } = end;
  if (end.by === 'server')
    return { ...finding, side: 'server', because: `the server ended the call: ${end.how}`, frame };
  if (isAtDeadline(planned.spec, stream, end.atMs)) {
    const because = `the server left the call open until its deadline: ${end.how}`;
    return { ...finding, side: 'server', because, frame };
  }
  return blamed(finding, 'client', `the client ended the call: ${end.how}`, stream);
}

/** The server was to see the call end, and says that it did not: it had ended it itself, or takes no notice. */
function unseen(finding: Finding, { spec }: PlannedCall, stream: WireStream, end: End | undefined): Finding {
  const own = end?.by === 'server' ? ownEnd(spec, stream, end) : undefined;
  if (!own) return blamed(finding, 'server', `the end of the call crossed, and ${saysText(finding)}`, stream);
  return { ...finding, ...own, frame: end?.frame };
}

/** The server ended a call that the client was to end: before that could be, or after it should have been. */
function ownEnd(
  spec: CallSpec,
  stream: WireStream,
  { how, atMs }: End,
): Required<Pick<Finding, 'side' | 'because'>> | undefined {
  if (isCancelOverdue(spec, stream, atMs)) {
    const because = `the client was to cancel the call long before the server ended it: ${how}`;
    return { side: 'client', because };
  }
  if (cancels(spec)) {
    const because = `the server ended the call before the client was to cancel it: ${how}`;
    return { side: 'server', because };
  }
  if (isAtDeadline(spec, stream, atMs)) return undefined;
  return { side: 'server', because: `the server ended the call before its deadline: ${how}` };
}

function answers({ expect }: PlannedCall, served: ServedRecord, stream: WireStream): readonly Finding[] {
  if (expect.served !== 'answered') return [];
  const crossed = answerThatCrossed(stream);
  const found = answerFindings('server', expect, served).map((finding) => {
    const because = `the request crossed as it should, and ${saysText(finding)}`;
    // What it sent shows more than what it was asked.
    const frame =
      crossed &&
      (finding.what === 'response'
        ? differingMessageFrame(stream.response, crossed.responses, expect.responses)
        : crossed.frame);
    const told = blamed(finding, 'server', because, stream);
    return { ...told, frame: frame ?? told.frame };
  });
  // It need not tell of the details that it was told to send.
  const told = { ...served, ...(crossed?.details && !served.details && { details: crossed.details }) };
  if (!crossed || isToldAsCrossed(crossed, told)) return found;
  const wanted = `as it crossed: ${answerText(crossed)}`;
  const got = `as the server says it sent it: ${answerText(served)}`;
  const frame = differingFrame(stream, crossed, served);
  return [
    ...found,
    { ...differ('server', 'answer', wanted, got), side: 'server', because: `${wanted}; ${got}`, frame },
  ];
}
