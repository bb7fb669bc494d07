/** What the two sides say of a call, held against the expectation. */
import type { Answer, CallRecord, Metadatum, ServedRecord } from '../model/call.ts';
import { sentBy } from '../model/call.ts';
import type { Match } from '../model/match.ts';
import type { Message } from '../model/message.ts';
import type { Expectation, PlannedCall, Range } from '../model/scenario.ts';
import { type Code, codesText } from '../model/status.ts';
import { differenceFrom } from '../witness/match.ts';
import {
  detailsText,
  inFull,
  isWithin,
  messagesText,
  outsideText,
  quote,
  rangeText,
  statusText,
  valuesText,
} from '../witness/say.ts';
import type { Finding } from './finding.ts';

type Witness = Finding['witness'];

export function differ(witness: Witness, what: string, wanted: string, got: string): Finding {
  return { witness, what, wanted, got };
}

/** The codes that will do, the wanted one first. */
export function codesOf({ code, orCodes = [] }: Expectation): readonly number[] {
  return [code, ...orCodes];
}

/** The requests that the server must have seen. */
export function wantedRequests({ spec, expect }: PlannedCall): readonly Message[] {
  return expect.requests ?? sentBy(spec.steps);
}

/** What came of the call, as one of the witnesses tells it. */
export function answerFindings(witness: Witness, expect: Expectation, answer: Answer): readonly Finding[] {
  const found: Finding[] = [];
  if (!codesOf(expect).includes(answer.code))
    found.push(differ(witness, 'status', codesText(codesOf(expect)), statusText(answer)));
  if (expect.anyAnswer) return found;
  if (expect.message !== undefined && answer.message !== expect.message)
    found.push(differ(witness, 'message', quote(expect.message), quote(answer.message)));
  // A server need not tell of the details that it was told to send.
  const isTold = witness !== 'server' || answer.details !== undefined;
  if (isTold && detailsText(answer.details, inFull) !== detailsText(expect.details, inFull))
    found.push(differ(witness, 'details', detailsText(expect.details), detailsText(answer.details)));
  return [
    ...found,
    ...messageFindings(witness, 'response', expect.responses, answer.responses, expect.match),
  ];
}

/** Messages that are not those that were wanted. */
export function messageFindings(
  witness: Witness,
  what: 'request' | 'response',
  wanted: readonly Message[],
  got: readonly Message[],
  match?: Match,
): readonly Finding[] {
  const difference = differenceFrom(wanted, got, match);
  if (difference === undefined) return [];
  return [{ ...differ(witness, what, messagesText(wanted), messagesText(got)), difference }];
}

export function clientFindings(expect: Expectation, client: CallRecord): readonly Finding[] {
  return [
    ...(expect.clientCodes
      ? refusalFindings(expect.clientCodes, client)
      : answerFindings('client', expect, client)),
    ...metadataFindings('client', 'header', expect.headers, client.headers),
    ...metadataFindings('client', 'trailer', expect.trailers, client.trailers),
    ...rangeFindings('client', 'time to the status', expect.elapsedMs, client.elapsedMs),
  ];
}

/** The client must not take what came for an answer. */
function refusalFindings(codes: readonly Code[], client: CallRecord): readonly Finding[] {
  if (codes.some((code) => code === client.code)) return [];
  return [differ('client', 'status', codesText(codes), statusText(client))];
}

/** How often, and with which requests, the server says that it was called. */
export function arrivalFindings(planned: PlannedCall, records: readonly ServedRecord[]): readonly Finding[] {
  const { spec, expect } = planned;
  const wanted = expect.served === 'never' ? 0 : 1;
  const isEither = expect.served === 'either' && records.length <= 1;
  const count =
    records.length === wanted || isEither
      ? []
      : [differ('server', 'times served', String(wanted), String(records.length))];
  const [served] = records;
  if (!served || expect.served === 'never') return count;
  const request: Finding[] = [];
  if (served.method !== spec.method) request.push(differ('server', 'method', spec.method, served.method));
  if (served.unusable)
    request.push(differ('server', 'messages', 'such as its runtime takes', served.unusable));
  if (expect.served !== 'either')
    request.push(...messageFindings('server', 'request', wantedRequests(planned), served.requests));
  return [
    ...count,
    ...request,
    ...metadataFindings('server', 'request metadata', expect.metadata, served.metadata),
    ...rangeFindings('server', 'time to the deadline', expect.timeRemainingMs, served.timeRemainingMs),
    ...clientNameFindings(expect, served),
  ];
}

function clientNameFindings({ clientName }: Expectation, served: ServedRecord): readonly Finding[] {
  if (clientName === undefined || clientName === served.clientName) return [];
  const got = served.clientName === undefined ? 'none' : quote(served.clientName);
  return [differ('server', 'name of the client', quote(clientName), got)];
}

/** How the server says that the call ended under it. */
export function endFindings(expect: Expectation, served: ServedRecord): readonly Finding[] {
  if (expect.served === 'either' || served.cancelled === (expect.served === 'cancelled')) return [];
  return [differ('server', 'end of the call', expect.served, served.cancelled ? 'cancelled' : 'answered')];
}

export function metadataFindings(
  witness: Witness,
  what: string,
  wanted: readonly Metadatum[] | undefined,
  got: readonly Metadatum[],
): readonly Finding[] {
  const keys = new Set(wanted?.map((entry) => entry.key));
  return [...keys].flatMap((key) => {
    if (valuesText(key, wanted ?? [], inFull) === valuesText(key, got, inFull)) return [];
    return [differ(witness, `${what} ${key}`, valuesText(key, wanted ?? []), valuesText(key, got))];
  });
}

export function rangeFindings(
  witness: Witness,
  what: string,
  wanted: Range | 'none' | undefined,
  got: number | undefined,
): readonly Finding[] {
  if (!wanted || isWithin(wanted, got)) return [];
  return [differ(witness, what, rangeText(wanted), outsideText(wanted, got))];
}
