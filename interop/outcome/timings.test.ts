import { describe, expect, it } from 'vitest';
import { aCell, anEnd, aResult, aStart } from '../fixtures/values.ts';
import type { LatencyCount, RunEvent } from '../model/event.ts';
import type { Role } from '../model/peer.ts';
import { addLatencies, callsOf } from './latency.ts';
import { latenciesOf, startTimings } from './timings.ts';

const implementation = { language: 'L', languageVersion: '1', library: 'l', libraryVersion: '2' };

function finished(id: string, latencies?: readonly LatencyCount[], round = 1): RunEvent {
  return {
    type: 'cell-finished',
    result: { ...aResult(id, undefined, round), ...(latencies && { latencies }) },
  };
}

function started(peer: string, role: Role, startupMs: number): RunEvent {
  return { type: 'peer-started', peer, role, implementation, startupMs };
}

function timingsOf(...events: readonly RunEvent[]) {
  const { timings, add } = startTimings();
  for (const event of events) add(event);
  return timings;
}

describe('latencies', () => {
  it('of a pairing are those of all its cells and rounds, the shortest first', () => {
    const timings = timingsOf(
      finished('a/b/pick/one', [[2, 3]]),
      finished('a/b/pick/two', [
        [1, 1],
        [2, 2],
      ]),
      finished('b/a/pick/one', [[7, 1]]),
      finished('a/b/pick/one', [[0.5, 1]], 2),
    );
    expect([...timings.latencies.keys()]).toEqual(['a/b', 'b/a']);
    expect(latenciesOf(timings, 'a/b')).toEqual([
      [0.5, 1],
      [1, 1],
      [2, 5],
    ]);
    expect(latenciesOf(timings, 'b/a')).toEqual([[7, 1]]);
  });

  it('are none where no cell brought any', () => {
    const timings = timingsOf(finished('a/b/pick/one'));
    expect(timings.latencies.size).toBe(0);
    expect(latenciesOf(timings, 'a/b')).toEqual([]);
  });

  it('are added up as latency.ts does, and each of many cells is counted once', () => {
    const lists = Array.from({ length: 10_000 }, (_, index): readonly LatencyCount[] => [
      [1 + (index % 200), 1],
      [300 + (index % 7), 2],
    ]);
    const events = lists.map((list, index) => finished(`a/b/pick/${index}`, list));
    const counts = latenciesOf(timingsOf(...events), 'a/b');
    expect(callsOf(counts)).toBe(30_000);
    expect(counts).toEqual(addLatencies(lists));
  });
});

describe('start-ups', () => {
  it('are every start of a peer in a role, the first ones and those that replaced others', () => {
    const { startUps } = timingsOf(
      started('a', 'server', 30),
      started('a', 'client', 20),
      started('b', 'client', 10),
      started('a', 'server', 40),
    );
    expect([...startUps]).toEqual([
      ['a/server', [30, 40].map((startupMs) => ({ peer: 'a', role: 'server', implementation, startupMs }))],
      ['a/client', [{ peer: 'a', role: 'client', implementation, startupMs: 20 }]],
      ['b/client', [{ peer: 'b', role: 'client', implementation, startupMs: 10 }]],
    ]);
  });
});

describe('builds', () => {
  it('are those that came to an end', () => {
    const { builds } = timingsOf(
      { type: 'peer-built', peer: 'a', buildMs: 4100, cached: false },
      { type: 'peer-built', peer: 'b', buildMs: 2, cached: true },
      { type: 'peer-built', peer: 'c', buildMs: 9, cached: false, problem: 'it does not compile' },
    );
    expect([...builds.values()]).toEqual([
      { peer: 'a', buildMs: 4100, cached: false },
      { peer: 'b', buildMs: 2, cached: true },
    ]);
  });
});

it('what has no times is passed over', () => {
  const timings = timingsOf(
    aStart([aCell('a/b/pick/one')]),
    { type: 'peer-building', peer: 'a' },
    { type: 'cell-started', client: 'a', server: 'b', scenario: 'pick/one', round: 1 },
    { type: 'peer-stopped', peer: 'a', role: 'client' },
    anEnd(),
  );
  expect(timings).toEqual(timingsOf());
});

describe('the time of cells', () => {
  it('is that of both sides, with what waits on purpose apart; what is unsupported takes none', () => {
    const start = aStart([aCell('a/b/pick/one'), aCell('a/b/deadline/passes')]);
    const isWaiting = (name: string) => name === 'deadline/passes' && ({ waits: true } as const);
    if (start.type !== 'run-started') throw new Error('is no start');
    const scenarios = start.scenarios.map((each) => ({ ...each, ...isWaiting(each.name) }));
    const result = (id: string, durationMs: number): RunEvent => ({
      type: 'cell-finished',
      result: { ...aResult(id), durationMs, evidence: { calls: [], omitted: 3 } },
    });
    const timings = timingsOf(
      { ...start, scenarios },
      result('a/b/pick/one', 10),
      result('a/b/deadline/passes', 30),
      result('a/a/pick/one', 5),
      {
        type: 'cell-finished',
        result: aResult('a/b/pick/one', { kind: 'unsupported', by: 'client', feature: 'gzip-request' }),
      },
    );
    expect(Object.fromEntries(timings.cells)).toEqual({
      'a/client': { cells: 3, calls: 9, ms: 45, waitingMs: 30 },
      'b/server': { cells: 2, calls: 6, ms: 40, waitingMs: 30 },
      'a/server': { cells: 1, calls: 3, ms: 5, waitingMs: 0 },
    });
  });
});
