/** The request as it crossed, held against what the client was asked to call. What is wrong with it is the client's. */

import { sentBy as messagesSentBy } from '../model/call.ts';
import { takesOneRequest } from '../model/method.ts';
import type { PlannedCall, Range } from '../model/scenario.ts';
import type { WireEvidence, WireHalf, WireStream } from '../model/wire.ts';
import {
  areUnread,
  differingMessageFrame,
  messageCount,
  messagesThatCrossed,
  metadataOf,
  valuesOf,
} from '../witness/crossed.ts';
import { differenceOf } from '../witness/difference.ts';
import { countOf, isBeginningOf } from '../witness/messages.ts';
import { isWithin, messagesText, quote, rangeText } from '../witness/say.ts';
import { refusedEncoding } from './encoding.ts';
import { type End, firstEnd } from './ends.ts';
import type { Finding } from './finding.ts';
import { malformed } from './malformed.ts';
import { cancels, mayEndAnywhere } from './own-end.ts';
import { metadataFindings } from './records.ts';
import { repeatFindings } from './retry.ts';
import { timeoutOf } from './timeout.ts';
import {
  contentTypeFinding,
  headerFinding,
  problemFindings,
  sentBy,
  type WireFinding,
  wireFinding,
} from './wire-finding.ts';

/** `isUnknowing`: the client knows nothing of the harness, and may do what nobody forbids. */
export function requestFindings(
  planned: PlannedCall,
  wire: WireEvidence,
  callMetadata: PlannedCall['spec']['metadata'],
  isUnknowing: boolean,
): readonly Finding[] {
  const { streams, troubles } = wire;
  const stream = streams.at(-1);
  if (!stream) return [];
  const { headers, headersFrame } = stream.request;
  const found: readonly WireFinding[] = [
    ...headerFindings(planned, stream.request, isUnknowing),
    ...(isUnknowing ? refusedEncoding(planned, stream) : []),
    ...metadataFindings('wire', 'request metadata', callMetadata, metadataOf(headers)),
    ...malformed(stream.request),
    ...bodyFindings(planned, stream, firstEnd(stream, troubles), isUnknowing),
    ...problemFindings(stream, 'client'),
  ];
  return [
    ...repeatFindings(wire, isUnknowing),
    ...found.map((finding) => sentBy('client', finding, headersFrame)),
  ];
}

function headerFindings(
  planned: PlannedCall,
  request: WireHalf,
  isUnknowing: boolean,
): readonly WireFinding[] {
  const { spec } = planned;
  const scheme = spec.tls ? 'https' : 'http';
  return [
    ...headerFinding(request, ':method', '"POST"', (value) => value === 'POST'),
    ...headerFinding(request, ':scheme', quote(scheme), (value) => value === scheme),
    ...headerFinding(request, ':path', quote(spec.method), (value) => value === spec.method),
    ...headerFinding(request, 'te', '"trailers"', (value) => value === 'trailers'),
    ...contentTypeFinding(request),
    ...timeoutFindings(planned, request, isUnknowing),
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

function timeoutFindings(
  { spec, expect }: PlannedCall,
  request: WireHalf,
  isUnknowing: boolean,
): readonly WireFinding[] {
  if (spec.timeoutMs === undefined) {
    if (valuesOf(request.headers, 'grpc-timeout').length === 0) return [];
    // Any will do that is one.
    return isUnknowing
      ? headerFinding(request, 'grpc-timeout', 'at most 8 digits and a unit', isTimeout)
      : headerFinding(request, 'grpc-timeout', 'none', () => false);
  }
  const range = expect.timeRemainingMs ?? timeoutRange(spec, isUnknowing);
  return headerFinding(request, 'grpc-timeout', rangeText(range), (value) =>
    isWithin(range, timeoutOf(value)),
  );
}

function isTimeout(value: string): boolean {
  return timeoutOf(value) !== undefined;
}

/** A timeout this short may be over when it is sent. */
const shortMs = 20;

/**
 * What is left of the timeout when it is sent: most of it, unless the client was to wait, or is a program that may
 * count from its start. Some round up by 1 %, or count in whole milliseconds, one of which has begun.
 */
function timeoutRange({ timeoutMs = 0, waitForReady }: PlannedCall['spec'], isUnknowing: boolean): Range {
  const mayBeOver = isUnknowing || waitForReady || timeoutMs < shortMs;
  return { min: mayBeOver ? 0 : timeoutMs / 2 + 1, max: Math.max(timeoutMs * 1.01, timeoutMs + 1) };
}

/** A message this short can only grow when it is compressed, and may go as it is. */
const alwaysGrowsBytes = 20;

/** `end`: the first end of the call. What of the request is not there behind that is not missing. */
function bodyFindings(
  planned: PlannedCall,
  { request }: WireStream,
  end: End | undefined,
  isUnknowing: boolean,
): readonly WireFinding[] {
  const { spec, expect } = planned;
  const isReaction = (request.endFrame ?? 0) > (end?.by === 'server' ? end.place : Infinity);
  const wanted = messagesSentBy(spec.steps);
  const [wantedCount, count] = [countOf(wanted), messageCount(request)];
  if (count > wantedCount) {
    const { frame } = request.messages[wantedCount] ?? {};
    return [wireFinding('request messages', String(wantedCount), String(count), frame)];
  }
  // Whether a program was to say it only that program knows.
  const untold = isReaction || isUnknowing ? undefined : untoldEnd(planned, request);
  if (untold) return [untold];
  if (count < wantedCount || request.endFrame === undefined) {
    // A call that was answered, reset or cut off before its request had an end needs none.
    const isCutOff = end !== undefined || expect.served === 'cancelled' || mayEndAnywhere(expect);
    if (!isCutOff || (request.endFrame !== undefined && !isReaction))
      return [unfinished(wantedCount, request)];
    return contentFindings(spec, request);
  }
  if (request.restBytes > 0)
    return [wireFinding('bytes behind the request', '0', String(request.restBytes), request.endFrame)];
  return contentFindings(spec, request);
}

/**
 * A client that streams, cancels and did not half-close has said that there is more to come:
 * with END_STREAM in front of its reset, half an upload looks like a whole one.
 */
function untoldEnd({ spec, kind }: PlannedCall, request: WireHalf): WireFinding | undefined {
  const isStream = kind !== undefined && !takesOneRequest(kind);
  const isToEnd = spec.steps.some((step) => 'close' in step) || !cancels(spec);
  if (!isStream || isToEnd || request.endFrame === undefined) return undefined;
  return wireFinding('end of the requests', 'none, but RST_STREAM', 'END_STREAM', request.endFrame);
}

function unfinished(wanted: number, request: WireHalf): WireFinding {
  const { restBytes, endFrame } = request;
  const rest = restBytes > 0 ? ` and ${restBytes} bytes` : '';
  const one = wanted === 1 ? 'one message' : `${wanted} messages`;
  return wireFinding(
    'request',
    `${one} and END_STREAM`,
    `${messageCount(request)} messages${rest}, ${endText(endFrame)}`,
  );
}

/** What the messages say, those that are there. */
function contentFindings(spec: PlannedCall['spec'], request: WireHalf): readonly WireFinding[] {
  const bad = request.messages.find(({ problem }) => problem !== undefined);
  if (bad?.problem !== undefined)
    return [wireFinding('request message', 'one that can be read', bad.problem, bad.frame)];
  const plain = request.messages.find(({ flag, length }) => flag === 0 && length > alwaysGrowsBytes);
  if (spec.compression && plain)
    return [wireFinding('compressed flag of the request', '1', '0', plain.frame)];
  if (areUnread(request)) return [];
  const wanted = messagesSentBy(spec.steps);
  const crossed = messagesThatCrossed(request);
  if (isBeginningOf(crossed, wanted)) return [];
  const difference = differenceOf(wanted, crossed);
  const frame = differingMessageFrame(request, wanted, crossed);
  return [
    {
      ...wireFinding('request', messagesText(wanted), messagesText(crossed), frame),
      ...(difference !== undefined && { difference }),
    },
  ];
}

function endText(endFrame: number | undefined): string {
  return endFrame === undefined ? 'no END_STREAM' : 'END_STREAM';
}
