import { expect, it } from 'vitest';
import { matrixOf } from '../fixtures/runs.ts';
import { aCell, aFailure, anEnd, aResult, aStart } from '../fixtures/values.ts';
import type { CellResult } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { linesOfBlame } from '../outcome/blame.ts';
import { blameSentence } from './blame.ts';
import { causesOf, sinceWhen } from './causes.ts';

function blamed(side: 'client' | 'server', because: string): Outcome {
  return { kind: 'failed', blame: { side, because }, mismatches: [] };
}

/** The causes of a run of these cells, as their sentences, cells and reasons. */
function told(outcomes: Readonly<Record<string, Outcome>>) {
  const results = Object.entries(outcomes).map(([id, outcome]) => aResult(id, outcome));
  const matrix = matrixOf([
    aStart(Object.keys(outcomes).map((id) => aCell(id))),
    ...results.map((result) => ({ type: 'cell-finished', result }) as const),
    anEnd(),
  ]);
  return causesOf(matrix.notable, linesOfBlame(matrix)).map(({ lines, cells, reasons }) => [
    lines ? blameSentence(lines) : '',
    cells.map(idOf),
    reasons.map((group) => group.map(idOf)),
  ]);
}

const idOf = ({ client, server, scenario }: CellResult) => `${client}/${server}/${scenario}`;

it('what one peer does is one cause, with each reason once', () => {
  const [late, wrong] = [blamed('server', 'it is late'), blamed('server', 'it sent 8')];
  expect(told({ 'a/x/p/1': late, 'b/x/p/1': wrong, 'a/x/p/2': late, 'b/x/p/2': late })).toEqual([
    [
      'x server fails p/1, p/2 with 2 of 2 clients',
      ['a/x/p/1', 'b/x/p/1', 'a/x/p/2', 'b/x/p/2'],
      [['a/x/p/1', 'a/x/p/2', 'b/x/p/2'], ['b/x/p/1']],
    ],
  ]);
});

it('a reason that two causes share is told of the first', () => {
  const late = blamed('server', 'it is late');
  const causes = told({ 'a/x/p/1': late, 'b/x/p/1': late, 'a/x/p/2': late, 'b/x/p/2': { kind: 'passed' } });
  expect(causes.map(([sentence, , reasons]) => [sentence, (reasons as unknown[]).length])).toEqual([
    ['x server fails p/1 with 2 of 2 clients', 1],
    ['x server fails p/2 with 1 of 2 clients', 0],
  ]);
});

it('what nobody is known to fail with others is a cause of its own', () => {
  expect(told({ 'a/x/p/1': aFailure(), 'b/x/p/1': { kind: 'passed' } })).toEqual([
    ['', ['a/x/p/1'], [['a/x/p/1']]],
  ]);
});

it('every cell has one cause', () => {
  const outcomes = Object.fromEntries(
    ['a', 'b'].flatMap((client) =>
      ['x', 'y'].map((server) => [`${client}/${server}/p/1`, aFailure()] as const),
    ),
  );
  const ids = told(outcomes).flatMap(([, cells]) => cells as readonly string[]);
  expect(ids.toSorted()).toEqual(Object.keys(outcomes).toSorted());
});

it('since when is told by what the cells were in the baseline', () => {
  const cells = ['a/x/p/1', 'b/x/p/1'].map((id) => aResult(id, aFailure()));
  const [one, two] = cells.map(
    (cell) => [idOf(cell), { isRegression: true, change: 'newly-failing' }] as const,
  );
  const since = { since: { name: 'main.jsonl', at: '', complete: true } };
  const say = (...changed: readonly unknown[]) => sinceWhen(cells, since, new Map(changed as []) as never);
  expect(say()).toBe('since before main.jsonl');
  expect(say(one)).toBe('since main.jsonl, where 1 of 2 cells passed');
  expect(say(one, two)).toBe('since main.jsonl, where it passed');
  const fresh = cells.map((cell) => [idOf(cell), { isRegression: false, change: 'new' }] as const);
  expect(say(...fresh)).toBe('not planned in main.jsonl');
});
