import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { aCell, aKnownFailure, messageOf, without } from '../fixtures/values.ts';
import { rootFolder } from '../folders.ts';
import { readLedger } from './ledger.ts';

const good = aKnownFailure();

function read(...entries: readonly unknown[]) {
  return readLedger('ledger.json', JSON.stringify(entries));
}

describe('the ledger', () => {
  it('may be empty', () => {
    const ledger = read();
    expect(ledger.entries).toEqual([]);
    expect(ledger.find(aCell('a/b/pick/stitch'))).toBeUndefined();
    expect(ledger.problems([], '2026-01-01')).toEqual([]);
  });

  it('finds the first entry that lists a cell', () => {
    const ledger = read(
      { ...good, pattern: 'server:b scenario:pick' },
      { ...good, pattern: 'server:b', sometimes: true },
    );
    expect(ledger.find(aCell('a/b/pick/stitch'))).toBe(0);
    expect(ledger.find(aCell('a/b/unknown/empty'))).toBe(1);
    expect(ledger.find(aCell('b/a/unknown/empty'))).toBeUndefined();
    expect(ledger.find(aCell('a/b/unknown/empty'))).toBe(1);
    expect(ledger.entries[1]?.sometimes).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['no object', 'server:b', 'ledger.json: entry 1: wanted an object'],
    ['null', null, 'ledger.json: entry 1: wanted an object'],
    ['a list', [], 'ledger.json: entry 1: wanted an object'],
    ['an unknown key', { ...good, expiry: '' }, 'ledger.json: entry 1: unknown key "expiry"'],
    ['no pattern', without(good, 'pattern'), 'ledger.json: entry 1: pattern is missing'],
    ['no reason', without(good, 'reason'), 'ledger.json: entry 1: reason is missing'],
    ['no issue', without(good, 'issue'), 'ledger.json: entry 1: issue is missing'],
    ['no owner', without(good, 'owner'), 'ledger.json: entry 1: owner is missing'],
    ['no expiry', without(good, 'expires'), 'ledger.json: entry 1: expires is missing'],
    ['an empty reason', { ...good, reason: '' }, 'ledger.json: entry 1: reason is missing'],
    ['a reason of blanks', { ...good, reason: '  ' }, 'ledger.json: entry 1: reason is missing'],
    ['an owner that is no text', { ...good, owner: 7 }, 'ledger.json: entry 1: owner is missing'],
    [
      'sometimes, said to be false',
      { ...good, sometimes: false },
      'ledger.json: entry 1: sometimes: wanted true or nothing',
    ],
    [
      'an issue without a link',
      { ...good, issue: 'see the wiki' },
      'ledger.json: entry 1: issue: wanted a https link, got see the wiki',
    ],
    [
      'a date in other words',
      { ...good, expires: '31 December' },
      'ledger.json: entry 1: expires: wanted a date like 2027-06-30, got 31 December',
    ],
    [
      'a day that no calendar has',
      { ...good, expires: '2027-02-30' },
      'ledger.json: entry 1: expires: wanted a date like 2027-06-30, got 2027-02-30',
    ],
    [
      'a month that no calendar has',
      { ...good, expires: '2027-13-01' },
      'ledger.json: entry 1: expires: wanted a date like 2027-06-30, got 2027-13-01',
    ],
    [
      'a pattern with an unknown key',
      { ...good, pattern: 'peer:b' },
      'ledger.json: entry 1: pattern: query word "peer:b": wanted client:, server:, scenario:, contract: or is:, got peer:',
    ],
    [
      'a pattern of standings',
      { ...good, pattern: '!is:ok' },
      'ledger.json: entry 1: pattern: is: has no meaning before a run',
    ],
    [
      'a pattern that is cut off',
      { ...good, pattern: 'client:a server:' },
      'ledger.json: entry 1: pattern: query word "server:": nothing to look for',
    ],
  ])('names file, entry and key of %s', (_, bad, message) => {
    expect(messageOf(() => read(good, bad))).toBe(message);
    expect(() => read(good, bad)).toThrow(UsageError);
  });

  it.each([
    ['{}', 'ledger.json: wanted an array of known failures'],
    ['null', 'ledger.json: wanted an array of known failures'],
    ['[{"pattern":', 'ledger.json: Unexpected end of JSON input'],
  ])('is no ledger: %s', (content, message) => {
    expect(messageOf(() => readLedger('ledger.json', content))).toBe(message);
    expect(() => readLedger('ledger.json', content)).toThrow(UsageError);
  });

  it.each([
    ['the day before', '2027-06-29', []],
    [
      'the day itself',
      '2027-06-30',
      ['ledger entry 0 (server:b) expired on 2027-06-30: mend it or renew it with a reason'],
    ],
    [
      'long after',
      '2030-01-01',
      ['ledger entry 0 (server:b) expired on 2027-06-30: mend it or renew it with a reason'],
    ],
  ])('expires: %s', (_, today, problems) => {
    const ledger = read({ ...good, expires: '2027-06-30' });
    expect(ledger.problems([aCell('a/b/pick/stitch'), aCell('b/a/pick/stitch')], today)).toEqual(problems);
  });

  it('names an entry that matches no cell', () => {
    const ledger = read({ ...good, pattern: 'server:b client:z' }, good);
    expect(ledger.problems([aCell('a/b/pick/stitch')], '2026-01-01')).toEqual([
      'ledger entry 0 (server:b client:z) matches no cell that can run: delete it',
    ]);
  });

  it('names an entry that matches only cells that are unsupported', () => {
    const cell = { ...aCell('a/b/pick/stitch'), unsupported: { by: 'server', feature: 'drain' } } as const;
    expect(read({ ...good, pattern: 'server:b' }).problems([cell], '2026-01-01')).toEqual([
      'ledger entry 0 (server:b) matches no cell that can run: delete it',
    ]);
  });

  it('of the project can be read', async () => {
    const file = path.join(rootFolder, 'ledger.json');
    const { entries } = readLedger(file, await readFile(file, 'utf8'));
    expect(entries.every((entry) => entry.reason.length > 20)).toBe(true);
  });
});
