import { type Cell, cellId } from '../model/cell.ts';
import type { CellResult, RunEvent } from '../model/event.ts';
import type { Rounds } from './flake.ts';

/** The colour of a cell. Computed, never stored. */
export type Standing = 'ok' | 'unexpected' | 'known' | 'flaky' | 'broken' | 'unsupported' | 'missing';

export const standings: readonly Standing[] = [
  'ok',
  'unexpected',
  'broken',
  'flaky',
  'known',
  'unsupported',
  'missing',
];

type Started = Extract<RunEvent, { type: 'run-started' }>;
type Kind = CellResult['outcome']['kind'];
type Finished = Extract<RunEvent, { type: 'run-finished' }>;

/** What the events came to so far. */
export interface Matrix {
  readonly started: Started | undefined;
  readonly finished: Finished | undefined;
  /** Standing of every planned cell, by cell id; `missing` until its last round is played. */
  readonly standings: ReadonlyMap<string, Standing>;
  /** One result of each cell that is not `ok`: the first that shows why. In the order in which the cells ended. */
  readonly notable: readonly CellResult[];
  /** What is wrong with the run as a whole, as sentences. */
  readonly problems: readonly string[];
  /** The rounds of a cell that have been played; by cell id. */
  readonly rounds: ReadonlyMap<string, Rounds>;
  /** The name of each scenario's contract; by the scenario's name. */
  readonly contracts: ReadonlyMap<string, string>;
}

/** A matrix that takes events one by one. */
export interface Fold {
  readonly matrix: Matrix;
  add(event: RunEvent): void;
}

/** What is known of a cell while its rounds are played. */
interface Progress {
  readonly seen: Set<number>;
  passed: number;
  readonly kinds: Set<Kind>;
  /** What tells the most of why the cell is not `ok`; what passed is let go where it is not listed. */
  telling: CellResult | undefined;
}

/** The one place where events become numbers: live, replayed, for every output. Of a cell that is over little is kept: there are many, and each output has a fold. */
export function startFold(): Fold {
  /** By its id, which all have in common. */
  const plan = new Map<string, { readonly id: string; readonly cell: Cell }>();
  /** Of cells that have some rounds behind them, and some before them. */
  const progress = new Map<string, Progress>();
  const standings = new Map<string, Standing>();
  const rounds = new Map<string, Rounds>();
  const contracts = new Map<string, string>();
  const notable: CellResult[] = [];
  const problems: string[] = [];
  /** Clients with whose calls nobody reads along. */
  const untapped = new Set<string>();
  const matrix = {
    started: undefined as Started | undefined,
    finished: undefined as Finished | undefined,
    standings,
    notable,
    problems,
    rounds,
    contracts,
  };

  function finishCell(result: CellResult): void {
    const planned = matrix.started?.rounds ?? 1;
    // Put together once: a hundred thousand are long to hash.
    const id = cellId(result);
    const known = plan.get(id);
    const name = () => (planned === 1 ? id : `${id}, round ${result.round},`);
    if (matrix.finished) problems.push(`${name()} was reported after the run had finished`);
    if (!known || !(result.round >= 1 && result.round <= planned))
      problems.push(`${name()} was reported but never planned`);
    else if (isPlayed(known.id, result.round, planned)) problems.push(`${name()} was reported twice`);
    else playRound(known.id, known.cell, result, planned);
  }

  function isPlayed(id: string, round: number, planned: number): boolean {
    return rounds.get(id)?.played === planned || (progress.get(id)?.seen.has(round) ?? false);
  }

  function playRound(id: string, cell: Cell, result: CellResult, planned: number): void {
    const known = progress.get(id) ?? { seen: new Set(), passed: 0, kinds: new Set(), telling: undefined };
    take(known, cell, result);
    rounds.set(id, { played: known.seen.size, passed: known.passed });
    if (known.seen.size < planned) progress.set(id, known);
    else {
      progress.delete(id);
      settle(id, cell, known);
    }
  }

  function settle(id: string, cell: Cell, { kinds, telling }: Progress): void {
    const entry = matrix.started?.ledger[cell.known ?? -1];
    const { isTapped, transport } = matrix.started ?? {};
    // Where no end tells its keys, nobody reads what is encrypted.
    const isUnread = isTapped === false || untapped.has(cell.client) || transport === 'tls';
    const isSometimes = entry?.sometimes === true || (entry?.onWire === true && isUnread);
    const standing = standingOf(cell, [...kinds], isSometimes);
    standings.set(id, standing);
    if (standing !== 'ok' && telling) notable.push(telling);
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
        for (const { name, contract } of event.scenarios) contracts.set(name, contract);
        for (const cell of event.cells) {
          const id = cellId(cell);
          plan.set(id, { id, cell });
          standings.set(id, 'missing');
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
      case 'peer-started':
        if (event.untapped) untapped.add(event.peer);
        return;
      case 'peer-building':
      case 'peer-built':
      case 'cell-started':
        return;
      default:
        event satisfies never;
    }
  }
  return { matrix, add };
}

/** What broke says more than what failed, and both more than what passed. */
const byTelling: readonly Kind[] = ['passed', 'unsupported', 'failed', 'broken'];

function take(progress: Progress, cell: Cell, result: CellResult): void {
  const { kind } = result.outcome;
  progress.seen.add(result.round);
  progress.kinds.add(kind);
  if (kind === 'passed') progress.passed += 1;
  const isListed = cell.known !== undefined;
  const rank = (each: CellResult | undefined) => (each ? byTelling.indexOf(each.outcome.kind) : -1);
  if ((kind !== 'passed' || isListed) && rank(result) > rank(progress.telling)) progress.telling = result;
}

/**
 * How a cell stands whose rounds came to these kinds of outcome. A listed failure
 * is `known` while it fails, and `unexpected` once it passes; `isSometimes`: it
 * fails now and then. What passes in some rounds only, and is not listed as such,
 * is `flaky`, and never green.
 */
export function standingOf(cell: Cell, kinds: readonly Kind[], isSometimes = false): Standing {
  const isListed = cell.known !== undefined;
  if (kinds.length === 0) return 'missing';
  if (kinds.includes('unsupported')) return 'unsupported';
  const [passed, broken] = [kinds.includes('passed'), kinds.includes('broken')];
  if (kinds.length === 1 && passed) return isListed && !isSometimes ? 'unexpected' : 'ok';
  if (passed) return isSometimes && !broken ? 'known' : 'flaky';
  if (broken) return 'broken';
  return isListed ? 'known' : 'unexpected';
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
    flaky: 0,
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
    count.flaky === 0 &&
    count.broken === 0 &&
    count.missing === 0 &&
    count.problems.length === 0
  );
}
