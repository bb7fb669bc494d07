/** What the server says it served, held against what crossed. */
import type { ServedRecord } from '../model/call.ts';
import type { Role } from '../model/peer.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireStream } from '../model/wire.ts';
import { answerThatCrossed, differingFrame } from './crossed.ts';
import type { Finding } from './finding.ts';
import { answerFindings, arrivalFindings, differ, endFindings } from './records.ts';
import { answerText, inFull } from './say.ts';

export function servedFindings(
  planned: PlannedCall,
  records: readonly ServedRecord[],
  { streams }: WireEvidence,
): readonly Finding[] {
  const stream = streams.at(-1);
  const { expect } = planned;
  const arrival = arrivalFindings(planned, records).map((finding) =>
    records.length === 0 && stream
      ? unserved(finding, planned, stream, streams.length - 1)
      : blamed(
          finding,
          'server',
          `the wire shows the request, and the server says ${saysText(finding)}`,
          stream,
        ),
  );
  const [served] = records;
  if (!served || expect.served === 'never') return arrival;
  const end = endFindings(expect, served).map((finding) => ended(finding, planned, stream));
  if (served.cancelled) return [...arrival, ...end];
  return [...arrival, ...end, ...answers(planned, served, stream)];
}

function saysText({ what, wanted, got }: Finding): string {
  return `${what} ${got} where ${wanted} was wanted`;
}

/** The server ended a call that it does not know of, or did not end it. */
function unserved(finding: Finding, planned: PlannedCall, stream: WireStream, index: number): Finding {
  if (isKeptSecret(planned, stream)) return blamed(finding, 'client', secret, stream);
  const reset = stream.resets.find(({ from }) => from === 'server');
  const crossed = answerThatCrossed(stream);
  const frame = reset?.frame ?? crossed?.frame ?? stream.request.headersFrame ?? 0;
  const end = reset
    ? `it ended it with RST_STREAM ${reset.code}`
    : crossed
      ? `it answered ${answerText(crossed)}`
      : 'it did not answer';
  const because = `the request crossed, and the server has no record of it: ${end}`;
  return { ...finding, side: 'server', because, at: { stream: index, frame } };
}

function blamed(finding: Finding, side: Role, because: string, stream: WireStream | undefined): Finding {
  // Without a stream there is nothing that could have been served.
  return stream
    ? { ...finding, side, because, at: { stream: 0, frame: stream.request.headersFrame ?? 0 } }
    : finding;
}

const secret = 'the client did not tell the server that it gave the call up: no RST_STREAM crossed';

/** The client was to cancel, and the server could not know. */
function isKeptSecret({ spec, expect }: PlannedCall, { resets }: WireStream): boolean {
  const isToCancel = expect.served === 'cancelled' && spec.timeoutMs === undefined;
  return isToCancel && !resets.some(({ from }) => from === 'client');
}

/** A server that did not see the end: was it told? A call that ended under it: who ended it? */
function ended(finding: Finding, planned: PlannedCall, stream: WireStream | undefined): Finding {
  const { expect } = planned;
  const reset = stream?.resets.find(({ from }) => from === 'client');
  if (expect.served === 'cancelled')
    return stream && isKeptSecret(planned, stream)
      ? blamed(finding, 'client', secret, stream)
      : blamed(
          finding,
          'server',
          'the end of the call crossed, and the server says that it answered it',
          stream,
        );
  return reset
    ? blamed(finding, 'client', `the client ended the call: RST_STREAM ${reset.code}`, stream)
    : blamed(
        finding,
        'server',
        'the server says that the call was cancelled, and no RST_STREAM crossed',
        stream,
      );
}

function answers(
  { expect }: PlannedCall,
  served: ServedRecord,
  stream: WireStream | undefined,
): readonly Finding[] {
  if (expect.served !== 'answered') return [];
  const found = answerFindings('server', expect, served).map((finding) =>
    blamed(
      finding,
      'server',
      `the request crossed as it should, and the server says ${saysText(finding)}`,
      stream,
    ),
  );
  const crossed = stream && answerThatCrossed(stream);
  if (!crossed || answerText(crossed, inFull) === answerText(served, inFull)) return found;
  const [wanted, got] = [
    `as it crossed: ${answerText(crossed)}`,
    `as the server says it sent it: ${answerText(served)}`,
  ];
  const at = { stream: 0, frame: differingFrame(crossed, served) };
  return [
    ...found,
    { ...differ('server', 'answer', wanted, got), side: 'server', because: `${wanted}; ${got}`, at },
  ];
}
