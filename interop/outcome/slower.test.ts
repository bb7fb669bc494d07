import { describe, expect, it } from 'vitest';
import { makeRandom, type Random } from '../fixtures/random.ts';
import { aResult } from '../fixtures/values.ts';
import { countLatencies } from './latency.ts';
import { comparePace, medianOf } from './slower.ts';
import { startTimings, type Timings } from './timings.ts';

const peers = ['a', 'b', 'c'];
const pairings = peers.flatMap((client) => peers.map((server) => `${client}/${server}`));
const calls = 60;

/** Of the standard normal distribution (G. Box and M. Muller, "A note on the generation of random normal deviates", 1958). */
function normal(random: Random): number {
  const [u, v] = [random.below(2 ** 30), random.below(2 ** 30)].map((each) => (each + 1) / 2 ** 30);
  return Math.sqrt(-2 * Math.log(u ?? 1)) * Math.cos(2 * Math.PI * (v ?? 1));
}

/** The latencies in ms of each pairing; what is lognormal around `medianMs` is what calls take. */
function timingsOf(latencies: (pairing: string) => readonly number[], names = pairings): Timings {
  const { timings, add } = startTimings();
  for (const pairing of names) {
    const result = { ...aResult(`${pairing}/pick/one`), latencies: countLatencies(latencies(pairing)) };
    add({ type: 'cell-finished', result });
  }
  return timings;
}

function drawn(random: Random, medianMs: (pairing: string) => number, n = calls, names = pairings): Timings {
  const draw = (pairing: string) => medianMs(pairing) * Math.exp(0.4 * normal(random));
  return timingsOf((pairing) => Array.from({ length: n }, () => draw(pairing)), names);
}

/** Without any noise. */
function exact(medianMs: (pairing: string) => number, n = calls, names = pairings): Timings {
  return timingsOf((pairing) => Array.from({ length: n }, () => medianMs(pairing)), names);
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const isSlow = (pairing: string) => pairing === 'b/c';

describe('pairings that are as they were', () => {
  it('are none of those that changed: the same counts', () => {
    const timings = drawn(makeRandom(1), () => 1);
    expect(comparePace(timings, timings)).toEqual({
      compared: 9,
      sharedShift: 1,
      isShifted: false,
      pairings: [],
    });
  });

  it('are none of those that changed, in nearly all of 200 draws of the same', () => {
    const wrong = seeds.filter((seed) => {
      const random = makeRandom(seed);
      const [before, now] = [drawn(random, () => 1), drawn(random, () => 1)];
      return comparePace(before, now).pairings.length > 0;
    });
    expect(wrong.length).toBeLessThanOrEqual(2);
  });

  it('are none of those that changed in most draws, although each pairing drifts by its own from run to run', () => {
    const wrong = seeds.filter((seed) => {
      const random = makeRandom(seed);
      const drift = new Map(pairings.map((pairing) => [pairing, Math.exp(0.25 * normal(random))]));
      const [before, now] = [drawn(random, () => 1), drawn(random, (pairing) => drift.get(pairing) ?? 1)];
      return comparePace(before, now).pairings.length > 0;
    });
    // All 200 without a look at the spread between pairings.
    expect(wrong.length).toBeLessThan(70);
  });
});

describe('a pairing that takes 1.5 times as long', () => {
  it('is found, and no other, in nearly all of 200 draws', () => {
    const found = seeds.filter((seed) => {
      const random = makeRandom(seed);
      const before = drawn(random, () => 1, 200);
      const now = drawn(random, (pairing) => (isSlow(pairing) ? 1.5 : 1), 200);
      const changed = comparePace(before, now).pairings;
      return (
        changed.length === 1 &&
        changed[0]?.change === 'slower' &&
        isSlow(`${changed[0].client}/${changed[0].server}`)
      );
    });
    expect(found.length).toBeGreaterThan(190);
  });

  it('is told with its medians, how many calls, and the shift that is taken out', () => {
    const pace = comparePace(
      exact(() => 1),
      exact((pairing) => (isSlow(pairing) ? 3 : 2), 40),
    );
    expect(pace.isShifted).toBe(true);
    expect(pace.sharedShift).toBeCloseTo(2, 1);
    const [slow, ...more] = pace.pairings;
    expect(more).toEqual([]);
    expect(slow).toMatchObject({
      client: 'b',
      server: 'c',
      change: 'slower',
      before: { calls: 60 },
      now: { calls: 40 },
    });
    expect(slow?.before.ms).toBeCloseTo(1, 1);
    expect(slow?.now.ms).toBeCloseTo(3, 1);
    expect(slow?.ratio).toBeGreaterThan(1.4);
    expect(slow?.ratio).toBeLessThan(1.6);
  });

  it('is faster the other way round', () => {
    const [one, other] = [exact(() => 1), exact((pairing) => (isSlow(pairing) ? 1.5 : 1))];
    const [there, back] = [comparePace(one, other).pairings, comparePace(other, one).pairings];
    expect([there[0]?.change, back[0]?.change, back.length]).toEqual(['slower', 'faster', 1]);
    expect((there[0]?.ratio ?? 0) * (back[0]?.ratio ?? 0)).toBeCloseTo(1, 5);
  });

  it('comes behind one that takes twice as long', () => {
    const times = new Map([
      ['a/b', 1.5],
      ['c/a', 2],
    ]);
    const pace = comparePace(
      exact(() => 1),
      exact((pairing) => times.get(pairing) ?? 1),
    );
    expect(pace.pairings.map(({ client, server }) => `${client}/${server}`)).toEqual(['c/a', 'a/b']);
  });

  it.each([
    ['fewer than 20 calls before', 19, 60, 8],
    ['fewer than 20 calls now', 60, 19, 8],
    ['20 calls on both sides', 20, 20, 9],
  ])('with %s', (_, before, now, compared) => {
    const times = (n: number, slow: number) =>
      timingsOf((pairing) =>
        Array.from({ length: isSlow(pairing) ? n : calls }, () => (isSlow(pairing) ? slow : 1)),
      );
    const pace = comparePace(times(before, 1), times(now, 1.5));
    expect([pace.compared, pace.pairings.length]).toEqual([compared, compared - 8]);
  });
});

describe('a whole machine', () => {
  it('that takes 1.5 times as long is no finding, and is told as the shift that all share', () => {
    const wrong = seeds.filter((seed) => {
      const random = makeRandom(seed);
      const pace = comparePace(
        drawn(random, () => 1, 200),
        drawn(random, () => 1.5, 200),
      );
      return !pace.isShifted || Math.abs((pace.sharedShift ?? 0) - 1.5) > 0.15 || pace.pairings.length > 0;
    });
    expect(wrong.length).toBeLessThanOrEqual(4);
  });

  it.each([
    ['half', 1, 'slower'],
    ['twice', 4, 'faster'],
  ])('that takes %s as long makes the pairing that kept its pace stand out', (_, ms, change) => {
    const pace = comparePace(
      exact(() => 2),
      exact((pairing) => (isSlow(pairing) ? 2 : ms)),
    );
    expect(pace.pairings.map((each) => [each.client, each.server, each.change])).toEqual([
      ['b', 'c', change],
    ]);
  });

  it('that half of the pairings share with nobody is told, and no pairing', () => {
    const four = pairings.slice(0, 4);
    const half = comparePace(
      exact(() => 1, calls, four),
      exact((pairing) => (four.indexOf(pairing) < 2 ? 1 : 2), calls, four),
    );
    expect(half.pairings).toEqual([]);
    expect(half.sharedShift).toBeCloseTo(Math.SQRT2, 1);
  });

  it('whose shift cannot be told from three pairings', () => {
    const three = pairings.slice(0, 3);
    const pace = comparePace(
      exact(() => 1, calls, three),
      exact(() => 1.5, calls, three),
    );
    expect(pace).toMatchObject({ compared: 3, isShifted: false });
    expect(pace).not.toHaveProperty('sharedShift');
    expect(pace.pairings).toHaveLength(3);
  });
});

describe('what is no change', () => {
  it.each([
    [1.1, 0],
    [1.22, 1],
  ])('%s times as long: %s', (times, found) => {
    const pace = comparePace(
      exact(() => 1),
      exact((pairing) => (isSlow(pairing) ? times : 1)),
    );
    expect(pace.pairings).toHaveLength(found);
  });

  it('medians whose intervals meet', () => {
    const spread = (factor: number) => Array.from({ length: 20 }, (_, index) => factor * (1 + index / 5));
    const now = timingsOf((pairing) => spread(isSlow(pairing) ? 1.3 : 1));
    expect(
      comparePace(
        timingsOf(() => spread(1)),
        now,
      ).pairings,
    ).toEqual([]);
  });

  it('pairings of one run only', () => {
    const [one, other] = [exact(() => 1, calls, ['a/a']), exact(() => 9, calls, ['b/b'])];
    expect(comparePace(one, other)).toEqual({ compared: 0, isShifted: false, pairings: [] });
  });
});

describe('the interval of a median', () => {
  it.each([20, 21, 25, 41, 100, 333, 1000])('of %s calls holds the true one 19 times out of 20', (n) => {
    const median = medianOf(Array.from({ length: n }, (_, index) => [index + 1, 1] as const));
    expect(median?.calls).toBe(n);
    const [low = 0, high = 0] = [median?.lowMs, median?.highMs];
    expect(low + high).toBe(n + 1);
    // The share of samples of which so many lie below the true median, one after another of the binomial distribution.
    let [share, holds] = [2 ** -n, 0];
    for (let below = 0; below < high; below += 1) {
      if (below >= low) holds += share;
      share = (share * (n - below)) / (below + 1);
    }
    expect(holds).toBeGreaterThan(0.95);
    expect(holds).toBeLessThan(0.995);
  });
});
