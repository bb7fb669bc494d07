import { type Cell, cellId } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import type { Role } from '../model/peer.ts';
import type { Matrix } from './matrix.ts';

/** What one peer does wrong in one role, over the whole matrix. It explains, and changes no colour. */
export interface BlameLine {
  readonly peer: string;
  readonly role: Role;
  /** Those that fail with the same partners. */
  readonly scenarios: readonly string[];
  readonly failedWith: readonly string[];
  /** Those with which the scenarios ran. */
  readonly ranWith: readonly string[];
  /** The ledger lists every one of these failures. */
  readonly isKnown: boolean;
}

const roles: readonly Role[] = ['client', 'server'];

/** A line for each peer, role and set of partners, those that fail with the most first. */
export function linesOfBlame(matrix: Matrix): readonly BlameLine[] {
  if (matrix.notable.length === 0) return [];
  const ran = (matrix.started?.cells ?? []).filter((cell) => hasRun(matrix, cell));
  const lines = roles.flatMap((role) => {
    const accused = matrix.notable.filter((result) => isAccused(result, role));
    const failedAt = Map.groupBy(accused, (result) => placeOf(result, role));
    const ranAt = Map.groupBy(
      ran.filter((cell) => failedAt.has(placeOf(cell, role))),
      (cell) => placeOf(cell, role),
    );
    return [...failedAt].flatMap(([place, results]) => lineOf(matrix, role, results, ranAt.get(place) ?? []));
  });
  const alike = Map.groupBy(lines, (line) => JSON.stringify({ ...line, scenarios: [] }));
  return [...alike.values()]
    .map(([first, ...more]) => ({
      ...(first as BlameLine),
      scenarios: [first as BlameLine, ...more].flatMap(({ scenarios }) => scenarios),
    }))
    .toSorted((a, b) => b.failedWith.length - a.failedWith.length);
}

/** Blamed by the verdict; or by none, and then it counts for both. */
export function isAccused({ outcome }: Pick<CellResult, 'outcome'>, role: Role): boolean {
  if (outcome.kind === 'broken') return outcome.by === role;
  return outcome.kind === 'failed' && [role, 'undetermined'].includes(outcome.blame.side);
}

/** A peer in that role, and the scenario. */
function placeOf(cell: Pick<Cell, Role | 'scenario'>, role: Role): string {
  return `${cell[role]}/${cell.scenario}`;
}

function lineOf(
  matrix: Matrix,
  role: Role,
  results: readonly CellResult[],
  ran: readonly Cell[],
): readonly BlameLine[] {
  const [first] = results;
  if (!first) return [];
  const { scenario, [role]: peer } = first;
  const other = role === 'client' ? 'server' : 'client';
  const ranWith = ran.map((cell) => cell[other]);
  const failedWith = results.map((result) => result[other]).toSorted();
  // Where nobody is blamed, only what fails with everybody says something.
  const isProven = results.some(
    ({ outcome }) => outcome.kind !== 'failed' || outcome.blame.side !== 'undetermined',
  );
  if (!isProven && (ranWith.length < 2 || failedWith.length < ranWith.length)) return [];
  const isKnown = results.every((result) => matrix.standings.get(cellId(result)) === 'known');
  return [{ peer, role, scenarios: [scenario], failedWith, ranWith: ranWith.toSorted(), isKnown }];
}

function hasRun(matrix: Matrix, cell: Cell): boolean {
  const standing = matrix.standings.get(cellId(cell));
  return standing !== undefined && standing !== 'missing' && standing !== 'unsupported';
}
