import { type Cell, cellId, pairingId } from '../model/cell.ts';
import { type Matrix, type Standing, standings } from '../outcome/matrix.ts';
import { looks } from './standing.ts';

/** How many cells of one place of the matrix stand how. */
export interface Place {
  readonly planned: number;
  readonly counts: ReadonlyMap<Standing, number>;
}

/** The places of the matrix, by `client/server`, in the order of the plan; cells that `where` leaves out do not count. */
export function countPlaces(
  matrix: Matrix,
  where: (cell: Cell, standing: Standing) => boolean = () => true,
  nameOf: (cell: Cell) => string = pairingId,
): ReadonlyMap<string, Place> {
  const places = new Map<string, { planned: number; counts: Map<Standing, number> }>();
  for (const cell of matrix.started?.cells ?? []) {
    const standing = matrix.standings.get(cellId(cell)) ?? 'missing';
    if (!where(cell, standing)) continue;
    const name = nameOf(cell);
    const place = places.get(name) ?? { planned: 0, counts: new Map() };
    place.planned += 1;
    place.counts.set(standing, (place.counts.get(standing) ?? 0) + 1);
    places.set(name, place);
  }
  return places;
}

/** `69 ✓`: the standings that a place has, in the order in which they are told. */
export function standingsOf({ counts }: Place): readonly (readonly [Standing, number])[] {
  return standings.flatMap((standing) => {
    const count = counts.get(standing);
    return count === undefined ? [] : [[standing, count] as const];
  });
}

/** `7 passed, 1 failed`. */
export function countsText(place: Place): string {
  return standingsOf(place)
    .map(([standing, count]) => `${count} ${looks[standing].word}`)
    .join(', ');
}

/** What a person must see first. */
const bySeverity: readonly Standing[] = [
  'unexpected',
  'broken',
  'flaky',
  'missing',
  'known',
  'unsupported',
  'ok',
];

/** The worst standing of a place. */
export function worstOf({ counts }: Place): Standing {
  return bySeverity.find((standing) => counts.has(standing)) ?? 'missing';
}

/** For sorting: what must be seen first comes first. */
export function severityOf(standing: Standing): number {
  return bySeverity.indexOf(standing);
}
