import { describe, expect, it } from 'vitest';
import { aCell, aFailure, aResult, aStart } from '../fixtures/values.ts';
import { type Standing, standings, startFold } from '../outcome/matrix.ts';
import { countPlaces, severityOf, standingsOf, worstOf } from './places.ts';

function matrixOf() {
  const { matrix, add } = startFold();
  add(aStart([aCell('a/b/pick/one'), aCell('a/b/pick/two'), aCell('b/b/pick/one'), aCell('a/b/pick/three')]));
  add({ type: 'cell-finished', result: aResult('a/b/pick/one') });
  add({ type: 'cell-finished', result: aResult('a/b/pick/two', aFailure()) });
  return matrix;
}

describe('places', () => {
  it('have how many of their cells stand how, in the order of the plan', () => {
    const told = Array.from(countPlaces(matrixOf()), ([name, place]) => [
      name,
      place.planned,
      standingsOf(place),
      worstOf(place),
    ]);
    expect(told).toEqual([
      [
        'a/b',
        3,
        [
          ['ok', 1],
          ['unexpected', 1],
          ['missing', 1],
        ],
        'unexpected',
      ],
      ['b/b', 1, [['missing', 1]], 'missing'],
    ]);
  });

  it('count what they are asked for', () => {
    const places = countPlaces(matrixOf(), (cell, standing) => cell.client === 'a' && standing !== 'missing');
    expect(Array.from(places, ([name, { planned }]) => [name, planned])).toEqual([['a/b', 2]]);
  });

  it('show the worst of any two standings, whichever came first', () => {
    const worst = ([a, b]: readonly [Standing, Standing]) =>
      worstOf({
        planned: 2,
        counts: new Map([
          [a, 1],
          [b, 1],
        ]),
      });
    for (const a of standings)
      for (const b of standings) expect(worst([a, b])).toBe(severityOf(a) <= severityOf(b) ? a : b);
    expect(standings.toSorted((a, b) => severityOf(a) - severityOf(b))).toEqual([
      'unexpected',
      'broken',
      'flaky',
      'missing',
      'known',
      'unsupported',
      'ok',
    ]);
  });
});
