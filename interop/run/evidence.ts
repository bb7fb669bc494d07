import type { Answer, Call, CallRecord, ClientStep, ServedRecord } from '../model/call.ts';
import type { CallEvidence, Evidence, Witness } from '../model/evidence.ts';
import { type FrameAt, type Outcome, proofOf } from '../model/outcome.ts';
import type { Expectation } from '../model/scenario.ts';
import type { Header, WireEvidence, WireFrame, WireHalf, WireStream } from '../model/wire.ts';
import { cut, cutJson, cutMessage, cutMessages, cutMetadata } from './excerpt.ts';

const keptCalls = 4;
const keptMismatches = 20;
const keptSteps = 24;
const keptStreams = 4;
const keptFrames = 24;
const keptHeaders = 40;
const keptMessages = 4;

/**
 * What the log keeps of a cell: the calls that the outcome names first, four at
 * the most, and the beginning of each text and message. Every call was judged
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
  const own = proof?.call === evidence.index ? proof : undefined;
  return {
    index: evidence.index,
    call: shortenCall(evidence.call),
    expect: shortenExpectation(evidence.expect),
    path: evidence.path.map((witness) => shortenWitness(witness, own)),
  };
}

function shortenCall(call: Call): Call {
  const { metadata, steps } = call;
  const kept = steps.slice(0, keptSteps).map(shortenStep);
  const rest = steps
    .slice(keptSteps)
    .reduce((sum, step) => sum + ('send' in step ? (step.times ?? 1) : 0), 0);
  return {
    ...call,
    metadata: cutMetadata(metadata),
    steps: rest > 0 ? [...kept, { send: { json: '…', bytes: '' }, times: rest }] : kept,
  };
}

function shortenStep(step: ClientStep): ClientStep {
  if (!('send' in step)) return step;
  const { json, bytes } = step.send;
  return { ...step, send: { json: cutJson(json), bytes: cut(bytes) } };
}

function shortenWitness(witness: Witness, proof: FrameAt | undefined): Witness {
  switch (witness.at) {
    case 'client':
      return { ...witness, ...(witness.record && { record: shortenRecord(witness.record) }) };
    case 'wire':
      return { ...witness, crossed: shortenWire(witness.crossed, proof) };
    case 'server':
      return { ...witness, records: witness.records.map(shortenServed) };
    default:
      return witness satisfies never;
  }
}

function shortenWire({ streams, ...rest }: WireEvidence, proof: FrameAt | undefined): WireEvidence {
  return {
    ...rest,
    streams: streams
      .slice(0, keptStreams)
      .map((stream, index) => shortenStream(stream, proof?.stream === index ? proof.frame : undefined)),
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
    request: shortenHalf(stream.request, proof),
    response: shortenHalf(stream.response, proof),
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

/** The first messages, and what the frame carried that proves the verdict. */
function shortenHalf(half: WireHalf, proof: number | undefined): WireHalf {
  const kept = half.messages.filter(({ frame }, index) => index < keptMessages || frame === proof);
  const omitted = (half.omitted ?? 0) + half.messages.length - kept.length;
  return {
    ...half,
    headers: shortenHeaders(half.headers),
    trailers: shortenHeaders(half.trailers),
    ...(half.details && { details: half.details.map(cutJson) }),
    messages: kept.map(cutMessage),
    ...(omitted > 0 && { omitted }),
  };
}

function shortenHeaders(headers: readonly Header[]): readonly Header[] {
  const kept = headers.slice(0, keptHeaders).map(({ name, value }) => ({ name, value: cut(value) }));
  return headers.length > kept.length
    ? [...kept, { name: '…', value: `${headers.length - kept.length} more` }]
    : kept;
}

function shortenExpectation(expect: Expectation): Expectation {
  const { message, details, requests, responses, headers, trailers, metadata } = expect;
  return {
    ...expect,
    ...(message !== undefined && { message: cut(message) }),
    ...(details && { details: details.map(cutJson) }),
    ...(requests && { requests: cutMessages(requests) }),
    responses: cutMessages(responses),
    ...(headers && { headers: cutMetadata(headers) }),
    ...(trailers && { trailers: cutMetadata(trailers) }),
    ...(metadata && { metadata: cutMetadata(metadata) }),
  };
}

function shortenRecord(record: CallRecord): CallRecord {
  return {
    ...shortenAnswer(record),
    headers: cutMetadata(record.headers),
    trailers: cutMetadata(record.trailers),
  };
}

function shortenServed(record: ServedRecord): ServedRecord {
  return {
    ...shortenAnswer(record),
    requests: cutMessages(record.requests),
    metadata: cutMetadata(record.metadata),
  };
}

function shortenAnswer<T extends Answer & Pick<CallRecord, 'unusable'>>(answer: T): T {
  const { message, details, responses, unusable } = answer;
  return {
    ...answer,
    message: cut(message),
    ...(details && { details: details.map(cutJson) }),
    responses: cutMessages(responses),
    ...(unusable !== undefined && { unusable: cut(unusable) }),
  };
}
