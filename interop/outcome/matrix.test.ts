import { describe, expect, it } from 'vitest';
import { aCell, aFailure, aKnownFailure, anEnd, aResult, aStart } from '../fixtures/values.ts';
import type { Cell } from '../model/cell.ts';
import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { isHealthy, type Standing, standingOf, standings, startFold, tally } from './matrix.ts';

const passed: Outcome = { kind: 'passed' };
const failed: Outcome = aFailure([
  { call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'NOT_FOUND' },
]);
const broken: Outcome = { kind: 'broken', by: 'server', stage: 'launch', reason: 'b server did not start' };
const unsupported: Outcome = { kind: 'unsupported', by: 'client', feature: 'timeout' };

const plain = aCell('a/b/pick/one');
const known = aCell('a/b/pick/one', { known: 0 });

function finished(id: string, outcome: Outcome = passed, round = 1): RunEvent {
  return { type: 'cell-finished', result: aResult(id, outcome, round) };
}

function fold(...events: readonly RunEvent[]) {
  const { matrix, add } = startFold();
  for (const event of events) add(event);
  return matrix;
}

/** All numbers of a tally at 0, but those. */
function numbers(more: Partial<Record<Standing, number>>) {
  return { ...Object.fromEntries(standings.map((standing) => [standing, 0])), ...more };
}

describe('the standing of a cell', () => {
  it.each<[string, Cell, Outcome | undefined, boolean, Standing]>([
    ['passed', plain, passed, false, 'ok'],
    ['failed', plain, failed, false, 'unexpected'],
    ['broken', plain, broken, false, 'broken'],
    ['unsupported', plain, unsupported, false, 'unsupported'],
    ['without a result', plain, undefined, false, 'missing'],
    ['listed, and failed', known, failed, false, 'known'],
    ['listed, and passed', known, passed, false, 'unexpected'],
    ['listed, and broken', known, broken, false, 'broken'],
    ['listed, and unsupported', known, unsupported, false, 'unsupported'],
    ['listed, without a result', known, undefined, false, 'missing'],
    ['listed as failing sometimes, and failed', known, failed, true, 'known'],
    ['listed as failing sometimes, and passed', known, passed, true, 'ok'],
    ['listed as failing sometimes, and broken', known, broken, true, 'broken'],
    ['listed as failing sometimes, without a result', known, undefined, true, 'missing'],
  ])('%s', (_, cell, outcome, isSometimes, standing) => {
    expect(standingOf(cell, outcome ? [outcome.kind] : [], isSometimes)).toBe(standing);
  });

  it.each<[string, Cell, readonly Outcome[], boolean, Standing]>([
    ['passed and failed', plain, [passed, failed], false, 'flaky'],
    ['passed and broken', plain, [passed, broken], false, 'flaky'],
    ['failed and broken', plain, [failed, broken], false, 'broken'],
    ['listed, failed and passed', known, [failed, passed], false, 'flaky'],
    ['listed, failed and broken', known, [failed, broken], false, 'broken'],
    ['listed as failing sometimes, failed and passed', known, [failed, passed], true, 'known'],
    ['listed as failing sometimes, broken and passed', known, [broken, passed], true, 'flaky'],
  ])('that in its rounds %s', (_, cell, outcomes, isSometimes, standing) => {
    const kinds = outcomes.map(({ kind }) => kind);
    expect(standingOf(cell, kinds, isSometimes)).toBe(standing);
    expect(standingOf(cell, kinds.toReversed(), isSometimes)).toBe(standing);
  });
});

describe('the fold', () => {
  const cells = [plain, aCell('a/b/pick/two', { known: 0 }), aCell('a/b/pick/three')];

  it('has every planned cell as missing until its result comes', () => {
    const matrix = fold(aStart(cells), finished('a/b/pick/three'));
    expect([...matrix.standings]).toEqual([
      ['a/b/pick/one', 'missing'],
      ['a/b/pick/two', 'missing'],
      ['a/b/pick/three', 'ok'],
    ]);
    expect(tally(matrix)).toEqual({
      ...numbers({ ok: 1, missing: 2 }),
      planned: 3,
      problems: [],
      complete: false,
    });
  });

  it('keeps the results that are not ok, in the order they came', () => {
    const matrix = fold(
      aStart(cells),
      finished('a/b/pick/three', broken),
      finished('a/b/pick/one'),
      finished('a/b/pick/two', failed),
    );
    expect(matrix.notable).toEqual([aResult('a/b/pick/three', broken), aResult('a/b/pick/two', failed)]);
  });

  it('takes from the ledger whether a failure comes only sometimes', () => {
    const ledger = [aKnownFailure(), aKnownFailure({ sometimes: true })];
    const listed = [aCell('a/b/pick/one', { known: 0 }), aCell('a/b/pick/two', { known: 1 })];
    const matrix = fold(
      aStart(listed, { ledger }),
      finished('a/b/pick/one'),
      finished('a/b/pick/two'),
      anEnd(),
    );
    expect([...matrix.standings.values()]).toEqual(['unexpected', 'ok']);
  });

  it('takes a failure that only the wire shows for known where somebody reads along, and for no surprise where nobody does', () => {
    const ledger = [aKnownFailure({ onWire: true })];
    const listed = [aCell('a/b/pick/one', { known: 0 })];
    const standing = (isTapped: boolean, outcome: Outcome, untapped?: string) => {
      const implementation = { language: '', languageVersion: '', library: '', libraryVersion: '' };
      const started = {
        type: 'peer-started',
        peer: 'a',
        role: 'client',
        implementation,
        startupMs: 1,
      } as const;
      const matrix = fold(
        aStart(listed, { ledger, isTapped }),
        { ...started, ...(untapped && { untapped }) },
        finished('a/b/pick/one', outcome),
      );
      return matrix.standings.get('a/b/pick/one');
    };
    expect(standing(true, failed)).toBe('known');
    expect(standing(true, passed)).toBe('unexpected');
    expect(standing(false, passed)).toBe('ok');
    expect(standing(true, passed, 'a firewall')).toBe('ok');
    expect(standing(false, failed)).toBe('known');
  });

  it('counts a cell that was reported twice once, and says so', () => {
    const matrix = fold(aStart([plain]), finished('a/b/pick/one'), finished('a/b/pick/one', failed));
    expect(tally(matrix)).toMatchObject({
      ...numbers({ ok: 1 }),
      problems: ['a/b/pick/one was reported twice'],
    });
    expect(matrix.notable).toEqual([]);
  });

  it('has a cell as missing until its last round, and counts the rounds', () => {
    const start = aStart([plain, aCell('a/b/pick/two')], { rounds: 3 });
    const events = [
      finished('a/b/pick/one', passed, 1),
      finished('a/b/pick/two', passed, 1),
      finished('a/b/pick/one', failed, 3),
      finished('a/b/pick/two', passed, 2),
      finished('a/b/pick/one', broken, 2),
    ];
    const before = fold(start, ...events.slice(0, -1));
    expect([...before.standings.values()]).toEqual(['missing', 'missing']);
    expect(before.notable).toEqual([]);
    const matrix = fold(start, ...events, anEnd());
    expect([...matrix.standings.values()]).toEqual(['flaky', 'missing']);
    expect([...matrix.rounds]).toEqual([
      ['a/b/pick/one', { played: 3, passed: 1 }],
      ['a/b/pick/two', { played: 2, passed: 2 }],
    ]);
    expect(matrix.notable).toEqual([aResult('a/b/pick/one', broken, 2)]);
    expect(isHealthy(tally(matrix))).toBe(false);
  });

  it('takes a round once, and no round that was not planned', () => {
    const start = aStart([plain], { rounds: 2 });
    const first = finished('a/b/pick/one', passed, 1);
    const matrix = fold(start, first, first, finished('a/b/pick/one', passed, 3));
    expect(matrix.problems).toEqual([
      'a/b/pick/one, round 1, was reported twice',
      'a/b/pick/one, round 3, was reported but never planned',
    ]);
    expect(matrix.standings.get('a/b/pick/one')).toBe('missing');
  });

  it('says so when a result came after the end, and when a second run began', () => {
    const after = fold(aStart([plain]), anEnd(), finished('a/b/pick/one'));
    expect(tally(after).problems).toEqual(['a/b/pick/one was reported after the run had finished']);
    const twice = fold(aStart([plain]), finished('a/b/pick/one'), aStart([plain]), anEnd());
    expect(tally(twice)).toMatchObject({
      ok: 1,
      planned: 1,
      problems: ['a second run started in the same log'],
    });
  });

  it.each([
    ['was never planned', aStart([plain])],
    ['came before the plan', { type: 'peer-building', peer: 'a' } as const],
  ])('counts no cell that %s, and says so', (_, first) => {
    const matrix = fold(first, finished('b/a/pick/one'));
    expect(tally(matrix)).toMatchObject({
      ok: 0,
      problems: ['b/a/pick/one was reported but never planned'],
    });
  });

  it("holds the plan's problems and those of peers that stopped badly", () => {
    const matrix = fold(
      aStart([plain], { problems: ['ledger entry 0 (x) matches no cell that can run: delete it'] }),
      { type: 'peer-stopped', peer: 'a', role: 'client' },
      { type: 'peer-stopped', peer: 'b', role: 'server', problem: 'b server did not stop: killed' },
    );
    expect(matrix.problems).toEqual([
      'ledger entry 0 (x) matches no cell that can run: delete it',
      'b server did not stop: killed',
    ]);
  });

  it('passes over what only tells of progress', () => {
    const matrix = fold(
      { type: 'peer-building', peer: 'a' },
      { type: 'peer-built', peer: 'a', buildMs: 1, cached: false, problem: 'it does not compile' },
      { type: 'cell-started', client: 'a', server: 'b', scenario: 'pick/one', round: 1 },
      {
        type: 'peer-started',
        peer: 'a',
        role: 'client',
        implementation: { language: '', languageVersion: '', library: '', libraryVersion: '' },
        startupMs: 1,
      },
    );
    expect(matrix).toEqual(fold());
  });

  it('counts a part of the cells when asked', () => {
    const matrix = fold(aStart(cells), finished('a/b/pick/one'), anEnd());
    expect(tally(matrix, (id) => id !== 'a/b/pick/two')).toMatchObject({
      ...numbers({ ok: 1, missing: 1 }),
      planned: 2,
    });
  });
});

describe('healthy', () => {
  const two = [plain, aCell('a/b/pick/two')];
  const listed = [plain, aCell('a/b/pick/two', { known: 0 })];
  const [one, all] = [finished('a/b/pick/one'), [finished('a/b/pick/one'), finished('a/b/pick/two')]];

  it.each<[boolean, string, readonly RunEvent[]]>([
    [true, 'when all passed', [aStart(two), ...all, anEnd()]],
    [
      true,
      'with a known failure',
      [aStart(listed, { ledger: [aKnownFailure()] }), one, finished('a/b/pick/two', failed), anEnd()],
    ],
    [
      true,
      'when a failure that comes sometimes did not come',
      [aStart(listed, { ledger: [aKnownFailure({ sometimes: true })] }), ...all, anEnd()],
    ],
    [true, 'with what is unsupported', [aStart(two), one, finished('a/b/pick/two', unsupported), anEnd()]],
    [false, 'before anything', []],
    [false, 'without a plan', [anEnd()]],
    [false, 'with an empty plan', [aStart([]), anEnd()]],
    [false, 'without an end', [aStart(two), ...all]],
    [false, 'when it was stopped', [aStart(two), ...all, anEnd({ stopped: 'SIGINT' })]],
    [false, 'when a cell is missing', [aStart(two), one, anEnd()]],
    [false, 'when a cell failed', [aStart(two), one, finished('a/b/pick/two', failed), anEnd()]],
    [
      false,
      'when a cell is flaky',
      [aStart([plain], { rounds: 2 }), one, finished('a/b/pick/one', failed, 2), anEnd()],
    ],
    [false, 'when a round is missing', [aStart([plain], { rounds: 2 }), one, anEnd()]],
    [
      true,
      'when all rounds passed',
      [aStart([plain], { rounds: 2 }), one, finished('a/b/pick/one', passed, 2), anEnd()],
    ],
    [false, 'when a cell broke', [aStart(two), one, finished('a/b/pick/two', broken), anEnd()]],
    [false, 'when a listed failure passes', [aStart(listed, { ledger: [aKnownFailure()] }), ...all, anEnd()]],
    [
      false,
      'when all that ran is known to fail',
      [
        aStart([aCell('a/b/pick/two', { known: 0 })], { ledger: [aKnownFailure()] }),
        finished('a/b/pick/two', failed),
        anEnd(),
      ],
    ],
    [false, 'when nothing is supported', [aStart([plain]), finished('a/b/pick/one', unsupported), anEnd()]],
    [
      false,
      'with a problem of the ledger',
      [
        aStart(two, { problems: ['ledger entry 0 (x) matches no cell that can run: delete it'] }),
        ...all,
        anEnd(),
      ],
    ],
    [
      false,
      'when a peer stopped badly',
      [aStart(two), ...all, { type: 'peer-stopped', peer: 'b', role: 'server', problem: 'killed' }, anEnd()],
    ],
    [false, 'when a cell was reported twice', [aStart(two), ...all, one, anEnd()]],
    [false, 'when a cell was never planned', [aStart(two), ...all, finished('b/a/pick/one'), anEnd()]],
  ])('%s: %s', (isSo, _, events) => {
    expect(isHealthy(tally(fold(...events)))).toBe(isSo);
  });
});
