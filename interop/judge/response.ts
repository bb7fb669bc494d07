/** The answer as it crossed, held against what the server was to answer. What is wrong with it is the server's. */
import type { Expectation } from '../model/scenario.ts';
import { Code, codeName, codesText } from '../model/status.ts';
import type { WireEvidence, WireHalf, WireStream } from '../model/wire.ts';
import {
  areUnread,
  differingMessageFrame,
  isTrailersOnly,
  messageCount,
  messagesThatCrossed,
  metadataThatCrossed,
  percentDecoded,
  valuesOf,
} from '../witness/crossed.ts';
import { differenceFrom, isCount, matched } from '../witness/match.ts';
import { countOf } from '../witness/messages.ts';
import { detailsText, inFull, messagesText, quote } from '../witness/say.ts';
import { undisclosedEncoding } from './encoding.ts';
import { type End, endsOf } from './ends.ts';
import type { Finding } from './finding.ts';
import { malformed } from './malformed.ts';
import { mayEndAnywhere } from './own-end.ts';
import { codesOf, metadataFindings } from './records.ts';
import {
  contentTypeFinding,
  headerFinding,
  problemFindings,
  sentBy,
  valuesGot,
  type WireFinding,
  wireFinding,
} from './wire-finding.ts';

export function responseFindings(
  expect: Expectation,
  { streams, troubles }: WireEvidence,
): readonly Finding[] {
  const stream = streams.at(-1);
  if (!stream) return [];
  if (expect.refusedBy) return answeredInSpite(stream);
  const ends = endsOf(stream, troubles);
  // How a call that is given up ends on the wire is a race, and no matter of right and wrong.
  const isGivenUp =
    expect.served === 'cancelled' ||
    mayEndAnywhere(expect) ||
    (expect.clientCodes && isReset(stream)) ||
    (expect.anyAnswer && isReset(stream, stream.response.endFrame));
  const found = isGivenUp ? problemFindings(stream, 'server') : allFindings(expect, stream, ends);
  return found.map((finding) => sentBy('server', finding, lastFrame(stream)));
}

/** On a connection that is to be refused. */
function answeredInSpite(stream: WireStream): readonly Finding[] {
  const { headersFrame } = stream.response;
  if (headersFrame === undefined) return [];
  const because = 'the server answered on a connection that it must refuse';
  return [
    sentBy(
      'server',
      { ...wireFinding('response headers', 'none', 'some', headersFrame), because },
      undefined,
    ),
  ];
}

/** The client ended it, before that frame. */
function isReset({ resets }: WireStream, end = Infinity): boolean {
  return resets.some(({ from, frame }) => from === 'client' && frame < end);
}

function allFindings(expect: Expectation, stream: WireStream, ends: readonly End[]): readonly WireFinding[] {
  const problems = problemFindings(stream, 'server');
  const { response } = stream;
  if (response.headersFrame === undefined) return [...problems, missing('response headers', stream, ends)];
  return [
    ...problems,
    ...malformed(response),
    ...headerFindings(expect, response),
    ...undisclosedEncoding(stream),
    ...(expect.headersFirst && isTrailersOnly(response)
      ? [
          wireFinding(
            'response headers',
            'in a frame before the status',
            'with the status, as Trailers-Only',
            response.headersFrame,
          ),
        ]
      : []),
    ...endFindings(expect, stream, ends),
    ...messageFindings(expect, stream),
    ...metadataAsSent(expect, stream),
  ];
}

/** Something of the answer did not come; how the server ended the call in its place says why. */
function missing(what: string, { frames }: WireStream, ends: readonly End[]): WireFinding {
  const end = ends.find(({ by, how }) => by === 'server' && how !== 'END_STREAM');
  if (end)
    return {
      ...wireFinding(what, 'some', end.how, end.frame),
      because: `the server ended the call without ${what}: ${end.how}`,
    };
  const goaway = frames.find(({ type, from }) => type === 'GOAWAY' && from === 'server');
  return goaway
    ? wireFinding(what, 'some', `GOAWAY ${goaway.says ?? ''}`, goaway.number)
    : wireFinding(what, 'some', 'none');
}

/** "Response-Headers → HTTP-Status [Message-Encoding] [Message-Accept-Encoding] Content-Type *Custom-Metadata" */
function headerFindings({ responseEncoding }: Expectation, response: WireHalf): readonly WireFinding[] {
  const early = isTrailersOnly(response) ? [] : valuesOf(response.headers, 'grpc-status');
  return [
    ...headerFinding(response, ':status', '"200"', (value) => value === '200'),
    ...contentTypeFinding(response),
    ...(responseEncoding
      ? headerFinding(
          response,
          'grpc-encoding',
          quote(responseEncoding),
          (value) => value === responseEncoding,
        )
      : []),
    ...(early.length > 0
      ? [wireFinding('grpc-status in the headers', 'none', valuesGot(early), response.headersFrame)]
      : []),
  ];
}

/** "Trailers → Status [Status-Message] *Custom-Metadata" */
function endFindings(expect: Expectation, stream: WireStream, ends: readonly End[]): readonly WireFinding[] {
  const { response, resets } = stream;
  if (response.trailersFrame === undefined) return [missing('trailers', stream, ends)];
  // The first one ends the stream, and a second changes nothing: a server that has reset with NO_ERROR may meet
  // the client's own end on its way, and say STREAM_CLOSED to that.
  const late = resets.find(({ from }) => from === 'server');
  const clients = ends.find(({ by }) => by === 'client');
  const isAnswer = late !== undefined && clients !== undefined && clients.place < late.frame;
  const found: WireFinding[] =
    late && late.code !== 'NO_ERROR' && !isAnswer
      ? [wireFinding('end of the stream', 'END_STREAM', `RST_STREAM ${late.code} behind it`, late.frame)]
      : [];
  const frame = response.trailersFrame;
  const statuses = valuesOf(response.trailers, 'grpc-status');
  const [status = ''] = statuses;
  if (statuses.length !== 1 || !/^\d+$/.test(status)) {
    return [
      ...found,
      wireFinding(
        'grpc-status',
        codesOf(expect)
          .map((code) => `"${code}"`)
          .join(' or '),
        valuesGot(statuses),
        frame,
      ),
    ];
  }
  if (!codesOf(expect).includes(Number(status)))
    found.push(wireFinding('status', codesText(codesOf(expect)), codeName(Number(status)), frame));
  const [wanted, got] = [detailsText(expect.details, inFull), detailsText(response.details, inFull)];
  if (wanted !== got && !expect.anyAnswer)
    found.push(wireFinding('details', detailsText(expect.details), detailsText(response.details), frame));
  return [...found, ...messageTextFindings(expect, valuesOf(response.trailers, 'grpc-message'), frame)];
}

/** "Percent-Byte-Unencoded → 1*( %x20-%x24 / %x26-%x7E )" */
const percentEncoded = /^(?:[\x20-\x24\x26-\x7e]|%[0-9A-Fa-f]{2})*$/;

function messageTextFindings(
  expect: Expectation,
  values: readonly string[],
  frame: number,
): readonly WireFinding[] {
  const [value = ''] = values;
  if (values.length > 1) return [wireFinding('grpc-message', 'at most one', valuesGot(values), frame)];
  if (!percentEncoded.test(value))
    return [wireFinding('grpc-message', 'percent-encoded', quote(value), frame)];
  const message = percentDecoded(value);
  if (expect.code === Code.OK || expect.message === undefined || message === expect.message) return [];
  return [wireFinding('message', quote(expect.message), quote(message), frame)];
}

function messageFindings(expect: Expectation, stream: WireStream): readonly WireFinding[] {
  const { messages, restBytes, endFrame } = stream.response;
  const count = messageCount(stream.response);
  const wanted = expect.anyAnswer ? wantedOfAny(expect, stream) : countOf(expect.responses);
  const found: WireFinding[] = [];
  const isRight = count === wanted || (expect.match !== undefined && isCount(expect.match, count));
  if (!isRight)
    found.push(wireFinding('response messages', String(wanted), String(count), messages[wanted]?.frame));
  if (restBytes > 0)
    found.push(wireFinding('bytes that are no whole message', '0', String(restBytes), endFrame));
  const bad = messages.find(({ problem }) => problem !== undefined);
  if (bad?.problem !== undefined)
    return [...found, wireFinding('response message', 'one that can be read', bad.problem, bad.frame)];
  return isRight && !expect.anyAnswer
    ? [...found, ...flagFindings(expect, stream), ...contentFindings(expect, stream)]
    : found;
}

/** "A Compressed-Flag value of 1 indicates that the binary octet sequence of Message is compressed" */
function flagFindings({ responseFlag }: Expectation, { response }: WireStream): readonly WireFinding[] {
  if (responseFlag === undefined) return [];
  const other = response.messages.find(({ flag }) => flag !== responseFlag);
  if (!other) return [];
  return [
    wireFinding('compressed flag of the response', String(responseFlag), String(other.flag), other.frame),
  ];
}

/** Of what may be anything: one where OK has one, and otherwise as many as there are. */
function wantedOfAny({ anyAnswer }: Expectation, { response }: WireStream): number {
  const isOk = valuesOf(response.trailers, 'grpc-status')[0] === '0';
  return anyAnswer === 'one-response' && isOk ? 1 : messageCount(response);
}

/** What the messages say. */
function contentFindings(
  { responses, match }: Expectation,
  { response }: WireStream,
): readonly WireFinding[] {
  const crossed = messagesThatCrossed(response);
  const difference = areUnread(response) ? undefined : differenceFrom(responses, crossed, match);
  if (difference === undefined) return [];
  const frame = differingMessageFrame(response, responses, matched(responses, crossed, match));
  return [{ ...wireFinding('response', messagesText(responses), messagesText(crossed), frame), difference }];
}

function metadataAsSent(expect: Expectation, { response }: WireStream): readonly WireFinding[] {
  const { headers, trailers } = metadataThatCrossed(response);
  const { headersFrame, trailersFrame } = response;
  return [
    ...metadataFindings('wire', 'header', expect.headers, headers).map((finding) => ({
      ...finding,
      frame: headersFrame,
    })),
    ...metadataFindings('wire', 'trailer', expect.trailers, trailers).map((finding) => ({
      ...finding,
      frame: trailersFrame,
    })),
  ];
}

function lastFrame({ frames }: WireStream): number {
  return frames.at(-1)?.number ?? 0;
}
