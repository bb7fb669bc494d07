/** One call as a table: what was wanted, and what each witness along its path says of it. */

import { type Metadatum, sentBy } from '../model/call.ts';
import type { CallEvidence, Witness } from '../model/evidence.ts';
import type { Mismatch } from '../model/outcome.ts';
import type { Expectation } from '../model/scenario.ts';
import { codesText } from '../model/status.ts';
import { matched } from '../witness/match.ts';
import { ruleText } from '../witness/rule.ts';
import { detailsText, messagesText, quote, rangeText, valuesText } from '../witness/say.ts';
import { fieldRows } from './field-rows.ts';
import { keysOf, messagesOf, statementsOf } from './statements.ts';

/** What was wanted and said of one call. */
export interface WitnessTable {
  /** A heading for each witness, in the order in which a request passes them. */
  readonly heads: readonly string[];
  readonly rows: readonly WitnessRow[];
}

/** One thing that was compared. */
export interface WitnessRow {
  /** As mismatches name it. */
  readonly what: string;
  readonly wanted: string;
  /** A cell for each witness; its text is empty where the witness cannot know it. */
  readonly said: readonly Said[];
  /** Of messages: the fields that are not as wanted. */
  readonly fields?: readonly WitnessRow[];
}

export interface Said {
  readonly text: string;
  /** It is not what was wanted. */
  readonly isWrong: boolean;
}

/** Rows that say something; those with a difference as the judge put them, and differences that no row has behind them. */
export function witnessTable(evidence: CallEvidence, mismatches: readonly Mismatch[]): WitnessTable {
  const { path, index } = evidence;
  const statements = path.map((witness) => statementsOf(witness, evidence.expect));
  const own = mismatches.filter(({ call }) => call === index);
  const wanted = wantedOf(evidence);
  const plain = wanted.map(([what, text]) => {
    const said = statements.map((each) => ({ text: each[what] ?? '', isWrong: false }));
    return withMismatches(
      { what, wanted: text, said },
      own.filter((mismatch) => mismatch.what === what),
      path,
    );
  });
  const named = new Set(wanted.map(([what]) => what));
  // One thing may be compared with several others.
  const others = Map.groupBy(
    own.filter(({ what }) => !named.has(what)),
    ({ what, wanted }) => `${what} ${wanted}`,
  );
  const nothing = path.map(() => ({ text: '', isWrong: false }));
  const more = [...others.values()].map((group) =>
    withMismatches({ what: group[0]?.what ?? '', wanted: '', said: nothing }, group, path),
  );
  const rows = [...plain, ...more].filter((row) => row.wanted || row.said.some(({ text }) => text));
  return {
    heads: path.map((witness) => headOf(witness, path)),
    rows: rows.map((row) => withFields(row, evidence)),
  };
}

/** Of messages that are not as wanted, the fields in which they are not. */
function withFields(row: WitnessRow, { path, call, expect }: CallEvidence): WitnessRow {
  const { what, said } = row;
  if ((what !== 'request' && what !== 'response') || expect.anyAnswer) return row;
  if (!said.some(({ isWrong }) => isWrong)) return row;
  const wanted = what === 'request' ? (expect.requests ?? sentBy(call.steps)) : expect.responses;
  const came = path.map((witness) => {
    const messages = messagesOf(witness, what);
    // What may be otherwise is no difference.
    return messages && what === 'response' ? matched(wanted, messages, expect.match) : messages;
  });
  const fields = fieldRows(wanted, came).map(
    (field): WitnessRow => ({
      what: field.place,
      wanted: field.wanted,
      said: field.said.map((text = '', index) => ({
        text,
        isWrong: text !== '' && text !== field.wanted && said[index]?.isWrong === true,
      })),
    }),
  );
  return { ...row, fields };
}

function headOf(witness: Witness, path: readonly Witness[]): string {
  if (witness.at !== 'wire') return `${witness.at} says`;
  const wires = path.filter(({ at }) => at === 'wire');
  return wires.length === 1 ? 'on the wire' : `on wire ${wires.indexOf(witness) + 1}`;
}

/** The row as the judge puts it, where it found something. */
function withMismatches(row: WitnessRow, own: readonly Mismatch[], path: readonly Witness[]): WitnessRow {
  if (own.length === 0) return row;
  const said = [...row.said];
  function put(at: Witness['at'], text: string): void {
    const index = path.findIndex((witness) => witness.at === at);
    if (index >= 0) said[index] = { text, isWrong: true };
  }
  for (const { witness, wanted, got } of own) {
    if (witness !== 'both') put(witness, got);
    else {
      put('server', wanted);
      put('client', got);
    }
  }
  const isBetweenThem = own.some(({ witness }) => witness === 'both');
  return { ...row, said, wanted: isBetweenThem ? 'the same of both' : (own[0]?.wanted ?? row.wanted) };
}

/** What there may be a row of, in order. */
function wantedOf({ call, expect }: CallEvidence): readonly (readonly [what: string, wanted: string])[] {
  const { requests = sentBy(call.steps), message, details, elapsedMs, timeRemainingMs, clientName } = expect;
  return [
    ['request', messagesText(requests)],
    ['times served', { never: '0', either: '0 or 1', answered: '1', cancelled: '1' }[expect.served]],
    ['status', statusWanted(expect)],
    ['message', message === undefined ? '' : quote(message)],
    ['details', details ? detailsText(details) : ''],
    ['response', responsesWanted(expect)],
    ...wantedMetadata('request metadata', expect.metadata),
    ...wantedMetadata('header', expect.headers),
    ...wantedMetadata('trailer', expect.trailers),
    ['time to the status', elapsedMs ? rangeText(elapsedMs) : ''],
    ['time to the deadline', timeRemainingMs ? rangeText(timeRemainingMs) : ''],
    ['name of the client', clientName === undefined ? '' : quote(clientName)],
  ];
}

/** With what may be otherwise. */
function responsesWanted({ responses, match, anyAnswer }: Expectation): string {
  if (anyAnswer) return anyAnswer === 'one-response' ? 'whatever it is; of OK one' : 'whatever it is';
  const open = match?.values.map(({ place, rule }) => `${place}: ${ruleText(rule)}`) ?? [];
  const count = match?.count ? [`how many: ${ruleText({ range: match.count })}`] : [];
  const also = [...(match?.isPartial ? ['other fields as well'] : []), ...count, ...open].join(', ');
  return also === '' ? messagesText(responses) : `${messagesText(responses)} (${also})`;
}

function statusWanted({ code, orCodes = [], clientCodes }: Expectation): string {
  const codes = codesText([code, ...orCodes]);
  return clientCodes ? `${codes}; of the client ${codesText(clientCodes)}` : codes;
}

function wantedMetadata(
  what: string,
  entries: readonly Metadatum[] = [],
): readonly (readonly [string, string])[] {
  return keysOf(entries).map((key) => [`${what} ${key}`, valuesText(key, entries)]);
}
