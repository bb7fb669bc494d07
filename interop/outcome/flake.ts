/** How often a cell came to what, over its rounds. */
export interface Rounds {
  readonly played: number;
  readonly passed: number;
}

/** A share of rounds that did not pass, 0 to 1, and the interval that holds the true one 19 times out of 20. */
export interface FlakeRate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** Of the standard normal distribution, two-sided 95%. */
const z = 1.959964;

/**
 * The rate of rounds that did not pass, with Wilson's score interval, which holds
 * for few rounds too, where the plain one says ±0 ("Probable inference, the law of
 * succession, and statistical inference", E. B. Wilson, 1927).
 */
export function flakeRate({ played, passed }: Rounds): FlakeRate {
  const rate = (played - passed) / played;
  const spread =
    (z / (1 + z ** 2 / played)) * Math.sqrt((rate * (1 - rate)) / played + z ** 2 / (4 * played ** 2));
  const middle = (rate + z ** 2 / (2 * played)) / (1 + z ** 2 / played);
  return { rate, low: Math.max(0, middle - spread), high: Math.min(1, middle + spread) };
}
