import { UsageError } from '../errors.ts';
import { type Cell, pairingId } from '../model/cell.ts';
import type { Plan } from './plan.ts';

/** One of so many parts of a run, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** `2/8` → a shard; undefined when it is none. */
export function shardIn(word: string): Shard | undefined {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(word)?.map(Number) ?? [];
  return index && of && index <= of ? { index, of } : undefined;
}

/**
 * The plan with the pairings of one shard. The same plan and the same weights give the same parts on every
 * machine. Throws a UsageError when there are more shards than pairings, and none is left for this one.
 */
export function partOf(plan: Plan, shard: Shard, weightOf: (cell: Cell) => number): Plan {
  const mine = new Set(balanced(plan.cells, shard.of, weightOf)[shard.index - 1]);
  const cells = plan.cells.filter((cell) => mine.has(pairingId(cell)));
  const { index, of } = shard;
  if (cells.length === 0)
    throw new UsageError(
      `--shard ${index}/${of}: nothing is left for it: there are ${new Set(plan.cells.map(pairingId)).size} pairings, and a pairing is played by one shard`,
    );
  const others = `shard ${index} of ${of}: ${plan.cells.length - cells.length} of ${plan.cells.length} cells are in the others`;
  return {
    ...plan,
    cells,
    leftOut: [plan.leftOut, others].filter(Boolean).join('; '),
    shard: { ...shard, cells: plan.cells, leftOut: plan.leftOut },
  };
}

/** Pairings, shard by shard: the longest one first, each to the shard that has the least to do so far (Graham's LPT rule: at most 4/3 of the best). */
function balanced(
  cells: readonly Cell[],
  of: number,
  weightOf: (cell: Cell) => number,
): readonly (readonly string[])[] {
  const pairings = [...Map.groupBy(cells, pairingId)].map(([name, group]) => ({
    name,
    weight: group.reduce((sum, cell) => sum + (cell.unsupported ? 0 : weightOf(cell)), 0),
  }));
  const shards = Array.from({ length: of }, () => ({ names: [] as string[], weight: 0 }));
  for (const { name, weight } of pairings.toSorted((a, b) => b.weight - a.weight)) {
    const lightest = shards.reduce((least, each) => (isLighter(each, least) ? each : least));
    lightest.names.push(name);
    lightest.weight += weight;
  }
  return shards.map(({ names }) => names);
}

interface Load {
  readonly names: readonly string[];
  readonly weight: number;
}

/** Of two that have as much to do, the one with fewer pairings: some cost nothing. */
function isLighter(a: Load, b: Load): boolean {
  return a.weight === b.weight ? a.names.length < b.names.length : a.weight < b.weight;
}
