import type { Call, CallRecord, Expirement, Metadatum, ServedRecord } from './model/call.ts';
import type { CallEvidence, Evidence } from './model/evidence.ts';
import { type FrameAt, type Outcome, proofOf } from './model/outcome.ts';
import type { Expectation } from './model/scenario.ts';
import type { Header, WireEvidence, WireFrame, WireHalf, WireMessage, WireStream } from './model/wire.ts';

const keptCalls = 4;
const keptMismatches = 20;
const keptCharacters = 512;
const keptStreams = 4;
const keptFrames = 24;
const keptHeaders = 40;
const keptMessages = 4;

/**
 * What the log keeps of a cell: the calls that the outcome names first, four at
 * the most, and the first 512 characters of each text. Every call was judged
 * before this on all it had.
 */
export function keepEvidence(calls: readonly CallEvidence[], outcome: Outcome): Evidence {
  const named = new Set(outcome.kind === 'failed' ? outcome.mismatches.map((mismatch) => mismatch.call) : []);
  const order = calls.length <= keptCalls ? calls : calls.toSorted((a, b) => rank(a, named) - rank(b, named));
  return {
    calls: order.slice(0, keptCalls).map((call) => shorten(call, proofOf(outcome))),
    omitted: Math.max(0, calls.length - keptCalls),
  };
}

/** What the log keeps of an outcome: the first twenty mismatches, and how many there were more. */
export function keepOutcome(outcome: Outcome): Outcome {
  if (outcome.kind !== 'failed' || outcome.mismatches.length <= keptMismatches) return outcome;
  const mismatches = outcome.mismatches.slice(0, keptMismatches);
  return { ...outcome, mismatches, omitted: outcome.mismatches.length - keptMismatches };
}

function rank(call: CallEvidence, named: ReadonlySet<number>): number {
  return named.has(call.index) ? 0 : 1;
}

function shorten(evidence: CallEvidence, proof: FrameAt | undefined): CallEvidence {
  return {
    index: evidence.index,
    call: {
      ...evidence.call,
      name: cut(evidence.call.name),
      metadata: shortenAll(evidence.call.metadata),
    } satisfies Call,
    expect: shortenExpectation(evidence.expect),
    ...(evidence.client && { client: shortenRecord(evidence.client) }),
    server: evidence.server.map((served) => ({
      ...shortenAnswer(served),
      name: cut(served.name),
      metadata: shortenAll(served.metadata),
    })),
    ...(evidence.wire && {
      wire: shortenWire(evidence.wire, proof?.call === evidence.index ? proof : undefined),
    }),
  };
}

function shortenWire({ streams, troubles }: WireEvidence, proof: FrameAt | undefined): WireEvidence {
  return {
    streams: streams
      .slice(0, keptStreams)
      .map((stream, index) => shortenStream(stream, proof?.stream === index ? proof.frame : undefined)),
    troubles,
  };
}

/** The first frames, the last ones, and the one that proves the verdict. */
function shortenStream(stream: WireStream, proof: number | undefined): WireStream {
  const { frames } = stream;
  const kept = frames.filter(
    ({ number }, index) =>
      index < keptFrames / 2 || index >= frames.length - keptFrames / 2 || number === proof,
  );
  return {
    ...stream,
    frames: kept.map((frame) => shortenFrame(frame, stream)),
    omitted: stream.omitted + frames.length - kept.length,
    request: shortenHalf(stream.request),
    response: shortenHalf(stream.response),
  };
}

/** The blocks that the stream itself keeps, as headers or trailers, are not kept twice. */
function shortenFrame(frame: WireFrame, { request, response }: WireStream): WireFrame {
  const { headers, ...rest } = frame;
  if (!headers) return frame;
  const half = frame.from === 'client' ? request : response;
  const isKept = [half.headersFrame, half.trailersFrame].includes(frame.number);
  return isKept ? rest : { ...rest, headers: shortenHeaders(headers) };
}

function shortenHalf(half: WireHalf): WireHalf {
  return {
    ...half,
    headers: shortenHeaders(half.headers),
    trailers: shortenHeaders(half.trailers),
    messages: half.messages.slice(0, keptMessages).map(shortenMessage),
  };
}

function shortenHeaders(headers: readonly Header[]): readonly Header[] {
  const kept = headers.slice(0, keptHeaders).map(({ name, value }) => ({ name, value: cut(value) }));
  return headers.length > kept.length
    ? [...kept, { name: '…', value: `${headers.length - kept.length} more` }]
    : kept;
}

function shortenMessage(message: WireMessage): WireMessage {
  if (!message.fields) return message;
  const entries = Object.entries(message.fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? cut(value) : value,
  ]);
  return { ...message, fields: Object.fromEntries(entries) };
}

function shortenExpectation(expect: Expectation): Expectation {
  const { message, reply, headers, trailers, metadata } = expect;
  return {
    ...expect,
    ...(message !== undefined && { message: cut(message) }),
    ...(reply && { reply: shortenReply(reply) }),
    ...(headers && { headers: shortenAll(headers) }),
    ...(trailers && { trailers: shortenAll(trailers) }),
    ...(metadata && { metadata: shortenAll(metadata) }),
  };
}

function shortenReply(reply: Expirement): Expirement {
  return { ...reply, name: cut(reply.name), skill: cut(reply.skill) };
}

function shortenRecord(record: CallRecord): CallRecord {
  return {
    ...shortenAnswer(record),
    headers: shortenAll(record.headers),
    trailers: shortenAll(record.trailers),
  };
}

function shortenAnswer<T extends Pick<CallRecord | ServedRecord, 'message' | 'reply'>>(answer: T): T {
  const { message, reply } = answer;
  return { ...answer, message: cut(message), ...(reply && { reply: shortenReply(reply) }) };
}

/** Two dozen entries are enough to see what is going on; a scenario that sends 200 says so in its name. */
function shortenAll(entries: readonly Metadatum[]): readonly Metadatum[] {
  const kept = entries
    .slice(0, 24)
    .map((entry) =>
      'text' in entry
        ? { key: entry.key, text: cut(entry.text) }
        : { key: entry.key, binary: cut(entry.binary) },
    );
  return entries.length > kept.length
    ? [...kept, { key: '…', text: `${entries.length - kept.length} more` }]
    : kept;
}

function cut(text: string): string {
  return text.length <= keptCharacters
    ? text
    : `${text.slice(0, keptCharacters)}… (${text.length} characters)`;
}
