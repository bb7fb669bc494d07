import { describe, expect, it } from 'vitest';
import type { PlacedRule, ValueRule } from '../model/match.ts';
import type { Json } from '../model/message.ts';
import { differenceFrom } from './match.ts';
import { isAs } from './rule.ts';

const order = { id: 'ord_1', total: '1250', lines: [{ sku: 'a', count: 1 }] } as const;

function rules(values: Readonly<Record<string, ValueRule>>): readonly PlacedRule[] {
  return Object.entries(values).map(([place, rule]) => ({ place, rule }));
}

/** What is wrong with what came, where the order was wanted. */
function wrongWith(came: Json, values: Readonly<Record<string, ValueRule>>, isPartial = false) {
  const match = { values: rules(values), ...(isPartial && { isPartial: true as const }) };
  return differenceFrom([{ json: order }], [{ json: came }], match);
}

describe('a rule', () => {
  it.each<readonly [ValueRule, readonly (Json | undefined)[], readonly (Json | undefined)[]]>([
    [{ any: true }, [undefined, null, 'a', 1, {}, []], []],
    [{ type: 'text' }, ['', 'a'], [1, undefined, null, []]],
    [{ type: 'number' }, [1, '9007199254740993', 'NaN', '-Infinity', '-0'], ['a', '', undefined, true]],
    [{ type: 'bool' }, [true, false], ['true', undefined]],
    [{ type: 'list' }, [[]], [{}, undefined]],
    [{ type: 'message' }, [{}], [[], null, undefined]],
    [
      { type: 'shop.v1.Refusal' },
      [{ '@type': 'type.googleapis.com/shop.v1.Refusal' }, { '@type': 'shop.v1.Refusal' }],
      [{ '@type': 'type.googleapis.com/a.shop.v1.Refusal' }, {}, 'shop.v1.Refusal'],
    ],
    [{ pattern: '^ch_\\d+$' }, ['ch_1'], ['ch_', 'xch_1', 1, undefined]],
    [{ pattern: 'b' }, ['abc', 'a\nb'], ['a']],
    [{ range: { min: '1', max: '10' } }, [1, 10, '1', '10', 5.5], [0, 11, '11', 'NaN', 'a', undefined]],
    [
      { range: { min: '9007199254740993' } },
      ['9007199254740993', '9007199254740994', 'Infinity'],
      ['9007199254740992', '-Infinity'],
    ],
    [{ range: { max: '0' } }, [-1, '0', '-0'], [0.1, 'NaN']],
    [
      { length: { min: '1', max: '2' } },
      ['a', '😀😀', [1], { a: 1, b: 2 }],
      ['', 'abc', [], {}, 1, undefined],
    ],
  ])('%j', (rule, holds, breaks) => {
    expect(holds.filter((value) => !isAs(rule, value))).toEqual([]);
    expect(breaks.filter((value) => isAs(rule, value))).toEqual([]);
  });
});

describe('a response that may be otherwise', () => {
  it.each<readonly [string, Json, Readonly<Record<string, ValueRule>>, boolean]>([
    ['as it is', order, {}, false],
    ['another value where any will do', { ...order, id: 'x' }, { id: { any: true } }, false],
    ['none, where any will do', { total: '1250', lines: order.lines }, { id: { any: true } }, false],
    ['one that the case does not name', { ...order, note: 'x' }, { note: { type: 'text' } }, false],
    ['more fields, where some are enough', { ...order, note: 'x', more: {} }, {}, true],
    ['more fields in an item', { ...order, lines: [{ sku: 'a', count: 1, note: 'x' }] }, {}, true],
    [
      'a pattern in each item',
      { ...order, lines: [{ sku: 'b', count: 1 }] },
      { 'lines.sku': { pattern: '^b' } },
      false,
    ],
    ['any list', { ...order, lines: [] }, { lines: { any: true } }, false],
    [
      'a longer list of whatever',
      { ...order, lines: [{ sku: 'x' }, {}, {}] },
      { lines: { length: { min: '1' } } },
      false,
    ],
    [
      'a longer list of items like the last one',
      {
        ...order,
        lines: [
          { sku: 'b', count: 1 },
          { sku: 'c', count: 1 },
        ],
      },
      { lines: { length: { min: '1' } }, 'lines.sku': { type: 'text' } },
      false,
    ],
  ])('%s is right', (_, came, values, isPartial) => {
    expect(wrongWith(came, values, isPartial)).toBeUndefined();
    expect(came === order || differenceFrom([{ json: order }], [{ json: came }], undefined)).toBeTruthy();
  });

  it.each<readonly [string, Json, Readonly<Record<string, ValueRule>>, boolean, string]>([
    [
      'a field beside',
      { ...order, note: 'x' },
      { id: { any: true } },
      false,
      '`note` came from nowhere: "x"',
    ],
    [
      'a field that is gone',
      { id: 'ord_1', total: '1250' },
      {},
      true,
      '`lines` [{"sku":"a","count":1}] is gone',
    ],
    ['another value', { ...order, total: '1251' }, { id: { any: true } }, true, '`total` 1250 became 1251'],
    [
      'what breaks its rule',
      { ...order, id: 'x' },
      { id: { pattern: '^ord_' } },
      false,
      '`id` "x" is not as wanted: pattern ^ord_',
    ],
    [
      'none, where one must be',
      { total: '1250', lines: order.lines },
      { id: { type: 'text' } },
      false,
      '`id` is absent, which is not as wanted: type text',
    ],
    [
      'one item that breaks its rule',
      {
        ...order,
        lines: [
          { sku: 'a', count: 1 },
          { sku: '', count: 1 },
        ],
      },
      { lines: { length: { min: '1' } }, 'lines.sku': { pattern: '.' } },
      false,
      '`lines.sku` "" is not as wanted: pattern .',
    ],
    [
      'an item that is not like the last one',
      {
        ...order,
        lines: [
          { sku: 'a', count: 1 },
          { sku: 'b', count: 2 },
        ],
      },
      { lines: { length: { min: '1' } }, 'lines.sku': { type: 'text' } },
      false,
      '`lines` of 1 items became 2',
    ],
    [
      'an item too many',
      {
        ...order,
        lines: [
          { sku: 'a', count: 1 },
          { sku: 'a', count: 1 },
        ],
      },
      { 'lines.sku': { type: 'text' } },
      false,
      '`lines` of 1 items became 2',
    ],
    [
      'a list out of its length',
      { ...order, lines: [] },
      { lines: { length: { min: '1' } } },
      false,
      '`lines` [] is not as wanted: length at least 1',
    ],
  ])('%s is wrong', (_, came, values, isPartial, says) => {
    expect(wrongWith(came, values, isPartial)).toBe(says);
  });

  it('is looked at message by message', () => {
    const match = { values: rules({ id: { pattern: '^a' } }) };
    const wanted = [{ json: { id: 'a' }, times: 3 }];
    expect(
      differenceFrom(wanted, [{ json: { id: 'a1' } }, { json: { id: 'a2' }, times: 2 }], match),
    ).toBeUndefined();
    expect(differenceFrom(wanted, [{ json: { id: 'a1' } }], match)).toBe('3 messages became 1');
    expect(differenceFrom(wanted, [{ json: { id: 'a1' } }, { json: { id: 'b' }, times: 2 }], match)).toBe(
      '`id` "b" is not as wanted: pattern ^a',
    );
  });

  it.each<readonly [number, readonly Json[], string | undefined]>([
    [1, ['a'], undefined],
    [1, ['a', 'a', 'a'], undefined],
    [1, [], '1 message became 0'],
    [1, ['a', 'b'], 'message 2: it "a" became "b"'],
    [2, ['a', 'a'], undefined],
    [2, ['a'], '2 messages became 1'],
  ])('comes at least %s times, and all are alike: %j', (min, came, says) => {
    const wanted = [{ json: 'a', times: min }];
    const match = { values: [], count: { min: String(min) } };
    const difference = differenceFrom(
      wanted,
      came.map((json) => ({ json })),
      match,
    );
    expect(difference?.slice(0, says?.length)).toBe(says);
  });

  it('that cannot be read is none', () => {
    expect(
      differenceFrom([{ json: {} }], [{ problem: 'is no Order' }], { isPartial: true, values: [] }),
    ).toBe('it is no Order');
  });
});
