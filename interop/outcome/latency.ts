import type { LatencyCount } from '../model/event.ts';

/**
 * Steps of 4%, so that no latency is told more than 2% wrong, whatever its size,
 * and counts of different cells can be added up ("DDSketch: a fast and
 * fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019).
 */
export const resolution = 1.04;
const step = Math.log(resolution);

/** Latencies in ms, as counts, the shortest first. What is not above 0 counts as a microsecond. */
export function countLatencies(latenciesMs: readonly number[]): readonly LatencyCount[] {
  return addLatencies([latenciesMs.map((ms) => [stepOf(ms), 1])]);
}

function stepOf(ms: number): number {
  const nearest = Math.exp(Math.round(Math.log(Math.max(ms, 0.001)) / step) * step);
  return Number(nearest.toPrecision(4));
}

/** All counts as one, the shortest first. */
export function addLatencies(lists: Iterable<readonly LatencyCount[]>): readonly LatencyCount[] {
  const sum = new Map<number, number>();
  for (const list of lists) addLatenciesTo(sum, list);
  return [...sum].toSorted(([a], [b]) => a - b);
}

/** Adds counts to a sum of calls by ms, in no order. */
export function addLatenciesTo(sum: Map<number, number>, counts: readonly LatencyCount[]): void {
  for (const [ms, calls] of counts) sum.set(ms, (sum.get(ms) ?? 0) + calls);
}

export function callsOf(counts: readonly LatencyCount[]): number {
  return counts.reduce((sum, [, calls]) => sum + calls, 0);
}

/** The latency in ms that a share `q` (0 to 1) of the calls did not exceed; undefined when there are none. */
export function quantile(counts: readonly LatencyCount[], q: number): number | undefined {
  const wanted = Math.max(1, Math.ceil(q * callsOf(counts)));
  let passed = 0;
  for (const [ms, calls] of counts) {
    passed += calls;
    if (passed >= wanted) return ms;
  }
  return undefined;
}
