import { type Cell, cellId } from './model/cell.ts';
import type { CellResult, RunEvent } from './model/event.ts';

/** The colour of a cell. Computed, never stored. */
export type Standing = 'ok' | 'unexpected' | 'known' | 'broken' | 'unsupported' | 'missing';

export const standings: readonly Standing[] = [
  'ok',
  'unexpected',
  'broken',
  'known',
  'unsupported',
  'missing',
];

type Started = Extract<RunEvent, { type: 'run-started' }>;
type Finished = Extract<RunEvent, { type: 'run-finished' }>;

/** What the events came to so far. */
export interface Matrix {
  readonly started: Started | undefined;
  readonly finished: Finished | undefined;
  /** Standing of every planned cell, by cell id. */
  readonly standings: ReadonlyMap<string, Standing>;
  /** Results that are not `ok`, in the order they came. */
  readonly notable: readonly CellResult[];
  /** What is wrong with the run as a whole, as sentences. */
  readonly problems: readonly string[];
}

/** A matrix that takes events one by one. */
export interface Fold {
  readonly matrix: Matrix;
  add(event: RunEvent): void;
}

/** The one place where events become numbers: live, replayed, for every output. */
export function startFold(): Fold {
  const cells = new Map<string, Cell>();
  const standings = new Map<string, Standing>();
  const notable: CellResult[] = [];
  const problems: string[] = [];
  const matrix = {
    started: undefined as Started | undefined,
    finished: undefined as Finished | undefined,
    standings,
    notable,
    problems,
  };

  function finishCell(result: CellResult): void {
    const id = cellId(result);
    if (matrix.finished) problems.push(`${id} was reported after the run had finished`);
    const cell = cells.get(id);
    if (!cell) problems.push(`${id} was reported but never planned`);
    else if (standings.get(id) !== 'missing') problems.push(`${id} was reported twice`);
    else {
      const isSometimes = matrix.started?.ledger[cell.known ?? -1]?.sometimes === true;
      const standing = standingOf(cell, result, isSometimes);
      standings.set(id, standing);
      if (standing !== 'ok') notable.push(result);
    }
  }

  function add(event: RunEvent): void {
    switch (event.type) {
      case 'run-started':
        if (matrix.started) {
          problems.push('a second run started in the same log');
          return;
        }
        matrix.started = event;
        problems.push(...event.problems);
        for (const cell of event.cells) {
          cells.set(cellId(cell), cell);
          standings.set(cellId(cell), 'missing');
        }
        return;
      case 'cell-finished':
        finishCell(event.result);
        return;
      case 'peer-stopped':
        if (event.problem) problems.push(event.problem);
        return;
      case 'run-finished':
        matrix.finished = event;
        return;
      case 'peer-building':
      case 'peer-built':
      case 'peer-started':
      case 'cell-started':
        return;
      default:
        event satisfies never;
    }
  }
  return { matrix, add };
}

/** A listed failure is `known` while it fails, and `unexpected` once it passes, unless it fails only sometimes. */
export function standingOf(cell: Cell, result: CellResult | undefined, isSometimes = false): Standing {
  if (!result) return 'missing';
  switch (result.outcome.kind) {
    case 'passed':
      return cell.known === undefined || isSometimes ? 'ok' : 'unexpected';
    case 'failed':
      return cell.known === undefined ? 'unexpected' : 'known';
    case 'broken':
      return 'broken';
    case 'unsupported':
      return 'unsupported';
    default:
      return result.outcome satisfies never;
  }
}

/** The numbers that every output shows. */
export interface Tally extends Readonly<Record<Standing, number>> {
  readonly planned: number;
  readonly problems: readonly string[];
  /** The last event came, and nothing had stopped the run. */
  readonly complete: boolean;
}

export function tally(matrix: Matrix, where: (id: string) => boolean = () => true): Tally {
  const counts: Record<Standing, number> = {
    ok: 0,
    unexpected: 0,
    known: 0,
    broken: 0,
    unsupported: 0,
    missing: 0,
  };
  let planned = 0;
  for (const [id, standing] of matrix.standings) {
    if (!where(id)) continue;
    planned += 1;
    counts[standing] += 1;
  }
  const complete = matrix.finished !== undefined && matrix.finished.stopped === undefined;
  return { ...counts, planned, problems: matrix.problems, complete };
}

/** Not run is never green. */
export function isHealthy(count: Tally): boolean {
  return (
    count.complete &&
    count.ok > 0 &&
    count.unexpected === 0 &&
    count.broken === 0 &&
    count.missing === 0 &&
    count.problems.length === 0
  );
}
