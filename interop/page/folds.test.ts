import { describe, expect, it } from 'vitest';
import { type Fold, groupsOf, placeOf, rowsOf, turned, turnedTo } from './folds.ts';

const contracts = new Map([
  ['pick/one', 'manage'],
  ['pick/two', 'manage'],
  ['size/large', 'manage'],
  ['chat/one', 'streams'],
  ['chat/two', 'streams'],
]);
const groups = groupsOf([...contracts.keys()], contracts);

/** As a person would draw them. */
function drawn(groups: readonly Fold[], isOpen: (fold: Fold) => boolean): readonly string[] {
  return rowsOf(groups, isOpen).map((row) =>
    'fold' in row ? `${row.isOpen ? '▾' : '▸'} ${row.fold.name} ${row.fold.scenarios.length}` : row.scenario,
  );
}

describe('rows', () => {
  it('are all there when everything is open; one scenario has no head', () => {
    expect(drawn(groups, () => true)).toEqual([
      '▾ manage 3',
      '▾ pick/* 2',
      'pick/one',
      'pick/two',
      'size/large',
      '▾ streams 2',
      '▾ chat/* 2',
      'chat/one',
      'chat/two',
    ]);
  });

  it('are contracts only when nothing is open', () => {
    expect(drawn(groups, () => false)).toEqual(['▸ manage 3', '▸ streams 2']);
  });

  it('of a folded group are its head', () => {
    expect(drawn(groups, ({ key }) => key === 'manage')).toEqual([
      '▾ manage 3',
      '▸ pick/* 2',
      'size/large',
      '▸ streams 2',
    ]);
  });

  it('of one contract need no head of it', () => {
    expect(drawn(groupsOf(['pick/one', 'pick/two'], contracts), () => false)).toEqual(['▸ pick/* 2']);
  });
});

it('groups of one name in two contracts are two', () => {
  const both = new Map([
    ['a/one', 'first'],
    ['a/two', 'second'],
  ]);
  expect(groupsOf(['a/one', 'a/two'], both).map(({ key }) => key)).toEqual(['first/a', 'second/a']);
});

it('a place is counted by standing', () => {
  const { planned, counts } = placeOf(['ok', 'unexpected', 'ok']);
  expect([planned, [...counts]]).toEqual([
    3,
    [
      ['ok', 2],
      ['unexpected', 1],
    ],
  ]);
});

it('what is turned stands in the address once, as it was turned last', () => {
  const once = turned([], 'manage/pick', true);
  expect(once).toEqual(['manage/pick']);
  expect(turnedTo(once, 'manage/pick')).toBe(true);
  const again = turned([...once, 'other'], 'manage/pick', false);
  expect(again).toEqual(['other', '!manage/pick']);
  expect(turnedTo(again, 'manage/pick')).toBe(false);
  expect(turnedTo(again, 'manage')).toBeUndefined();
});
