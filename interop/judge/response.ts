/** The answer as it crossed, held against what the server was to answer. What is wrong with it is the server's. */
import type { Expectation } from '../model/scenario.ts';
import { Code, codeName } from '../model/status.ts';
import type { WireEvidence, WireMessage, WireStream } from '../model/wire.ts';
import { metadataOf, percentDecoded, replyOf, valuesOf } from './crossed.ts';
import type { Finding } from './finding.ts';
import { malformed } from './malformed.ts';
import { metadataFindings } from './records.ts';
import { isGrpc } from './request.ts';
import { inFull, quote, replyText } from './say.ts';

type Framed = Pick<Finding, 'witness' | 'what' | 'wanted' | 'got' | 'frame'>;

export function responseFindings(expect: Expectation, { streams }: WireEvidence): readonly Finding[] {
  const stream = streams.at(-1);
  if (!stream) return [];
  // How a call that is given up ends on the wire is a race, and no matter of right and wrong.
  const found = expect.served === 'cancelled' ? problemFindings(stream) : allFindings(expect, stream);
  return found.map(({ frame, ...finding }) => ({
    ...finding,
    side: 'server',
    because: `the server sent ${finding.what} ${finding.got} where ${finding.wanted} was wanted`,
    frame: frame ?? lastFrame(stream),
  }));
}

function wire(what: string, wanted: string, got: string, frame?: number): Framed {
  return { witness: 'wire', what, wanted, got, frame };
}

function allFindings(expect: Expectation, stream: WireStream): readonly Framed[] {
  const problems = problemFindings(stream);
  const { response } = stream;
  if (response.headersFrame === undefined) return [...problems, missing('response headers', stream)];
  return [
    ...problems,
    ...malformed(response).map(({ frame, what, wanted, got }) => wire(what, wanted, got, frame)),
    ...headerFindings(expect, stream),
    ...endFindings(expect, stream),
    ...messageFindings(expect, stream),
    ...metadataAsSent(expect, stream),
  ];
}

/** Something of the answer did not come; a reset in its place says so. */
function missing(what: string, { resets, frames }: WireStream): Framed {
  const reset = resets.find(({ from }) => from === 'server');
  if (reset) return wire(what, 'some', `RST_STREAM ${reset.code}`, reset.frame);
  const goaway = frames.find(({ type, from }) => type === 'GOAWAY' && from === 'server');
  return goaway
    ? wire(what, 'some', `GOAWAY ${goaway.says ?? ''}`, goaway.number)
    : wire(what, 'some', 'none');
}

function problemFindings({ problems }: WireStream): readonly Framed[] {
  return problems
    .filter(({ from }) => from === 'server')
    .map(({ wanted, got, frame }) => wire('HTTP/2', wanted, got, frame));
}

/** "Response-Headers → HTTP-Status [Message-Encoding] [Message-Accept-Encoding] Content-Type *Custom-Metadata" */
function headerFindings(expect: Expectation, { response }: WireStream): readonly Framed[] {
  const found: Framed[] = [];
  function want(name: string, wanted: string, isRight: (value: string) => boolean): void {
    const values = valuesOf(response.headers, name);
    if (values.length === 1 && isRight(values[0] ?? '')) return;
    const got = values.length === 0 ? 'none' : values.map(quote).join(' and ');
    found.push(wire(name, wanted, got, response.headersFrame));
  }
  want(':status', '"200"', (value) => value === '200');
  want('content-type', '"application/grpc"', isGrpc);
  if (expect.replyEncoding)
    want('grpc-encoding', quote(expect.replyEncoding), (value) => value === expect.replyEncoding);
  const isAlone = response.trailersFrame === response.headersFrame;
  const early = valuesOf(response.headers, 'grpc-status');
  if (!isAlone && early.length > 0)
    found.push(
      wire('grpc-status in the headers', 'none', early.map(quote).join(' and '), response.headersFrame),
    );
  return found;
}

/** "Trailers → Status [Status-Message] *Custom-Metadata" */
function endFindings(expect: Expectation, stream: WireStream): readonly Framed[] {
  const { response, resets } = stream;
  if (response.trailersFrame === undefined) return [missing('trailers', stream)];
  const late = resets.find(({ from, code }) => from === 'server' && code !== 'NO_ERROR');
  const found: Framed[] = late
    ? [wire('end of the stream', 'END_STREAM', `RST_STREAM ${late.code} behind it`, late.frame)]
    : [];
  const frame = response.trailersFrame;
  const statuses = valuesOf(response.trailers, 'grpc-status');
  const [status = ''] = statuses;
  if (statuses.length !== 1 || !/^\d+$/.test(status)) {
    const got = statuses.length === 0 ? 'none' : statuses.map(quote).join(' and ');
    return [...found, wire('grpc-status', `"${expect.code}"`, got, frame)];
  }
  if (Number(status) !== expect.code)
    found.push(wire('status', codeName(expect.code), codeName(Number(status)), frame));
  return [...found, ...messageTextFindings(expect, valuesOf(response.trailers, 'grpc-message'), frame)];
}

/** "Percent-Byte-Unencoded → 1*( %x20-%x24 / %x26-%x7E )" */
const percentEncoded = /^(?:[\x20-\x24\x26-\x7e]|%[0-9A-Fa-f]{2})*$/;

function messageTextFindings(
  expect: Expectation,
  values: readonly string[],
  frame: number,
): readonly Framed[] {
  const [value = ''] = values;
  if (values.length > 1) return [wire('grpc-message', 'at most one', values.map(quote).join(' and '), frame)];
  if (!percentEncoded.test(value)) return [wire('grpc-message', 'percent-encoded', quote(value), frame)];
  const message = percentDecoded(value);
  if (expect.code === Code.OK || expect.message === undefined || message === expect.message) return [];
  return [wire('message', quote(expect.message), quote(message), frame)];
}

function messageFindings(expect: Expectation, stream: WireStream): readonly Framed[] {
  const { messages, restBytes, endFrame } = stream.response;
  const wanted = expect.reply ? 1 : 0;
  const found: Framed[] = [];
  if (messages.length !== wanted)
    found.push(wire('reply messages', String(wanted), String(messages.length), messages[wanted]?.frame));
  if (restBytes > 0) found.push(wire('bytes that are no whole message', '0', String(restBytes), endFrame));
  const [message] = messages;
  return message ? [...found, ...replyFindings(expect, message)] : found;
}

function replyFindings(expect: Expectation, message: WireMessage): readonly Framed[] {
  const { frame, problem } = message;
  const found = problem ? [wire('reply message', 'an Expirement', problem, frame)] : [];
  if (!message.fields) return found;
  const reply = replyOf(message);
  if (expect.reply && replyText(reply, inFull) !== replyText(expect.reply, inFull))
    found.push(wire('reply', replyText(expect.reply), replyText(reply), frame));
  return found;
}

function metadataAsSent(expect: Expectation, stream: WireStream): readonly Framed[] {
  const { headers, headersFrame, trailers, trailersFrame } = stream.response;
  const isAlone = headersFrame === trailersFrame;
  return [
    ...metadataFindings('wire', 'header', expect.headers, isAlone ? [] : metadataOf(headers)).map(
      (finding) => ({ ...finding, frame: headersFrame }),
    ),
    ...metadataFindings('wire', 'trailer', expect.trailers, metadataOf(trailers)).map((finding) => ({
      ...finding,
      frame: trailersFrame,
    })),
  ];
}

function lastFrame({ frames }: WireStream): number {
  return frames.at(-1)?.number ?? 0;
}
