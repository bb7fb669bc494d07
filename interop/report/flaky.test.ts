import { expect, it } from 'vitest';
import { aCell, aFailure, aResult, aStart } from '../fixtures/values.ts';
import { startFold } from '../outcome/matrix.ts';
import { flakyText } from './flaky.ts';

const cell = aCell('a/b/pick/one');

it.each<readonly [passed: number, failed: number, text: string]>([
  [17, 3, 'it passed in 17 of 20 rounds: it fails in 15% of them, 5% to 36% at 95% confidence'],
  [0, 2, 'it passed in 0 of 2 rounds: it fails in 100% of them, 34% to 100% at 95% confidence'],
  [20, 0, 'it passed in all of 20 rounds: it fails in at most 16% of them at 95% confidence'],
  [0, 0, 'it was not played'],
])('%i passed, %i failed', (passed, failed, text) => {
  const { matrix, add } = startFold();
  add(aStart([cell], { rounds: 20 }));
  for (let round = 1; round <= passed + failed; round++) {
    const outcome = round <= passed ? ({ kind: 'passed' } as const) : aFailure();
    add({ type: 'cell-finished', result: aResult('a/b/pick/one', outcome, round) });
  }
  expect(flakyText(cell, matrix)).toBe(text);
});
