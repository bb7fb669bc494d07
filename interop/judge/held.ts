/**
 * What a program that knows nothing of the harness is held to: the specification, and the expectation. What it does
 * unasked and may do is no departure, and what it sets itself it is held to. Who knows the harness was told exactly.
 */
import type { CallRecord, ServedRecord } from '../model/call.ts';
import { type CallEvidence, clientRecord, isUnknowing } from '../model/evidence.ts';
import { isBeside } from '../model/method.ts';
import type { Expectation, PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireStream } from '../model/wire.ts';
import { answerThatCrossed, valuesOf } from '../witness/crossed.ts';
import { firstEnd } from './ends.ts';
import { timesBegun } from './retry.ts';
import { timeoutOf } from './timeout.ts';

/**
 * Which of the streams are the call's, by their place. Before and beside it such a client may have asked other
 * services, in the name of the same call.
 */
export function ownStreams(
  { spec }: PlannedCall,
  evidence: CallEvidence,
  streams: readonly WireStream[],
): readonly number[] {
  const all = [...streams.keys()];
  if (!isUnknowing(evidence, 'client')) return all;
  const path = (index: number) => valuesOf(streams[index]?.request.headers ?? [], ':path')[0] ?? '';
  return all.filter((index) => path(index) === spec.method || !isBeside(path(index)));
}

/** What is wanted of the call, now that it is known what each side did that nobody had asked for. */
export function heldTo(planned: PlannedCall, evidence: CallEvidence, wire: WireEvidence): PlannedCall {
  const stream = wire.streams.at(-1);
  if (!stream) return planned;
  const timed = isUnknowing(evidence, 'client')
    ? withOwnDeadline(withWhatIsLeft(planned, stream), stream)
    : planned;
  return isUnknowing(evidence, 'server') ? withOwnDetails(timed, stream, clientRecord(evidence)) : timed;
}

/**
 * A program that is run once a call may count from its start, and has connected before it asks: what is left then is
 * its deadline.
 */
function withWhatIsLeft(planned: PlannedCall, { request }: WireStream): PlannedCall {
  const { spec } = planned;
  const [value = ''] = valuesOf(request.headers, 'grpc-timeout');
  const leftMs = timeoutOf(value) ?? Infinity;
  return leftMs < (spec.timeoutMs ?? 0) ? { ...planned, spec: { ...spec, timeoutMs: leftMs } } : planned;
}

/** A deadline that the client set by itself. */
function withOwnDeadline(planned: PlannedCall, stream: WireStream): PlannedCall {
  const { spec, expect } = planned;
  const timeoutMs = ownTimeoutMs(planned, stream);
  if (timeoutMs === undefined) return planned;
  const isTold = expect.timeRemainingMs === 'none';
  return {
    ...planned,
    spec: { ...spec, timeoutMs },
    expect: isTold ? { ...expect, timeRemainingMs: { min: 0, max: timeoutMs * 1.01 } } : expect,
  };
}

/** In ms; undefined: it was told which deadline to set, or set none that can be read. */
export function ownTimeoutMs({ spec }: PlannedCall, { request }: WireStream): number | undefined {
  const [value = ''] = valuesOf(request.headers, 'grpc-timeout');
  return spec.timeoutMs === undefined ? timeoutOf(value) : undefined;
}

/**
 * Details that nobody asked about are the server's own affair, and the client's to tell; unless it is to end the call
 * itself, and may not have waited for them.
 */
function withOwnDetails(
  planned: PlannedCall,
  stream: WireStream,
  client: CallRecord | undefined,
): PlannedCall {
  const { expect } = planned;
  const details = expect.details ?? answerThatCrossed(stream)?.details;
  const isRace = expect.served === 'cancelled';
  if (!details || (isRace && !client?.details)) return planned;
  return { ...planned, expect: { ...expect, details } };
}

/**
 * A program that is run once a call takes as long as it takes to start: its call took at most as long as it says, and
 * at least as long as the wire shows. Of all that may be true, that which is nearest to what is wanted.
 */
export function inItsFavour(
  client: CallRecord,
  { elapsedMs }: Expectation,
  { streams, troubles }: WireEvidence,
): CallRecord {
  const stream = streams.at(-1);
  const begin = stream?.frames.find(({ number }) => number === stream.request.headersFrame);
  const endMs = stream && (firstEnd(stream, troubles)?.atMs ?? stream.frames.at(-1)?.atMs);
  if (!elapsedMs || !begin || endMs === undefined) return client;
  const atLeastMs = Math.max(endMs - begin.atMs, elapsedMs.max);
  return { ...client, elapsedMs: Math.min(client.elapsedMs, atLeastMs) };
}

/** The records of the call as it was last made, where it was rightly made again; those of other services are no calls. */
export function ownRecords(
  { spec }: PlannedCall,
  records: readonly ServedRecord[],
  wire: WireEvidence,
): readonly ServedRecord[] {
  const own = records.filter(({ method }) => method === spec.method || !isBeside(method));
  return own.length > 1 && own.length <= timesBegun(wire) ? own.slice(-1) : own;
}
