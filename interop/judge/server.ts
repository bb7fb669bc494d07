/** What the server says it served, held against what crossed. */
import type { ServedRecord } from '../model/call.ts';
import type { Role } from '../model/peer.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireStream } from '../model/wire.ts';
import {
  answerThatCrossed,
  areUnread,
  differingFrame,
  isToldAsCrossed,
  messagesThatCrossed,
} from '../witness/crossed.ts';
import { areSame } from '../witness/messages.ts';
import { answerText } from '../witness/say.ts';
import type { Finding } from './finding.ts';
import { isAtDeadline } from './own-end.ts';
import { answerFindings, arrivalFindings, differ, endFindings } from './records.ts';

export function servedFindings(
  planned: PlannedCall,
  records: readonly ServedRecord[],
  { streams }: WireEvidence,
): readonly Finding[] {
  const stream = streams.at(-1);
  const arrival = arrivalFindings(planned, records);
  // Without a stream there is nothing that could have been served.
  if (!stream) return arrival;
  const found = arrival.map((finding) =>
    records.length === 0 ? unserved(finding, planned, stream) : arrived(finding, planned, records, stream),
  );
  const [served] = records;
  if (!served || planned.expect.served === 'never') return found;
  const end = endFindings(planned.expect, served).map((finding) => ended(finding, planned, stream));
  return [...found, ...end, ...(served.cancelled ? [] : answers(planned, served, stream))];
}

function saysText({ what, wanted, got, difference }: Finding): string {
  if (difference !== undefined) return `${difference}: the server says ${what} ${got}`;
  return `the server says ${what} ${got} where ${wanted} was wanted`;
}

function blamed(finding: Finding, side: Role, because: string, { request }: WireStream): Finding {
  return { ...finding, side, because, frame: request.headersFrame };
}

/** It took other requests than were to arrive. Those that crossed? Then a client that gave the call up did not send the others. */
function arrived(
  finding: Finding,
  { expect }: PlannedCall,
  [served]: readonly ServedRecord[],
  stream: WireStream,
): Finding {
  const isAll = finding.what === 'request' && expect.requests === undefined && !areUnread(stream.request);
  return isAll && served && areSame(served.requests, messagesThatCrossed(stream.request))
    ? blamed(finding, 'client', `the server took what crossed: request ${finding.got}`, stream)
    : blamed(finding, 'server', `the wire shows the request, and ${saysText(finding)}`, stream);
}

/** The server ended a call that it does not know of, or did not end it. */
function unserved(finding: Finding, planned: PlannedCall, stream: WireStream): Finding {
  if (isKeptSecret(planned, stream)) return blamed(finding, 'client', secret, stream);
  const reset = stream.resets.find(({ from }) => from === 'server');
  const crossed = answerThatCrossed(stream);
  const answered = crossed ? `it answered ${answerText(crossed)}` : 'it did not answer';
  const end = reset ? `it ended it with RST_STREAM ${reset.code}` : answered;
  const because = `the request crossed, and the server has no record of it: ${end}`;
  const frame = reset?.frame ?? crossed?.frame ?? stream.request.headersFrame;
  return { ...finding, side: 'server', because, frame };
}

const secret = 'the client did not tell the server that it gave the call up: no RST_STREAM crossed';

/** The client was to cancel, and the server could not know. */
function isKeptSecret({ spec, expect }: PlannedCall, { resets }: WireStream): boolean {
  const isToCancel = expect.served === 'cancelled' && spec.timeoutMs === undefined;
  return isToCancel && !resets.some(({ from }) => from === 'client');
}

/** A server that did not see the end: was it told? A call that ended under it: who ended it? */
function ended(finding: Finding, planned: PlannedCall, stream: WireStream): Finding {
  if (isKeptSecret(planned, stream)) return blamed(finding, 'client', secret, stream);
  const reset = stream.resets.find(({ from }) => from === 'client');
  if (planned.expect.served === 'cancelled')
    return blamed(finding, 'server', `the end of the call crossed, and ${saysText(finding)}`, stream);
  if (reset && isAtDeadline(planned.spec, stream, reset.frame)) {
    const because = `the server left the call open until its deadline: RST_STREAM ${reset.code}`;
    return { ...finding, side: 'server', because, frame: reset.frame };
  }
  return reset
    ? blamed(finding, 'client', `the client ended the call: RST_STREAM ${reset.code}`, stream)
    : blamed(finding, 'server', `no RST_STREAM crossed, and ${saysText(finding)}`, stream);
}

function answers({ expect }: PlannedCall, served: ServedRecord, stream: WireStream): readonly Finding[] {
  if (expect.served !== 'answered') return [];
  const crossed = answerThatCrossed(stream);
  const found = answerFindings('server', expect, served).map((finding) => {
    const because = `the request crossed as it should, and ${saysText(finding)}`;
    // What it sent shows more than what it was asked.
    const frame = crossed && (finding.what === 'response' ? crossed.responseFrame : crossed.frame);
    const told = blamed(finding, 'server', because, stream);
    return { ...told, frame: frame ?? told.frame };
  });
  // It need not tell of the details that it was told to send.
  const told = { ...served, ...(crossed?.details && !served.details && { details: crossed.details }) };
  if (!crossed || isToldAsCrossed(crossed, told)) return found;
  const wanted = `as it crossed: ${answerText(crossed)}`;
  const got = `as the server says it sent it: ${answerText(served)}`;
  const frame = differingFrame(crossed, served);
  return [
    ...found,
    { ...differ('server', 'answer', wanted, got), side: 'server', because: `${wanted}; ${got}`, frame },
  ];
}
