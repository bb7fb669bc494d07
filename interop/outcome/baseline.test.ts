import { describe, expect, it } from 'vitest';
import { makeRandom, type Random } from '../fixtures/random.ts';
import { aCell, aFailure, aKnownFailure, anEnd, aResult, aStart } from '../fixtures/values.ts';
import type { LatencyCount, RunEvent } from '../model/event.ts';
import type { Mismatch, Outcome } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';
import {
  type Baseline,
  type ChangeKind,
  changeKinds,
  compare,
  isAcceptable,
  startComparison,
} from './baseline.ts';
import { type Standing, standings, tally } from './matrix.ts';

const passed: Outcome = { kind: 'passed' };
const unsupported: Outcome = { kind: 'unsupported', by: 'client', feature: 'timeout' };
const id = 'a/b/pick/one';

function aMismatch(more: Partial<Mismatch> = {}): Mismatch {
  return { call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'NOT_FOUND', ...more };
}

function failed(side: Role | 'undetermined' = 'undetermined', ...mismatches: readonly Mismatch[]): Outcome {
  return {
    kind: 'failed',
    blame: { side, because: 'so' },
    mismatches: mismatches.length ? mismatches : [aMismatch()],
  };
}

function broken(more: Partial<Extract<Outcome, { kind: 'broken' }>> = {}): Outcome {
  return { kind: 'broken', by: 'server', stage: 'ready', reason: 'b server did not start', ...more };
}

function finished(cell: string, outcome: Outcome, round = 1): RunEvent {
  return { type: 'cell-finished', result: aResult(cell, outcome, round) };
}

function baselineOf(...events: readonly RunEvent[]): Baseline {
  const { matrix, timings, add } = startComparison();
  for (const event of events) add(event);
  return { matrix, timings, name: 'baseline.jsonl', events };
}

/** A run in which the cells stand so. */
function runOf(cells: Readonly<Record<string, Standing>>, more: { leftOut?: string; stopped?: string } = {}) {
  const { stopped, ...start } = more;
  const planned = Object.entries(cells).map(([cell, standing]) =>
    aCell(cell, standing === 'known' ? { known: 0 } : {}),
  );
  const outcomes: Readonly<Record<Standing, readonly Outcome[]>> = {
    ok: [passed, passed],
    unexpected: [failed(), failed()],
    known: [failed(), failed()],
    flaky: [passed, failed()],
    broken: [broken(), broken()],
    unsupported: [unsupported, unsupported],
    missing: [],
  };
  return baselineOf(
    aStart(planned, { rounds: 2, ledger: [aKnownFailure()], ...start }),
    ...Object.entries(cells).flatMap(([cell, standing]) =>
      outcomes[standing].map((outcome, index) => finished(cell, outcome, index + 1)),
    ),
    anEnd(stopped === undefined ? {} : { stopped }),
  );
}

function kindsOf(before: Baseline, now: Baseline): Readonly<Record<string, ChangeKind>> {
  const changed = compare(before, now).cells;
  return Object.fromEntries(
    changed.map((cell) => [`${cell.client}/${cell.server}/${cell.scenario}`, cell.change]),
  );
}

describe('a cell that stood and stands', () => {
  const expected = (before: Standing, now: Standing): ChangeKind | undefined => {
    const failing: readonly Standing[] = ['unexpected', 'broken', 'flaky'];
    if (before === now) return undefined;
    if (before === 'ok' && failing.includes(now)) return 'newly-failing';
    if (failing.includes(before) && now === 'ok') return 'newly-passing';
    return now === 'missing' && before !== 'unsupported' ? 'newly-missing' : 'changed';
  };
  const pairs = standings.flatMap((before) =>
    standings.map((now): [Standing, Standing, string, boolean] => [
      before,
      now,
      expected(before, now) ?? 'as it was',
      before === 'ok' && now !== 'ok',
    ]),
  );

  it.each(pairs)('%s, %s, is %s; a regression: %s', (before, now, change, isRegression) => {
    const changes = compare(runOf({ [id]: before }), runOf({ [id]: now }));
    expect(changes.cells.map((cell) => [cell.change, cell.isRegression])).toEqual(
      change === 'as it was' ? [] : [[change, isRegression]],
    );
    expect(changes.regressions).toBe(isRegression ? 1 : 0);
    for (const { before: old, now: fresh } of changes.cells)
      expect([old?.standing, fresh?.standing]).toEqual([before, now]);
  });

  it('has both results where there are any', () => {
    const [before, now] = [runOf({ [id]: 'broken' }), runOf({ [id]: 'unexpected' })];
    expect(compare(before, now).cells[0]).toMatchObject({
      before: { result: { outcome: { kind: 'broken' } } },
      now: { result: { outcome: { kind: 'failed' } } },
    });
    expect(compare(runOf({ [id]: 'ok' }), now).cells[0]?.before).toEqual({ standing: 'ok' });
  });
});

describe('the reason of a cell that is not ok', () => {
  const of = (outcome: Outcome) => baselineOf(aStart([aCell(id)]), finished(id, outcome), anEnd());

  it.each<[string, Outcome, Outcome]>([
    ['another witness', failed(), failed('undetermined', aMismatch({ witness: 'server' }))],
    ['another thing', failed(), failed('undetermined', aMismatch({ what: 'reply' }))],
    ['another call', failed(), failed('undetermined', aMismatch({ call: 1 }))],
    ['one more', failed(), failed('undetermined', aMismatch(), aMismatch({ what: 'reply' }))],
    ['another side to blame', failed('client'), failed('server')],
    ['another stage', broken(), broken({ stage: 'call' })],
    ['another side that broke', broken(), broken({ by: 'client' })],
    ['another feature', unsupported, { ...unsupported, feature: 'cancel' } as Outcome],
  ])('is another: %s', (_, before, now) => {
    const changes = compare(of(before), of(now));
    expect(changes.cells.map((cell) => [cell.change, cell.isRegression])).toEqual([['changed', false]]);
  });

  it.each<[string, Outcome, Outcome]>([
    [
      'another value',
      failed('undetermined', aMismatch({ got: 'after 12.3 ms' })),
      failed('undetermined', aMismatch({ got: 'after 14.1 ms' })),
    ],
    [
      'another order',
      failed('client', aMismatch(), aMismatch({ what: 'reply' })),
      failed('client', aMismatch({ what: 'reply' }), aMismatch()),
    ],
    [
      'another sentence',
      broken({ reason: 'port 6001 was refused' }),
      broken({ reason: 'port 6002 was refused' }),
    ],
    [
      'another proof',
      aFailure([aMismatch()]),
      {
        ...aFailure([aMismatch()]),
        blame: { side: 'undetermined', because: 'of this', proof: { call: 0, stream: 0, frame: 3 } },
      },
    ],
  ])('is the same: %s', (_, before, now) => {
    expect(compare(of(before), of(now)).cells).toEqual([]);
  });
});

describe('cells of one run only', () => {
  const [one, two] = [{ [id]: 'ok' } as const, { [id]: 'ok', 'a/b/pick/two': 'ok' } as const];

  it('are new, and no regression, even when they fail', () => {
    const changes = compare(runOf(one), runOf({ ...one, 'a/b/pick/two': 'unexpected' }));
    expect(changes.cells).toMatchObject([
      { scenario: 'pick/two', change: 'new', isRegression: false, now: { standing: 'unexpected' } },
    ]);
    expect(changes.cells[0]).not.toHaveProperty('before');
  });

  it.each<[Standing, number]>([
    ['ok', 1],
    ['unexpected', 0],
    ['missing', 0],
  ])('are gone: one that was %s is %s regression', (standing, regressions) => {
    const changes = compare(runOf({ ...one, 'a/b/pick/two': standing }), runOf(one));
    expect(changes.cells).toMatchObject([{ scenario: 'pick/two', change: 'gone', before: { standing } }]);
    expect(changes.cells[0]).not.toHaveProperty('now');
    expect(changes.regressions).toBe(regressions);
  });

  it('are neither where a run left some out on purpose', () => {
    const leftOut = '1 of 2 cells left out by the query: one';
    const less = compare(runOf(two), runOf(one, { leftOut }));
    expect(less).toMatchObject({ cells: [], regressions: 0, notCompared: 1 });
    const more = compare(runOf(one, { leftOut }), runOf({ ...two, 'a/b/pick/two': 'broken' }));
    expect(more).toMatchObject({ cells: [], regressions: 0, notCompared: 1 });
  });
});

/** Any run of up to twelve cells. */
function anyRun(random: Random): Baseline {
  const cells: Record<string, Standing> = {};
  for (const client of ['a', 'b'])
    for (const server of ['a', 'b'])
      for (const word of ['one', 'two', 'three'])
        if (random.below(5) > 0)
          cells[`${client}/${server}/pick/${word}`] = standings[random.below(standings.length)] ?? 'ok';
  return runOf(cells, { leftOut: random.below(3) === 0 ? 'some' : '' });
}

const opposite: Partial<Record<ChangeKind, ChangeKind>> = {
  'newly-failing': 'newly-passing',
  'newly-passing': 'newly-failing',
  new: 'gone',
  gone: 'new',
};

describe.each(Array.from({ length: 50 }, (_, seed) => seed))('run %s', (seed) => {
  const random = makeRandom(seed);
  const [before, now] = [anyRun(random), anyRun(random)];

  it('is as it is itself', () => {
    expect(compare(before, before)).toMatchObject({
      cells: [],
      regressions: 0,
      notCompared: 0,
      pace: { pairings: [] },
    });
  });

  it('compares the other way round as it should', () => {
    const [there, back] = [kindsOf(before, now), kindsOf(now, before)];
    expect(Object.keys(there).toSorted()).toEqual(Object.keys(back).toSorted());
    for (const [cell, change] of Object.entries(there)) {
      const wanted = opposite[change];
      if (wanted) expect([cell, back[cell]]).toEqual([cell, wanted]);
      else expect(['changed', 'newly-missing']).toContain(back[cell]);
    }
  });

  it('adds up, in the order of the kinds', () => {
    const { cells, counts, regressions } = compare(before, now);
    const order = cells.map(({ change }) => changeKinds.indexOf(change));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    for (const kind of changeKinds)
      expect(counts[kind]).toBe(cells.filter(({ change }) => change === kind).length);
    expect(regressions).toBe(cells.filter(({ isRegression }) => isRegression).length);
  });
});

describe('acceptable', () => {
  const isSo = (before: Baseline, now: Baseline) => isAcceptable(tally(now.matrix), compare(before, now));
  const [good, bad] = [
    { [id]: 'ok', 'a/b/pick/two': 'ok' },
    { [id]: 'ok', 'a/b/pick/two': 'broken' },
  ] as const;

  it.each<[boolean, string, Baseline, Baseline]>([
    [true, 'when nothing changed', runOf(good), runOf(good)],
    [true, 'when what fails failed before', runOf(bad), runOf(bad)],
    [true, 'when what fails is new', runOf({ [id]: 'ok' }), runOf(bad)],
    [false, 'with a regression', runOf(good), runOf(bad)],
    [false, 'when it was stopped', runOf(bad), runOf(bad, { stopped: 'SIGINT' })],
    [false, 'when nothing passed', runOf({ [id]: 'broken' }), runOf({ [id]: 'broken' })],
    [false, 'without an end', runOf({ [id]: 'ok' }), baselineOf(aStart([aCell(id)]), finished(id, passed))],
    [false, 'without anything', baselineOf(), baselineOf()],
  ])('%s: %s', (wanted, _, before, now) => {
    expect(isSo(before, now)).toBe(wanted);
  });
});

describe('the baseline', () => {
  it('is told: its name, since when, and whether it was complete', () => {
    const stopped = runOf({ [id]: 'ok' }, { stopped: 'SIGINT' });
    const since = { name: 'baseline.jsonl', at: '2026-01-01T00:00:00.000Z' };
    expect(compare(stopped, stopped).since).toEqual({ ...since, complete: false });
    expect(compare(runOf({}), stopped).since).toEqual({ ...since, complete: true });
    expect(compare(baselineOf(), stopped).since).toMatchObject({ at: '', complete: false });
  });

  it('is compared with whenever it is asked for, latencies included', () => {
    const run = (ms: number): readonly RunEvent[] => {
      const latencies: readonly LatencyCount[] = [[ms, 30]];
      return [aStart([aCell(id)]), { type: 'cell-finished', result: { ...aResult(id), latencies } }, anEnd()];
    };
    const comparison = startComparison(baselineOf(...run(1)));
    expect(comparison.changes()?.counts['newly-missing']).toBe(0);
    const [start, ...others] = run(2) as [RunEvent, ...RunEvent[]];
    comparison.add(start);
    expect(comparison.changes()?.counts['newly-missing']).toBe(1);
    for (const event of others) comparison.add(event);
    expect(comparison.changes()).toMatchObject({ cells: [], pace: { pairings: [{ change: 'slower' }] } });
    expect(startComparison().changes()).toBeUndefined();
  });
});
