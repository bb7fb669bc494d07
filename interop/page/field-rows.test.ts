import { expect, it } from 'vitest';
import { fieldRows } from './field-rows.ts';

const row = { name: 'Stitch', id: 7, tags: ['a', 'b'], at: { x: 1 } };
const wanted = [{ json: row }];

it('what is as wanted has no row', () => {
  expect(fieldRows(wanted, [wanted, undefined, wanted])).toEqual([]);
});

it('a field has its place, and what each witness has there', () => {
  const said = [{ json: { ...row, id: 8, tags: ['a', 'c'], at: { x: 1, y: 2 } } }];
  expect(fieldRows(wanted, [said, undefined, wanted])).toEqual([
    { place: 'id', wanted: '7', said: ['8', undefined, '7'] },
    { place: 'tags[1]', wanted: '"b"', said: ['"c"', undefined, '"b"'] },
    { place: 'at.y', wanted: 'absent', said: ['2', undefined, 'absent'] },
  ]);
});

it('a field that is gone is absent', () => {
  const { id: _, ...rest } = row;
  expect(fieldRows(wanted, [[{ json: rest }]])).toEqual([{ place: 'id', wanted: '7', said: ['absent'] }]);
});

it('of a stream the message is named, equal ones in a row each by itself', () => {
  const stream = [{ json: { n: 1 }, times: 3 }];
  const said = [{ json: { n: 1 }, times: 2 }, { json: { n: 2 } }];
  expect(fieldRows(stream, [said])).toEqual([{ place: 'message 3: n', wanted: '1', said: ['2'] }]);
});

it('a message too many, too few or unreadable is told whole', () => {
  expect(fieldRows([{ json: { n: 1 } }], [[]])).toEqual([
    { place: 'message', wanted: '{n: 1}', said: ['absent'] },
  ]);
  expect(fieldRows([{ json: { n: 1 } }], [[{ json: { n: 1 } }, { json: {} }]])).toEqual([
    { place: 'message 2', wanted: 'absent', said: ['{}'] },
  ]);
  expect(fieldRows([{ json: {} }], [[{ problem: 'is no Order' }]])).toEqual([
    { place: 'message', wanted: '{}', said: ['one that is no Order'] },
  ]);
});
