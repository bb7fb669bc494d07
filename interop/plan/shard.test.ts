import { describe, expect, it } from 'vitest';
import type { Cell } from '../model/cell.ts';
import type { Plan } from './plan.ts';
import { partOf, shardIn } from './shard.ts';

const names = ['alpha', 'beta', 'gamma', 'delta'];
const cells: readonly Cell[] = names.flatMap((client) =>
  names.flatMap((server) => [
    { client, server, scenario: 'pick/stitch' },
    { client, server, scenario: 'pick/cyber' },
  ]),
);
const plan: Plan = { peers: [], scenarios: [], cells, leftOut: '', ledger: [], problems: [] };
const alike = () => 1;
const parts = (of: number, weightOf: (cell: Cell) => number = alike) =>
  Array.from({ length: of }, (_, index) => partOf(plan, { index: index + 1, of }, weightOf));
const pairings = (part: Plan) => new Set(part.cells.map(({ client, server }) => `${client} ${server}`));

it.each([
  ['2/8', { index: 2, of: 8 }],
  ['1/1', { index: 1, of: 1 }],
  ['0/8', undefined],
  ['9/8', undefined],
  ['2', undefined],
  ['a/b', undefined],
  ['2/8/1', undefined],
])('%s', (word, shard) => expect(shardIn(word)).toEqual(shard));

describe('the parts of a plan', () => {
  it.each([1, 3, 8, 16])('are all of it, each cell once, of %i shards', (of) => {
    const all = parts(of).flatMap((part) => part.cells);
    expect(all).toHaveLength(cells.length);
    expect(new Set(all)).toEqual(new Set(cells));
  });

  it('have whole pairings, in the order of the plan, and know the whole', () => {
    const of = parts(8);
    expect(of.map((part) => pairings(part).size)).toEqual(Array(8).fill(2));
    for (const [index, part] of of.entries()) {
      expect(part.cells).toEqual(cells.filter((cell) => part.cells.includes(cell)));
      expect(part.shard).toEqual({ index: index + 1, of: 8, cells, leftOut: '' });
      expect(part.leftOut).toBe(`shard ${index + 1} of 8: 28 of 32 cells are in the others`);
    }
  });

  it('are as long as each other, as far as pairings allow', () => {
    const weightOf = ({ client }: Cell) => (client === 'alpha' ? 12 : 1);
    const loads = parts(4, weightOf).map((part) => part.cells.reduce((sum, cell) => sum + weightOf(cell), 0));
    expect(loads).toEqual([30, 30, 30, 30]);
  });

  it('do not count what is not played', () => {
    const idle = (cell: Cell): Cell => ({ ...cell, unsupported: { by: 'server', feature: 'tls' } });
    const some = { ...plan, cells: cells.map((cell) => (cell.server === 'beta' ? idle(cell) : cell)) };
    const played = [1, 2, 3].map(
      (index) => partOf(some, { index, of: 3 }, alike).cells.filter((cell) => !cell.unsupported).length,
    );
    expect(played).toEqual([8, 8, 8]);
  });

  it('are no more than there are pairings', () => {
    expect(() => partOf(plan, { index: 17, of: 17 }, alike)).toThrow(
      '--shard 17/17: nothing is left for it: there are 16 pairings, and a pairing is played by one shard',
    );
  });
});
