import type { CallRecord, ServedRecord } from '../model/call.ts';
import { type CallEvidence, clientRecord, isUnknowing, servedRecords, wireOf } from '../model/evidence.ts';
import type { Mismatch, Outcome } from '../model/outcome.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence } from '../model/wire.ts';
import { answerText, inFull } from '../witness/say.ts';
import { reportFindings } from './client.ts';
import { crossingFindings, isUnreadable } from './crossing.ts';
import { blameOf, type CallFindings, type Finding } from './finding.ts';
import { giveUpFindings, ownDeadlineFindings } from './give-up.ts';
import { handshakeFindings } from './handshake.ts';
import { heldTo, inItsFavour, ownRecords, ownStreams, ownTimeoutMs } from './held.ts';
import { arrivalFindings, clientFindings, differ } from './records.ts';
import { requestFindings } from './request.ts';
import { responseFindings } from './response.ts';
import { servedFindings } from './server.ts';
import { contradictions, withoutWire } from './two-witnesses.ts';
import { completed, endingFindings, toldOf } from './unknowing.ts';

/**
 * Holds what the witnesses say of each call against the expectation and against
 * each other, and finds whose fault it is. Pure. `planned` and `evidence` are in the
 * same order; a call without evidence is a mismatch.
 */
export function judge(planned: readonly PlannedCall[], evidence: readonly CallEvidence[]): Outcome {
  const calls = planned
    .map((plan, call): CallFindings => {
      const each = evidence[call];
      return { call, ...findingsOf(held(plan, each), each) };
    })
    .filter(({ findings }) => findings.length > 0);
  if (calls.length === 0) return { kind: 'passed' };
  const blame = blameOf(calls);
  const isAgreed = calls.some((call) => areAgreed(call, evidence[call.call]));
  return {
    kind: 'failed',
    blame: isAgreed ? { ...blame, isAgreed } : blame,
    mismatches: calls.flatMap(mismatchesOf),
  };
}

const answers = new Set(['status', 'message', 'details', 'response', 'response message']);

/** The answer is wrong, and both sides tell the same one. */
function areAgreed({ findings }: CallFindings, evidence: CallEvidence | undefined): boolean {
  const client = evidence && clientRecord(evidence);
  const [served] = evidence ? servedRecords(evidence) : [];
  if (!client || !served || served.cancelled) return false;
  if (!findings.some(({ what }) => answers.has(what))) return false;
  return answerText(served, inFull) === answerText(client, inFull);
}

const witnesses: readonly Mismatch['witness'][] = ['client', 'server', 'wire', 'both'];

/** Witness by witness. */
function mismatchesOf({ call, findings }: CallFindings): readonly Mismatch[] {
  return findings
    .toSorted((a, b) => witnesses.indexOf(a.witness) - witnesses.indexOf(b.witness))
    .map(({ witness, what, wanted, got }) => ({ call, witness, what, wanted, got }));
}

/** A server that was told what to send is held to all of it. */
function held(planned: PlannedCall, evidence: CallEvidence | undefined): PlannedCall {
  if (!evidence) return planned;
  const { match, ...expect } = planned.expect;
  const isTold = match && !isUnknowing(evidence, 'server');
  return unseen(isTold ? { ...planned, expect } : planned, evidence);
}

/** Where nobody read along, nobody knows which deadline a client has set by itself. */
function unseen(planned: PlannedCall, evidence: CallEvidence): PlannedCall {
  const { timeRemainingMs, ...expect } = planned.expect;
  const isItsOwn = timeRemainingMs === 'none' && !wireOf(evidence) && isUnknowing(evidence, 'client');
  return isItsOwn ? { ...planned, expect } : planned;
}

/** What was found of a call, and the place of the stream that counts. */
type Found = Omit<CallFindings, 'call'>;

function findingsOf(planned: PlannedCall, evidence: CallEvidence | undefined): Found {
  const none = (findings: readonly Finding[]): Found => ({ lastStream: -1, findings });
  if (!evidence) return none([unmade('record', 'one', 'none')]);
  const [client, server, wire] = [clientRecord(evidence), servedRecords(evidence), wireOf(evidence)];
  if (!client && !isUnknowing(evidence, 'client')) return none([unmade('record', 'one', 'none')]);
  if (client?.unsupported)
    return none([unmade('call', 'made', `not made: unsupported ${client.unsupported}`)]);
  if (client?.unusable) return none([unusable(client.unusable)]);
  const ending = client ? endingFindings(planned, client) : [];
  // Of a program whose output is not read, the end is all that it tells.
  const said = client && !client.ending ? client : undefined;
  if (wire && !isUnreadable(wire)) {
    const found = onItsStreams(planned, evidence, said, wire);
    return { ...found, findings: [...found.findings, ...ending] };
  }
  // What stands in the open before a connection is encrypted can be read all the same.
  const hello = wire ? handshakeFindings(planned, wire) : [];
  if (!said) return none([...hello, ...arrivals(planned, evidence, client), ...ending]);
  const [told, full] = [toldOf(planned, said), completed(said, planned.expect, undefined, server[0])];
  const contradicted = isUnknowing(evidence, 'server')
    ? clientFindings(told.expect, full)
    : withoutWire(planned, told, full, server);
  return none([...hello, ...contradicted]);
}

/** What a server says of a call of which nobody read along, and the client tells nothing but its end, if that. */
function arrivals(
  planned: PlannedCall,
  evidence: CallEvidence,
  client: CallRecord | undefined,
): readonly Finding[] {
  if (!isUnknowing(evidence, 'server')) return arrivalFindings(planned, servedRecords(evidence));
  return client ? [] : [differ('wire', 'record', 'one', 'none')];
}

/** By the streams that are the call's own; each finding says where it is among all of them. */
function onItsStreams(
  planned: PlannedCall,
  evidence: CallEvidence,
  said: CallRecord | undefined,
  wire: WireEvidence,
): Found {
  const places = ownStreams(planned, evidence, wire.streams);
  const own = { ...wire, streams: places.flatMap((place) => wire.streams[place] ?? []) };
  const placed = ({ stream, ...finding }: Finding): Finding =>
    stream === undefined ? finding : { ...finding, stream: places[stream] ?? stream };
  const findings = alongTheWay(planned, evidence, said, own).map(placed);
  return { lastStream: places.at(-1) ?? -1, findings };
}

function unmade(what: string, wanted: string, got: string): Finding {
  const because = `the client was asked for the call, and its ${what} is: ${got}`;
  return { ...differ('client', what, wanted, got), side: 'client', because };
}

/** It went no further than the client's own runtime. */
function unusable(said: string): Finding {
  const because = `the client's protobuf runtime would not take the request: ${said}`;
  return { ...differ('client', 'request', 'one that its runtime takes', said), side: 'client', because };
}

/**
 * In the order of cause: the request leaves, arrives, is answered, the answer arrives.
 * A side that knows nothing of the harness is judged by the rest.
 */
function alongTheWay(
  asked: PlannedCall,
  evidence: CallEvidence,
  said: CallRecord | undefined,
  wire: WireEvidence,
): readonly Finding[] {
  const { call } = evidence;
  const isStranger = isUnknowing(evidence, 'client');
  const planned = heldTo(asked, evidence, wire);
  const full = said && completed(said, asked.expect, wire);
  const client = full && isStranger ? inItsFavour(full, asked.expect, wire) : full;
  const records = isUnknowing(evidence, 'server') ? undefined : recordsOf(asked, evidence, wire);
  const response = responseFindings(planned.expect, wire);
  const stream = wire.streams.at(-1);
  const ownDeadline = isStranger && stream ? ownTimeoutMs(asked, stream) : undefined;
  return [
    ...handshakeFindings(planned, wire),
    ...crossingFindings(planned, client, wire),
    ...requestFindings(asked, wire, call.metadata, isStranger),
    ...(ownDeadline === undefined ? [] : ownDeadlineFindings(planned, wire, ownDeadline)),
    // Who is refused, or refuses, ends the call by that.
    ...(planned.expect.refusedBy ? [] : giveUpFindings(planned, wire, response)),
    ...(records ? servedFindings(planned, records, wire) : []),
    ...response,
    // Which deadline it set itself excuses no word of what it got before that.
    ...(client ? reportFindings({ ...toldOf(planned, client, true), spec: asked.spec }, client, wire) : []),
    ...(client && records ? contradictions(client, planned, records) : []),
  ];
}

function recordsOf(
  planned: PlannedCall,
  evidence: CallEvidence,
  wire: WireEvidence,
): readonly ServedRecord[] {
  const records = servedRecords(evidence);
  return isUnknowing(evidence, 'client') ? ownRecords(planned, records, wire) : records;
}
