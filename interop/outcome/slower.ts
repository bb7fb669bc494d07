import type { LatencyCount } from '../model/event.ts';
import { callsOf, quantile, resolution } from './latency.ts';
import { latenciesOf, type Timings } from './timings.ts';

/** The median of a pairing's plain calls, and the interval that holds the true one at least 19 times out of 20. */
export interface Median {
  readonly ms: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly calls: number;
}

/** A pairing whose median has moved by more than noise. */
export interface PairingChange {
  readonly client: string;
  readonly server: string;
  readonly change: 'slower' | 'faster';
  readonly before: Median;
  readonly now: Median;
  /** The median now by that before, the shared shift taken out: 1.5 takes half as long again. */
  readonly ratio: number;
}

/** How two runs compare in what plain calls take. It tells, and fails nothing. */
export interface Pace {
  /** Pairings with enough calls in both runs; of the others nothing is said. */
  readonly compared: number;
  /** The ratio that all pairings share: 1.5 when the whole machine takes half as long again. Absent: too few to tell. */
  readonly sharedShift?: number;
  /** The shared shift is more than the counts can be wrong: another machine, or another load. */
  readonly isShifted: boolean;
  /** Those that moved the most first. */
  readonly pairings: readonly PairingChange[];
}

/** Fewer calls on one side say nothing. */
const enoughCalls = 20;
/** Fewer pairings share nothing that could be told from the shift of one. */
const enoughPairings = 4;
/** A smaller change is none, whatever its proof: 10%, beyond what the counts can be wrong. */
const least = Math.log(1.1 * resolution);
/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const madScale = 1.4826;

interface Compared extends Pick<PairingChange, 'client' | 'server' | 'before' | 'now'> {
  /** Of `now` by `before`. */
  readonly logRatio: number;
}

/**
 * Pairings that became slower or faster. One has when, after the shift that all
 * pairings share (the median of the logarithms of their ratios, from 4 pairings on)
 * is taken out,
 * - the intervals of its two medians are apart: more than the noise within a run;
 * - and the change is beyond 3 standard deviations of the changes of all pairings,
 *   by their median absolute deviation ("Alternatives to the median absolute
 *   deviation", P. Rousseeuw and C. Croux, 1993): more than the noise between runs;
 * - and it is 10% at least, beyond the 4% by which the counts may be wrong.
 */
export function comparePace(before: Timings, now: Timings): Pace {
  const compared = [...now.latencies.keys()].flatMap((pairing) => comparedAt(pairing, before, now));
  const logRatios = compared.map(({ logRatio }) => logRatio);
  const isShared = compared.length >= enoughPairings;
  const shift = isShared ? middle(logRatios) : 0;
  const spread = isShared ? 3 * madScale * middle(logRatios.map((each) => Math.abs(each - shift))) : 0;
  return {
    compared: compared.length,
    ...(isShared && { sharedShift: Math.exp(shift) }),
    isShifted: Math.abs(shift) > least,
    pairings: compared
      .flatMap((each) => changeOf(each, shift, Math.max(least, spread)))
      .toSorted((a, b) => Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio))),
  };
}

function comparedAt(pairing: string, before: Timings, now: Timings): readonly Compared[] {
  const [old, fresh] = [medianOf(latenciesOf(before, pairing)), medianOf(latenciesOf(now, pairing))];
  if (!old || !fresh) return [];
  const [client = '', server = ''] = pairing.split('/');
  return [{ client, server, before: old, now: fresh, logRatio: Math.log(fresh.ms / old.ms) }];
}

function changeOf(
  { logRatio, ...pairing }: Compared,
  shift: number,
  noise: number,
): readonly PairingChange[] {
  const { before, now } = pairing;
  const [moved, shared] = [logRatio - shift, Math.exp(shift)];
  const ratio = Math.exp(moved);
  if (moved > noise && now.lowMs > before.highMs * shared) return [{ ...pairing, change: 'slower', ratio }];
  if (moved < -noise && now.highMs < before.lowMs * shared) return [{ ...pairing, change: 'faster', ratio }];
  return [];
}

/**
 * The median, and its interval from the order statistics: of n calls, that between
 * the ranks n/2 ∓ 0.98 √n, rounded away from the middle, whatever the distribution
 * (the binomial one, approximated; "Performance Evaluation of Computer and
 * Communication Systems", J.-Y. Le Boudec, 2010, section 2.2 and appendix A).
 * Undefined for too few calls.
 */
export function medianOf(counts: readonly LatencyCount[]): Median | undefined {
  const calls = callsOf(counts);
  if (calls < enoughCalls) return undefined;
  const reach = 0.98 * Math.sqrt(calls);
  // Half a rank less, so that no rounding makes it the next one.
  const atRank = (rank: number) => quantile(counts, (rank - 0.5) / calls) ?? 0;
  return {
    ms: quantile(counts, 0.5) ?? 0,
    lowMs: atRank(Math.floor(calls / 2 - reach)),
    highMs: atRank(Math.ceil(calls / 2 + 1 + reach)),
    calls,
  };
}

/** The median; of an even number, the mean of the two in the middle. */
function middle(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low = 0, high = low] = [(sorted.length - 1) >> 1, sorted.length >> 1].map((index) => sorted[index]);
  return (low + high) / 2;
}
