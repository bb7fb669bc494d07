import { expect, it } from 'vitest';
import { flakeRate } from './flake.ts';

// Reference: scipy 1.17.1, binomtest(failed, rounds).proportion_ci(method='wilson').
it.each([
  [3, 20, 0.15, 0.0524, 0.3604],
  [1, 2, 0.5, 0.0945, 0.9055],
  [1, 1000, 0.001, 0.0002, 0.0056],
  [0, 10, 0, 0, 0.2775],
  [10, 10, 1, 0.7225, 1],
])('%i of %i rounds', (failed, played, rate, low, high) => {
  const got = flakeRate({ played, passed: played - failed });
  expect([got.rate, got.low, got.high].map((share) => Number(share.toFixed(4)))).toEqual([rate, low, high]);
});
