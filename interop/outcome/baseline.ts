import { type Cell, cellId } from '../model/cell.ts';
import type { CellResult, RunEvent } from '../model/event.ts';
import { type Matrix, type Standing, startFold, type Tally, tally } from './matrix.ts';
import { reasonOf } from './reason.ts';
import { comparePace, type Pace } from './slower.ts';
import { startTimings, type Timings } from './timings.ts';

/** What the events of a run came to. */
export interface Played {
  readonly matrix: Matrix;
  readonly timings: Timings;
}

/** An earlier run to compare with. */
export interface Baseline extends Played {
  /** What a person calls it: the name of its file. */
  readonly name: string;
  /** Its events, without evidence and logs, for an output that shows it. */
  readonly events: readonly RunEvent[];
}

/** How a cell stood in one of the runs. */
export interface CellState {
  readonly standing: Standing;
  /** The result that shows why; absent when it is `ok` or `missing`. */
  readonly result?: CellResult;
}

/**
 * - `newly-failing`: was ok, and is unexpected, broken or flaky; `newly-passing`: the other way.
 * - `newly-missing`: was run, and is not.
 * - `changed`: stands otherwise in any other way, or is not ok as before, for another reason.
 * - `new`: was not planned; `gone`: is not planned any more.
 */
export type ChangeKind = 'newly-failing' | 'newly-missing' | 'changed' | 'newly-passing' | 'new' | 'gone';

export const changeKinds: readonly ChangeKind[] = [
  'newly-failing',
  'newly-missing',
  'changed',
  'newly-passing',
  'new',
  'gone',
];

/** A cell that is not as it was in the baseline. */
export interface CellChange {
  readonly client: string;
  readonly server: string;
  readonly scenario: string;
  readonly change: ChangeKind;
  readonly isRegression: boolean;
  /** Absent when it is new. */
  readonly before?: CellState;
  /** Absent when it is gone. */
  readonly now?: CellState;
}

/** What is not as it was. */
export interface Changes {
  readonly since: {
    readonly name: string;
    /** ISO time at which that run started; empty when its plan is not known. */
    readonly at: string;
    /** It had finished, and nothing had stopped it. */
    readonly complete: boolean;
  };
  /** In the order of `changeKinds`, then of the plan. */
  readonly cells: readonly CellChange[];
  readonly counts: Readonly<Record<ChangeKind, number>>;
  readonly regressions: number;
  /** Cells of one run that the other left out on purpose: neither new nor gone. */
  readonly notCompared: number;
  readonly pace: Pace;
}

/**
 * What is not as it was in an earlier run. Reasons are compared by what stays the
 * same from run to run: the kind, the stage, the side, and which witness differs in
 * what of which call; never by times, ports or what was got.
 *
 * A regression is a cell that was `ok` and now is anything else: unexpected,
 * broken, flaky, missing, known (to list a failure does not undo it) or unsupported
 * (a peer that claims less); or that is gone, although this run left nothing out.
 * None is: a cell that was not ok before, whatever it is now; a new cell, even one
 * that fails; a pairing that became slower; what is wrong with the run as a whole
 * (`Matrix.problems`). Whether the run finished is asked by `isAcceptable`.
 */
export function compare(before: Omit<Baseline, 'events'>, now: Played): Changes {
  const [old, fresh] = [statesOf(before.matrix), statesOf(now.matrix)];
  const missed = cellsOf(before.matrix).filter((cell) => !fresh.has(cellId(cell)));
  const added = cellsOf(now.matrix).filter((cell) => !old.has(cellId(cell)));
  const isAllOfNow = now.matrix.started?.leftOut === '';
  const isAllOfBefore = before.matrix.started?.leftOut === '';
  const all = [...cellsOf(now.matrix), ...(isAllOfNow ? missed : [])].flatMap((cell) =>
    changeOf(cell, old.get(cellId(cell)), fresh.get(cellId(cell)), isAllOfBefore),
  );
  const byKind = Map.groupBy(all, ({ change }) => change);
  return {
    since: {
      name: before.name,
      at: before.matrix.started?.at ?? '',
      complete: tally(before.matrix).complete,
    },
    cells: changeKinds.flatMap((kind) => byKind.get(kind) ?? []),
    counts: countsOf(byKind),
    regressions: all.filter(({ isRegression }) => isRegression).length,
    notCompared: (isAllOfNow ? 0 : missed.length) + (isAllOfBefore ? 0 : added.length),
    pace: comparePace(before.timings, now.timings),
  };
}

/** No worse than the baseline: it finished, something passed, and nothing is a regression. Not run is never green. */
export function isAcceptable(count: Tally, { regressions }: Pick<Changes, 'regressions'>): boolean {
  return count.complete && count.ok > 0 && regressions === 0;
}

/** A fold that can be compared with a baseline at any time, when there is one. */
export interface Comparison extends Played {
  add(event: RunEvent): void;
  changes(): Changes | undefined;
}

export function startComparison(baseline?: Baseline): Comparison {
  const [fold, times] = [startFold(), startTimings()];
  const played = { matrix: fold.matrix, timings: times.timings };
  return {
    ...played,
    add(event) {
      fold.add(event);
      times.add(event);
    },
    changes: () => baseline && compare(baseline, played),
  };
}

function cellsOf({ started }: Matrix): readonly Cell[] {
  return started?.cells ?? [];
}

/** By cell id. */
function statesOf({ standings, notable }: Matrix): ReadonlyMap<string, CellState> {
  const results = new Map(notable.map((result) => [cellId(result), result]));
  return new Map(
    Array.from(standings, ([id, standing]) => {
      const result = results.get(id);
      return [id, { standing, ...(result && { result }) }];
    }),
  );
}

/** Nothing, or one change. A cell without `before` is new only where the baseline left nothing out. */
function changeOf(
  { client, server, scenario }: Cell,
  before: CellState | undefined,
  now: CellState | undefined,
  isAllOfBefore: boolean,
): readonly CellChange[] {
  const change = before || isAllOfBefore ? kindOf(before, now) : undefined;
  if (!change) return [];
  const isRegression = before?.standing === 'ok';
  return [{ client, server, scenario, change, isRegression, ...(before && { before }), ...(now && { now }) }];
}

function kindOf(before: CellState | undefined, now: CellState | undefined): ChangeKind | undefined {
  if (!before) return 'new';
  if (!now) return 'gone';
  if (before.standing === now.standing)
    return reasonOf(before.result) === reasonOf(now.result) ? undefined : 'changed';
  if (before.standing === 'ok' && isFailing(now)) return 'newly-failing';
  if (isFailing(before) && now.standing === 'ok') return 'newly-passing';
  return now.standing === 'missing' && before.standing !== 'unsupported' ? 'newly-missing' : 'changed';
}

function isFailing({ standing }: CellState): boolean {
  return standing === 'unexpected' || standing === 'broken' || standing === 'flaky';
}

function countsOf(byKind: ReadonlyMap<ChangeKind, readonly CellChange[]>): Changes['counts'] {
  const count = (kind: ChangeKind) => byKind.get(kind)?.length ?? 0;
  return {
    'newly-failing': count('newly-failing'),
    'newly-missing': count('newly-missing'),
    changed: count('changed'),
    'newly-passing': count('newly-passing'),
    new: count('new'),
    gone: count('gone'),
  };
}
