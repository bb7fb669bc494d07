import { describe, expect, it } from 'vitest';
import type { Json, Message } from '../model/message.ts';
import { differenceOf } from './difference.ts';
import { areSame, countOf, isBeginningOf, merged } from './messages.ts';

const [a, b, c] = [{ json: { name: 'a' } }, { json: { name: 'b' } }, { json: { name: 'c' } }];
const broken = { problem: 'is no Expirement: premature EOF' };
const times = (message: Message, count: number): Message => ({ ...message, times: count });

describe('the first difference of two messages', () => {
  it.each<[string, Json, Json, string]>([
    ['a number', { id: 7 }, { id: 8 }, '`id` 7 became 8'],
    [
      'an int64',
      { id: '9007199254740993' },
      { id: '9007199254740992' },
      '`id` 9007199254740993 became 9007199254740992',
    ],
    ['a text', { name: 'a' }, { name: 'b' }, '`name` "a" became "b"'],
    ['what is gone', { id: 7, name: 'a' }, { id: 7 }, '`name` "a" is gone'],
    ['what came from nowhere', { id: 7 }, { id: 7, name: 'a' }, '`name` came from nowhere: "a"'],
    [
      'an unknown field that is gone',
      { '#15': ['varint 7'] },
      {},
      '`#15` (unknown field 15) did not survive',
    ],
    [
      'an unknown field that is another',
      { '#15': ['varint 7'] },
      { '#15': ['varint 8'] },
      '`#15[0]` (unknown field 15) "varint 7" became "varint 8"',
    ],
    [
      'an unknown field that came',
      {},
      { '#15': ['varint 7'] },
      '`#15` (unknown field 15) came from nowhere: ["varint 7"]',
    ],
    ['a number of an enum', { colour: 99 }, { colour: 'RED' }, '`colour` 99 became "RED"'],
    [
      'deep inside',
      { a: { list: [1, { price: 2 }] } },
      { a: { list: [1, { price: 3 }] } },
      '`a.list[1].price` 2 became 3',
    ],
    ['a shorter list', { list: [1, 2, 3] }, { list: [1, 2] }, '`list` of 3 items became 2'],
    ['a longer list', { list: [1] }, { list: [1, 2] }, '`list` of 1 items became 2'],
    [
      'an item of a list that is shorter as well',
      { list: [1, 2, 3] },
      { list: [1, 7] },
      '`list[1]` 2 became 7',
    ],
    ['an entry of a map', { map: { x: 1, y: 2 } }, { map: { x: 1, y: 3 } }, '`map.y` 2 became 3'],
    ['what is no object at all', '7s', '8s', 'it "7s" became "8s"'],
    ['another sort of thing', { one: { a: 1 } }, { one: [1] }, '`one` {"a":1} became [1]'],
    ['the first of several', { a: 1, b: 2 }, { a: 2, b: 3 }, '`a` 1 became 2'],
  ])('%s', (_, before, after, text) => {
    expect(differenceOf([{ json: before }], [{ json: after }])).toBe(text);
  });

  it('is short, however long they are', () => {
    const long = (end: string) => [{ json: { list: Array(500).fill('x'), text: 'y'.repeat(9_000) + end } }];
    expect((differenceOf(long('1'), long('2')) ?? '').length).toBeLessThan(300);
    expect((differenceOf(long('1'), [{ json: { text: 'a' } }]) ?? '').length).toBeLessThan(300);
  });
});

describe('the first difference of several messages', () => {
  it.each<[string, readonly Message[], readonly Message[], string | undefined]>([
    ['none', [a, b], [a, b], undefined],
    ['none, however equal ones are counted', [a, a, b], [times(a, 2), b], undefined],
    ['none of none', [], [], undefined],
    ['one too few', [a, b], [a], '2 messages became 1'],
    ['one too many', [a], [a, b], '1 message became 2'],
    ['all of them', [a, b], [], '2 messages became 0'],
    ['the second', [a, b], [a, c], 'message 2: `name` "b" became "c"'],
    [
      'by its place, also behind equal ones',
      [times(a, 99), b],
      [times(a, 99), c],
      'message 100: `name` "b" became "c"',
    ],
    [
      'one of equal ones',
      [times(a, 100)],
      [times(a, 50), b, times(a, 49)],
      'message 51: `name` "a" became "b"',
    ],
    ['one run longer and the next one shorter', [a, a, b], [a, b, b], 'message 2: `name` "a" became "b"'],
    ['one run shorter', [times(a, 100)], [times(a, 98)], '100 messages became 98'],
    ['the order', [a, b], [b, a], 'message 1: `name` "a" became "b"'],
    ['one that cannot be read', [a, b], [a, broken], 'message 2: it is no Expirement: premature EOF'],
    ['one that can, and was not to', [broken], [a], 'what is no Expirement: premature EOF became a message'],
  ])('%s', (_, before, after, text) => {
    expect(differenceOf(before, after)).toBe(text);
  });
});

describe('lists of messages', () => {
  it('have equal neighbours as one, and no others', () => {
    expect(merged([a, a, times(a, 3), b, a])).toEqual([times(a, 5), b, a]);
    expect(countOf([a, times(b, 3)])).toBe(4);
    expect(areSame([a, times(a, 2)], [times(a, 3)])).toBe(true);
    expect(areSame([a], [broken])).toBe(false);
  });

  it.each<[Json, Json, boolean]>([
    [{ a: [1, { b: null }], c: '' }, { a: [1, { b: null }], c: '' }, true],
    [{ a: [1, { b: null }] }, { a: [1, { b: false }] }, false],
    [{ a: 1 }, { a: 1, b: 1 }, false],
    [{ a: 1, b: 1 }, { a: 1 }, false],
    [{ a: 1 }, { b: 1 }, false],
    [{ a: '1' }, { a: 1 }, false],
    [{ a: {} }, { a: [] }, false],
    [{ a: [] }, { a: '' }, false],
    [{ a: [1, 2] }, { a: [1] }, false],
    [{ a: [1] }, { a: [1, 2] }, false],
    [{ '#15': ['varint 7'] }, { '#15': ['varint 8'] }, false],
    [null, {}, false],
  ])('%j and %j are the same message: %s', (one, other, isOne) => {
    expect(areSame([{ json: one }], [{ json: other }])).toBe(isOne);
  });

  it.each<[readonly Message[], readonly Message[], boolean]>([
    [[], [a], true],
    [[a], [a, b], true],
    [[a, b], [a, b], true],
    [[times(a, 2)], [times(a, 3), b], true],
    [[a, a], [times(a, 3), b], true],
    [[times(a, 2), b], [times(a, 3), b], false],
    [[times(a, 4)], [times(a, 3), b], false],
    [[b], [a, b], false],
    [[a], [], false],
  ])('%j is a beginning of %j: %s', (some, all, isOne) => {
    expect(isBeginningOf(some, all)).toBe(isOne);
  });
});
