import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type CheckStep, runSteps, type StepOptions } from './steps.ts';

let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** Fails so many times. */
function aStep(name: string, failures: number): CheckStep {
  let left = failures;
  return {
    name,
    async run() {
      if (left-- > 0) throw new Error(`${name} is red`);
    },
  };
}

it.each<[number, string, readonly number[], StepOptions]>([
  [0, '2 passed, 0 failed', [0, 0], {}],
  [1, '1 passed, 1 failed', [1, 0], {}],
  [0, '2 passed, 0 failed', [1, 0], { atOnce: 2, isAlsoRunAlone: () => true }],
  [1, '1 passed, 1 failed', [2, 0], { atOnce: 2, isAlsoRunAlone: () => true }],
  [1, '0 passed, 2 failed', [1, 1], { isAlsoRunAlone: () => false }],
])('exit code %i and "%s", when steps fail %o times', async (code, end, failures, options) => {
  const steps = failures.map((count, index) => aStep(`step ${index}`, count));
  expect(await runSteps(steps, options)).toBe(code);
  expect(printed.trimEnd().split('\n').at(-1)).toBe(end);
});

it('what is run again says so', async () => {
  await runSteps([aStep('one', 1)], { isAlsoRunAlone: () => true });
  expect(printed).toMatch(/✕ one\none is red\n… one, once more and alone\n✓ one, once more and alone/);
});
