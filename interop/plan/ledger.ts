import { UsageError } from '../errors.ts';
import type { Cell } from '../model/cell.ts';
import type { KnownFailure } from '../model/event.ts';
import { type Place, parseQuery, type Query } from './query.ts';

/** The failures that are known, ready to be looked up. */
export interface Ledger {
  readonly entries: readonly KnownFailure[];
  /** Index of the first entry that lists this cell. */
  find(cell: Place): number | undefined;
  /** Entries that have expired on `today` or match none of `all` cells, as sentences. */
  problems(all: readonly (Cell & Place)[], today: string): readonly string[];
}

const keys = ['pattern', 'reason', 'issue', 'owner', 'expires'] as const;

/**
 * Checks the ledger's text: a JSON array of KnownFailure. Throws a UsageError
 * that names `file`, the entry (from 0) and the key.
 */
export function readLedger(file: string, content: string): Ledger {
  const entries = parse(file, content).map((entry, index) => checkEntry(file, index, entry));
  const queries = entries.map((entry, index) => queryOf(file, index, entry));
  let last:
    | { readonly client: string; readonly server: string; readonly near: readonly number[] }
    | undefined;
  /** Entries that are about its pairing; cells are asked for pairing by pairing. */
  function nearOf({ client, server }: Place): readonly number[] {
    if (last?.client !== client || last.server !== server) {
      const near = queries.flatMap((query, index) => (query.concerns({ client, server }) ? [index] : []));
      last = { client, server, near };
    }
    return last.near;
  }

  return {
    entries,
    find(cell) {
      return nearOf(cell).find((index) => queries[index]?.matches(cell));
    },
    problems: (all, today) =>
      entries.flatMap((entry, index) => {
        const name = `ledger entry ${index} (${entry.pattern})`;
        const query = queries[index];
        if (entry.expires <= today)
          return [`${name} expired on ${entry.expires}: mend it or renew it with a reason`];
        if (!all.some((cell) => !cell.unsupported && query?.matches(cell)))
          return [`${name} matches no cell that can run: delete it`];
        return [];
      }),
  };
}

/** All of them, one behind the other. */
export function joined(ledgers: readonly Ledger[]): Ledger {
  const [only] = ledgers;
  if (only && ledgers.length === 1) return only;
  return readLedger('ledger.json', JSON.stringify(ledgers.flatMap(({ entries }) => entries)));
}

function parse(file: string, content: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(content);
    if (Array.isArray(value)) return value;
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  throw new UsageError(`${file}: wanted an array of known failures`);
}

function checkEntry(file: string, index: number, entry: unknown): KnownFailure {
  const at = `${file}: entry ${index}`;
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new UsageError(`${at}: wanted an object`);
  for (const key of Object.keys(entry)) {
    if (key !== 'sometimes' && key !== 'onWire' && !(keys as readonly string[]).includes(key))
      throw new UsageError(`${at}: unknown key ${JSON.stringify(key)}`);
  }
  const known = entry as KnownFailure;
  if (known.sometimes !== undefined && known.sometimes !== true) {
    throw new UsageError(`${at}: sometimes: wanted true or nothing`);
  }
  if (known.onWire !== undefined && known.onWire !== true)
    throw new UsageError(`${at}: onWire: wanted true or nothing`);
  for (const key of keys) {
    if (typeof known[key] !== 'string' || known[key].trim() === '')
      throw new UsageError(`${at}: ${key} is missing`);
  }
  if (!/^https:\/\//.test(known.issue))
    throw new UsageError(`${at}: issue: wanted a https link, got ${known.issue}`);
  if (!isDate(known.expires)) {
    throw new UsageError(`${at}: expires: wanted a date like 2027-06-30, got ${known.expires}`);
  }
  return known;
}

/** A day of the calendar: `2027-02-30` would never come, and its entry never expire. */
function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function queryOf(file: string, index: number, entry: KnownFailure): Query {
  try {
    const query = parseQuery(entry.pattern.split(/\s+/));
    if (query.asksStanding) throw new UsageError('is: has no meaning before a run');
    return query;
  } catch (error) {
    throw new UsageError(`${file}: entry ${index}: pattern: ${(error as Error).message}`);
  }
}
