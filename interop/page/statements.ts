/** What each witness of a call says, by what it is said of. */
import type { Answer, Metadatum, ServedRecord, Untold } from '../model/call.ts';
import type { Witness } from '../model/evidence.ts';
import type { Message } from '../model/message.ts';
import type { Expectation } from '../model/scenario.ts';
import { codeName } from '../model/status.ts';
import type { WireEvidence, WireStream } from '../model/wire.ts';
import {
  answerThatCrossed,
  messagesThatCrossed,
  metadataOf,
  metadataThatCrossed,
  valuesOf,
} from '../witness/crossed.ts';
import { detailsText, messagesText, quote, valuesText } from '../witness/say.ts';

/** By what mismatches call it. */
export type Statements = Readonly<Record<string, string>>;

/** Of metadata what the scenario asks about. */
export function statementsOf(witness: Witness, expect: Expectation): Statements {
  switch (witness.at) {
    case 'client':
      return clientSays(witness, expect);
    case 'wire':
      return wireShows(witness.crossed, expect);
    case 'server':
      return serverSays(witness, expect);
    default:
      return witness satisfies never;
  }
}

/** The messages that a witness has seen; undefined: it does not say, or not all of them were kept. */
export function messagesOf(witness: Witness, what: 'request' | 'response'): readonly Message[] | undefined {
  switch (witness.at) {
    case 'client':
      return what === 'request' || witness.record?.untold?.includes('responses')
        ? undefined
        : witness.record?.responses;
    case 'wire': {
      const half = witness.crossed.streams.at(-1)?.[what];
      return half && !half.omitted ? messagesThatCrossed(half) : undefined;
    }
    case 'server':
      return witness.records[0]?.[`${what}s`];
    default:
      return witness satisfies never;
  }
}

function clientSays(
  { record, isUnknowing }: Extract<Witness, { at: 'client' }>,
  expect: Expectation,
): Statements {
  if (!record) return { status: 'it never said' };
  if (record.unsupported) return { status: `not made: unsupported ${record.unsupported}` };
  // Its output is not read.
  if (record.ending) return { status: '', 'end of the program': record.ending.how };
  const told = {
    ...answerSays(record, expect),
    request: isUnknowing ? '' : `${record.sent} sent`,
    ...metadataSays('header', expect.headers, record.headers),
    ...metadataSays('trailer', expect.trailers, record.trailers),
    'time to the status': milliseconds(record.elapsedMs),
  };
  const isTold = ([what]: readonly [string, string]) => !record.untold?.some((each) => isOf(what, each));
  return Object.fromEntries(Object.entries(told).filter(isTold));
}

/** What is said of that, or of one key of it. */
function isOf(what: string, untold: Untold): boolean {
  const [word = ''] = what.split(' ');
  return word === untold || `${word}s` === untold;
}

function serverSays(
  { records, isUnknowing }: Extract<Witness, { at: 'server' }>,
  expect: Expectation,
): Statements {
  const [served] = records;
  const count = { 'times served': isUnknowing ? '' : String(records.length) };
  if (!served) return count;
  const { timeRemainingMs, clientName } = served;
  return {
    ...count,
    ...servedAnswer(served, expect),
    request: messagesText(served.requests),
    ...metadataSays('request metadata', expect.metadata, served.metadata),
    ...(timeRemainingMs !== undefined && { 'time to the deadline': milliseconds(timeRemainingMs) }),
    ...(clientName !== undefined && { 'name of the client': quote(clientName) }),
  };
}

function servedAnswer(served: ServedRecord, expect: Expectation): Statements {
  if (!served.cancelled) return answerSays(served, expect);
  const { responses } = served;
  return { status: 'cancelled', ...(responses.length > 0 && { response: messagesText(responses) }) };
}

/** The last stream is the one that counts. */
function wireShows({ streams }: WireEvidence, expect: Expectation): Statements {
  const stream = streams.at(-1);
  if (!stream) return {};
  const { request, response } = stream;
  const crossed = answerThatCrossed(stream);
  const sent = metadataThatCrossed(response);
  const responses = messagesThatCrossed(response);
  return {
    request: messagesText(messagesThatCrossed(request)),
    ...(crossed ? answerSays(crossed, expect) : { status: otherEnd(stream) }),
    ...(!crossed && responses.length > 0 && { response: messagesText(responses) }),
    ...metadataSays('request metadata', expect.metadata, metadataOf(request.headers)),
    ...metadataSays('header', expect.headers, sent.headers),
    ...metadataSays('trailer', expect.trailers, sent.trailers),
    'time to the status': milliseconds(durationMs(stream)),
    'time to the deadline': valuesOf(request.headers, 'grpc-timeout').join(', '),
  };
}

function answerSays({ code, message, details, responses }: Answer, expect: Expectation): Statements {
  return {
    status: codeName(code),
    message: message === '' ? '' : quote(message),
    details: details || expect.details ? detailsText(details) : '',
    response: messagesText(responses),
  };
}

/** A saying for each key that the scenario asks about. */
function metadataSays(
  what: string,
  wanted: readonly Metadatum[] | undefined,
  said: readonly Metadatum[],
): Statements {
  return Object.fromEntries(keysOf(wanted).map((key) => [`${what} ${key}`, valuesText(key, said)]));
}

function otherEnd({ resets }: WireStream): string {
  const [reset] = resets;
  return reset ? `RST_STREAM ${reset.code} from the ${reset.from}` : 'no status';
}

function durationMs({ frames, stream }: WireStream): number {
  const own = frames.filter((frame) => frame.stream === stream);
  return (own.at(-1)?.atMs ?? 0) - (own[0]?.atMs ?? 0);
}

function milliseconds(ms: number): string {
  return `${Math.abs(ms) < 10 ? ms.toFixed(2) : Math.round(ms)} ms`;
}

/** Each once. */
export function keysOf(entries: readonly Metadatum[] | undefined): readonly string[] {
  return [...new Set(entries?.map(({ key }) => key))];
}
