import { expect, it } from 'vitest';
import { aCell, aFailure, anEnd, aResult, aStart } from '../fixtures/values.ts';
import type { Outcome } from '../model/outcome.ts';
import type { FailOn } from './options.ts';
import { audienceOf } from './outputs.ts';

const [passed, failed]: readonly Outcome[] = [{ kind: 'passed' }, aFailure()];
const cells = ['a/b/pick/one', 'a/b/pick/two'];

/** The exit code of a run of two rounds: one cell passes in both, and the other comes to these. */
async function codeOf(failOn: FailOn, ...rounds: readonly (Outcome | undefined)[]): Promise<number> {
  const audience = audienceOf([], undefined, failOn);
  await audience.on(
    aStart(
      cells.map((id) => aCell(id)),
      { rounds: 2 },
    ),
  );
  for (const [index, outcome] of rounds.entries()) {
    for (const [id = '', came] of [
      [cells[0], passed],
      [cells[1], outcome],
    ] as const)
      if (came) await audience.on({ type: 'cell-finished', result: aResult(id, came, index + 1) });
  }
  await audience.on(anEnd());
  return audience.end();
}

it.each<[FailOn, number, string, readonly (Outcome | undefined)[]]>([
  ['any', 0, 'passes', [passed, passed]],
  ['any', 1, 'fails in one round', [passed, failed]],
  ['every-round', 0, 'passes', [passed, passed]],
  ['every-round', 0, 'fails in one round', [failed, passed]],
  ['every-round', 1, 'fails in every round', [failed, failed]],
  ['every-round', 1, 'does not come to an end', [passed, undefined]],
])('--fail-on %s: exit code %i when a cell %s', async (failOn, code, _, rounds) => {
  expect(await codeOf(failOn, ...rounds)).toBe(code);
});
