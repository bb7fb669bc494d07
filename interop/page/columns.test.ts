import { describe, expect, it } from 'vitest';
import { columnsOf, sumOf } from './columns.ts';

const servers = ['a', 'b', 'a@1', 'c', 'a@2'];

function names(all: readonly string[], turned: (key: string) => boolean | undefined = () => undefined) {
  return columnsOf(all, turned).map(({ name, servers, fold }) => {
    const mark = fold ? (fold.isOpen ? '▾ ' : '▸ ') : '';
    return `${mark}${name}: ${servers.join(' ')}`;
  });
}

describe('columns', () => {
  it('are one for each server, and releases stand beside each other', () => {
    expect(names(servers)).toEqual(['▾ a: a', 'a@1: a@1', 'a@2: a@2', 'b: b', 'c: c']);
  });

  it('of folded releases are one', () => {
    expect(names(servers, (key) => key !== 'server:a')).toEqual(['▸ a 3: a a@1 a@2', 'b: b', 'c: c']);
  });

  it('are folded at first where there are many, and stay as they were turned', () => {
    const many = [...servers, ...Array.from({ length: 10 }, (_, index) => `d${index}`)];
    expect(names(many)[0]).toBe('▸ a 3: a a@1 a@2');
    expect(names(many)).toHaveLength(13);
    expect(names(many, () => true)).toHaveLength(15);
  });
});

it('the sum of places has the cells of all', () => {
  const one = { planned: 3, counts: new Map([['ok', 2] as const, ['known', 1] as const]) };
  const other = { planned: 4, counts: new Map([['ok', 3] as const, ['broken', 1] as const]) };
  expect(sumOf([one, other])).toEqual({
    planned: 7,
    counts: new Map([
      ['ok', 5],
      ['known', 1],
      ['broken', 1],
    ]),
  });
  expect(sumOf([])).toEqual({ planned: 0, counts: new Map() });
});
