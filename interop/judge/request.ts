/** The request as it crossed, held against what the client was asked to call. What is wrong with it is the client's. */
import type { PlannedCall, Range } from '../model/scenario.ts';
import type { WireEvidence, WireHalf, WireStream } from '../model/wire.ts';
import { metadataOf, valuesOf } from '../witness/crossed.ts';
import { isWithin, quote, rangeText } from '../witness/say.ts';
import type { Finding } from './finding.ts';
import { malformed } from './malformed.ts';
import { metadataFindings } from './records.ts';
import {
  contentTypeFinding,
  headerFinding,
  problemFindings,
  sentBy,
  type WireFinding,
  wireFinding,
} from './wire-finding.ts';

export function requestFindings(
  planned: PlannedCall,
  { streams }: WireEvidence,
  callMetadata: PlannedCall['spec']['metadata'],
): readonly Finding[] {
  const stream = streams.at(-1);
  if (!stream) return [];
  const { headers, headersFrame } = stream.request;
  const found: readonly WireFinding[] = [
    ...headerFindings(planned, stream.request),
    ...metadataFindings('wire', 'request metadata', callMetadata, metadataOf(headers)),
    ...malformed(stream.request),
    ...bodyFindings(planned, stream),
    ...problemFindings(stream, 'client'),
  ];
  return [...repeatFindings(streams), ...found.map((finding) => sentBy('client', finding, headersFrame))];
}

function headerFindings({ spec, expect }: PlannedCall, request: WireHalf): readonly WireFinding[] {
  return [
    ...headerFinding(request, ':method', '"POST"', (value) => value === 'POST'),
    ...headerFinding(request, ':scheme', '"http"', (value) => value === 'http'),
    ...headerFinding(request, ':path', quote(spec.method), (value) => value === spec.method),
    ...headerFinding(request, 'te', '"trailers"', (value) => value === 'trailers'),
    ...contentTypeFinding(request),
    ...timeoutFindings({ spec, expect }, request),
    ...(spec.compression
      ? headerFinding(
          request,
          'grpc-encoding',
          quote(spec.compression),
          (value) => value === spec.compression,
        )
      : []),
  ];
}

function timeoutFindings({ spec, expect }: PlannedCall, request: WireHalf): readonly WireFinding[] {
  if (spec.timeoutMs === undefined) {
    const isSent = valuesOf(request.headers, 'grpc-timeout').length > 0;
    return isSent ? headerFinding(request, 'grpc-timeout', 'none', () => false) : [];
  }
  const range = expect.timeRemainingMs ?? timeoutRange(spec);
  return headerFinding(request, 'grpc-timeout', rangeText(range), (value) =>
    isWithin(range, timeoutOf(value)),
  );
}

/** What is left of the timeout when it is sent: most of it, unless the client was to wait; some round up by 1 %. */
function timeoutRange({ timeoutMs = 0, waitForReady }: PlannedCall['spec']): Range {
  return { min: waitForReady ? 0 : timeoutMs / 2 + 1, max: timeoutMs * 1.01 };
}

const msOfUnit: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};

/** "TimeoutValue → {positive integer as ASCII string of at most 8 digits}" */
function timeoutOf(value: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,8})([HMSmun])$/.exec(value) ?? [];
  return digits === undefined ? undefined : Number(digits) * (msOfUnit[unit] ?? 0);
}

/** A message this short can only grow when it is compressed, and may go as it is. */
const alwaysGrowsBytes = 20;

function bodyFindings({ spec, expect }: PlannedCall, stream: WireStream): readonly WireFinding[] {
  const { request, response } = stream;
  const [message] = request.messages;
  const isOver = response.endFrame !== undefined || stream.resets.length > 0;
  const count = request.messages.length;
  if (count > 1) return [wireFinding('request messages', '1', String(count), request.messages[1]?.frame)];
  if (!message || request.endFrame === undefined) {
    // A call that was answered, reset or cut off before its request had an end needs none.
    const isCutOff = isOver || expect.served === 'cancelled';
    if (request.endFrame === undefined && isCutOff) return [];
    const rest = request.restBytes > 0 ? ` and ${request.restBytes} bytes` : '';
    return [
      wireFinding(
        'request',
        'one message and END_STREAM',
        `${count} messages${rest}, ${endText(request.endFrame)}`,
      ),
    ];
  }
  const { frame } = message;
  if (request.restBytes > 0)
    return [wireFinding('bytes behind the request', '0', String(request.restBytes), request.endFrame)];
  if (message.problem) return [wireFinding('request message', 'a NameRequest', message.problem, frame)];
  const name = message.fields?.name;
  if (name !== undefined && name !== spec.name)
    return [wireFinding('request name', quote(spec.name), quote(String(name)), frame)];
  if (spec.compression && message.flag === 0 && message.length > alwaysGrowsBytes)
    return [wireFinding('compressed flag of the request', '1', '0', frame)];
  return [];
}

function endText(endFrame: number | undefined): string {
  return endFrame === undefined ? 'no END_STREAM' : 'END_STREAM';
}

/** A client may make a call again only when the server had not begun with it (gRFC A6, transparent retries). */
function repeatFindings(streams: readonly WireStream[]): readonly Finding[] {
  const begun = streams.findIndex((stream, index) => index < streams.length - 1 && !isRefused(stream));
  if (begun < 0) return [];
  const again = streams[begun + 1];
  return [
    {
      witness: 'wire',
      what: 'times called',
      wanted: '1',
      got: String(streams.length),
      side: 'client',
      because: `the client made the call ${streams.length} times, though the server had not refused it`,
      stream: begun + 1,
      frame: again?.request.headersFrame,
    },
  ];
}

function isRefused({ stream, frames, resets, response }: WireStream): boolean {
  if (response.headersFrame !== undefined) return false;
  return (
    resets.some(({ from, code }) => from === 'server' && code === 'REFUSED_STREAM') ||
    frames.some(({ type, from, says }) => {
      const last = /last stream (\d+)/.exec(says ?? '')?.[1];
      return type === 'GOAWAY' && from === 'server' && last !== undefined && Number(last) < stream;
    })
  );
}
