import { describe, expect, it } from 'vitest';
import { aFailure, anEnd, aPeer, aResult, aScenario, aStart } from '../fixtures/values.ts';
import { cellId } from '../model/cell.ts';
import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Peer } from '../model/peer.ts';
import { isHealthy, startFold, tally } from '../outcome/matrix.ts';
import { composed, type Generation, makeGeneration } from './generation.ts';
import { readLedger } from './ledger.ts';
import { makePlan, type Plan } from './plan.ts';
import { parseQuery } from './query.ts';

const lazy = aPeer('c', { server: { features: [] } });
const scenarios = [aScenario('x'), aScenario('y', { needs: { client: [], server: ['drain'] } })];
const everybody = [aPeer('a'), aPeer('b'), lazy];

function planOf(words: readonly string[] = [], peers: readonly Peer[] = everybody): Plan {
  return makePlan(peers, scenarios, parseQuery(words), readLedger('ledger.json', '[]'), '2026-01-01');
}

type Outcomes = Readonly<Record<string, Outcome>>;

interface Run {
  readonly outcomes?: Outcomes;
  /** Cells that get no result, since the run was stopped. */
  readonly without?: readonly string[];
  /** What went wrong at the end of programs: `server a`. */
  readonly problems?: Readonly<Record<string, string>>;
  readonly buildMs?: number;
}

/** The events of a run of the plan, as the engine makes them. */
function eventsOf(
  plan: Plan,
  { outcomes = {}, without = [], problems = {}, buildMs = 1 }: Run = {},
): RunEvent[] {
  const results = plan.cells
    .filter((cell) => !without.includes(cellId(cell)))
    .map((cell) => {
      const planned: Outcome = cell.unsupported
        ? { kind: 'unsupported', ...cell.unsupported }
        : { kind: 'passed' };
      return aResult(cellId(cell), outcomes[cellId(cell)] ?? planned);
    });
  const played = plan.cells.filter((cell) => !cell.unsupported);
  const programs = (['client', 'server'] as const).flatMap((role) =>
    [...new Set(played.map((cell) => cell[role]))].map((peer) => ({ role, peer })),
  );
  const implementation = {
    language: 'l',
    languageVersion: '1',
    library: 'm',
    libraryVersion: String(buildMs),
  };
  return [
    aStart(plan.cells, { at: `at ${buildMs}` }),
    ...[...new Set(programs.map(({ peer }) => peer))].flatMap((peer): RunEvent[] => [
      { type: 'peer-building', peer },
      { type: 'peer-built', peer, buildMs, cached: false },
    ]),
    ...programs.map(
      ({ role, peer }): RunEvent => ({ type: 'peer-started', peer, role, implementation, startupMs: 1 }),
    ),
    ...results.map((result): RunEvent => ({ type: 'cell-finished', result })),
    ...programs.map(({ role, peer }): RunEvent => {
      const problem = problems[`${role} ${peer}`];
      return { type: 'peer-stopped', peer, role, ...(problem && { problem }) };
    }),
    anEnd(without.length > 0 ? { stopped: 'a change of a' } : {}),
  ];
}

function whole(generation: Generation, run: Run = {}): RunEvent[] {
  return eventsOf(generation.part, run).flatMap((event) => composed(generation, event));
}

/** Generations one after another, each with its whole log. */
function play(steps: readonly (Run & { readonly changed: readonly string[]; readonly plan?: Plan })[]) {
  let log: RunEvent[] = eventsOf(planOf());
  const generations = steps.map(({ changed, plan = planOf(), ...run }, index) => {
    const generation = makeGeneration(plan, log, new Set(changed));
    log = whole(generation, { buildMs: index + 2, ...run });
    return generation;
  });
  return { log, generations };
}

function again({ part }: Generation): readonly string[] {
  return part.cells.map(cellId);
}

function fold(events: readonly RunEvent[]) {
  const { matrix, add } = startFold();
  events.forEach(add);
  return { matrix, numbers: tally(matrix) };
}

const all = planOf().cells.map(cellId);

describe('what is run again', () => {
  it.each<[string, readonly string[], (id: string) => boolean]>([
    ['nothing when nothing changed', [], () => false],
    ['the cells of a peer, on either side', ['a'], (id) => /^(a\/|.\/a\/)/.test(id)],
    ['the cells of two peers', ['a', 'b'], (id) => !id.startsWith('c/c/')],
    ['all when all changed', ['a', 'b', 'c'], () => true],
    ['nothing when a peer changed that plays nowhere', ['z'], () => false],
  ])('%s', (_, changed, isAgain) => {
    const generation = makeGeneration(planOf(), eventsOf(planOf()), new Set(changed));
    expect(again(generation)).toEqual(all.filter(isAgain));
  });

  it('all at first, whatever changed', () => {
    const first = makeGeneration(planOf(), [], new Set());
    expect([again(first), first.kept]).toEqual([all, []]);
    expect(whole(first)).toEqual(eventsOf(planOf()));
  });

  it('also what has no result, of whatever peer', () => {
    const before = eventsOf(planOf(), { without: ['b/b/x', 'b/c/x'] });
    const generation = makeGeneration(planOf(), before, new Set(['c']));
    expect(again(generation)).toEqual(all.filter((id) => /^c|^.\/c|^b\/b\/x/.test(id)));
  });

  it('also what a changed manifest has brought in, and no more what it has taken out', () => {
    const onlyServer = { ...aPeer('a') };
    delete (onlyServer as { client?: object }).client;
    const fewer = planOf([], [onlyServer, aPeer('b'), lazy]);
    const { log, generations } = play([{ changed: ['a'], plan: fewer }, { changed: ['a'] }]);
    expect(
      generations.map((generation) => again(generation).filter((id) => id.startsWith('a/')).length),
    ).toEqual([0, 6]);
    expect(fold(log).numbers).toMatchObject({ planned: all.length, missing: 0, problems: [] });
  });
});

describe('the log of a generation', () => {
  const types = (events: readonly RunEvent[]) => [...new Set(events.map((event) => event.type))];

  it('is whole: the plan, what is kept, what was run', () => {
    const { log, generations } = play([{ changed: ['a'] }]);
    const [generation] = generations;
    expect(log[0]).toEqual({ ...eventsOf(planOf(), { buildMs: 2 })[0], cells: planOf().cells });
    expect(types(generation?.kept ?? [])).toEqual(['peer-started', 'cell-finished', 'peer-stopped']);
    expect(log.slice(1, 1 + (generation?.kept.length ?? 0))).toEqual(generation?.kept);
    expect(log.at(-1)?.type).toBe('run-finished');
    expect(log.filter((event) => event.type === 'run-started' || event.type === 'run-finished')).toHaveLength(
      2,
    );
  });

  it.each<[string, readonly (readonly string[])[]]>([
    ['one change', [['a']]],
    ['no change', [[]]],
    ['many changes', [['a'], ['b'], ['a', 'c'], ['c'], ['b'], ['a', 'b', 'c'], ['c']]],
  ])('has one result of each planned cell, and is healthy when all passed: %s', (_, changes) => {
    const { log } = play(changes.map((changed) => ({ changed })));
    const finished = log.flatMap((event) => (event.type === 'cell-finished' ? [cellId(event.result)] : []));
    expect(finished.toSorted()).toEqual(all.toSorted());
    const { numbers } = fold(log);
    expect(numbers).toMatchObject({
      ok: 15,
      unsupported: 3,
      planned: 18,
      missing: 0,
      problems: [],
      complete: true,
    });
    expect(isHealthy(numbers)).toBe(true);
  });

  it('keeps a failure until its peer is changed', () => {
    const failing = { outcomes: { 'a/b/x': aFailure(), 'b/b/x': aFailure() } };
    const broken = play([{ changed: ['b'], ...failing }, { changed: ['c'] }]);
    expect(fold(broken.log).matrix.notable.map((result) => cellId(result))).toContain('b/b/x');
    expect(fold(broken.log).numbers).toMatchObject({ unexpected: 2, missing: 0 });
    const mended = play([{ changed: ['b'], ...failing }, { changed: ['c'] }, { changed: ['b'] }]);
    expect(isHealthy(fold(mended.log).numbers)).toBe(true);
  });

  it('is whole after generations that were stopped', () => {
    const stopped = { without: all.filter((id) => id.startsWith('a/')) };
    const { log } = play([
      { changed: ['a'], ...stopped },
      { changed: ['a'], ...stopped },
      { changed: ['b'] },
    ]);
    expect(fold(log).numbers).toMatchObject({ missing: 0, complete: true, problems: [] });
    const cut = play([{ changed: ['a'], ...stopped }]);
    expect(fold(cut.log).numbers).toMatchObject({ missing: 6, complete: false });
  });

  it('keeps no more than the last start and stop of a program', () => {
    const changes = Array.from({ length: 20 }, () => ({ changed: ['a'] }));
    const { generations } = play(changes);
    const counts = generations.map((generation) => generation.kept.length);
    expect(new Set(counts).size).toBe(1);
    const started = generations.at(-1)?.kept.find((event) => event.type === 'peer-started');
    expect(started).toMatchObject({ implementation: { libraryVersion: '20' } });
  });

  it('keeps a build only of a peer that is not built again', () => {
    const plan = planOf(['server:a', 'client:a,b']);
    const before = eventsOf(plan);
    const kept = (changed: readonly string[]) =>
      makeGeneration(plan, before, new Set(changed)).kept.flatMap((event) =>
        event.type === 'peer-building' || event.type === 'peer-built' ? [`${event.type} ${event.peer}`] : [],
      );
    expect(kept(['b'])).toEqual([]);
    expect(kept([])).toEqual(['peer-building a', 'peer-built a', 'peer-building b', 'peer-built b']);
    const second = planOf(['client:a', 'server:b,c', 'scenario:x']);
    const { kept: left } = makeGeneration(second, eventsOf(second), new Set(['c']));
    expect(left.filter((event) => event.type === 'peer-built')).toMatchObject([{ peer: 'b' }]);
  });

  describe('what went wrong at the end of a program', () => {
    const problems = { 'server b': 'b server had to be killed' };
    const problemsAfter = (...changes: readonly (readonly string[])[]) =>
      fold(play([{ changed: ['b'], problems }, ...changes.map((changed) => ({ changed }))]).log).numbers
        .problems;

    it.each<[string, readonly (readonly string[])[], number]>([
      ['is kept while one of its results is', [['a']], 1],
      ['is kept once, however often it is kept', [['a'], ['c'], ['a']], 1],
      ['goes when its peer is changed', [['a'], ['b']], 0],
      ['goes when none of its results is left', [['a', 'c', 'b']], 0],
    ])('%s', (_, changes, count) => {
      expect(problemsAfter(...changes)).toEqual(Array.from({ length: count }, () => problems['server b']));
    });

    it('goes with the results of that program, and not with those of the other role', () => {
      const cells = planOf().cells.filter((cell) => ['b/a/x', 'c/b/x'].includes(cellId(cell)));
      const plan = { ...planOf(), cells };
      const before = eventsOf(plan, {
        problems: { 'server b': 'of the server', 'client b': 'of the client' },
      });
      const { kept } = makeGeneration(plan, before, new Set(['c']));
      const left = kept.flatMap((event) => (event.type === 'peer-stopped' && event.problem) || []);
      expect(left).toEqual(['of the client']);
    });
  });

  it('says nothing of programs whose cells were ruled out', () => {
    const plan = planOf(['client:a', 'server:c,b', 'scenario:y']);
    const { kept } = makeGeneration(plan, eventsOf(plan), new Set(['b']));
    expect(kept.map((event) => event.type)).toEqual(['cell-finished']);
  });
});
