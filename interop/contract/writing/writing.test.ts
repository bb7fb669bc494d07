/** What is written is read back as the same, and what is made up is what a person can tell apart. */

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { payloadOf } from '../../messages/payload.ts';
import type { Json } from '../../model/message.ts';
import { loadContracts, ownContracts } from '../load.ts';
import { readYaml } from '../source-node.ts';
import { yamlPayload } from '../yaml-message.ts';
import { caseItem } from './case-text.ts';
import { exampleOf } from './example.ts';
import { fileNames, firstCase } from './first-case.ts';
import { entryLines, flow, type YamlValue } from './yaml-text.ts';
import { yamlValue } from './yaml-value.ts';

const { types } = await loadContracts(ownContracts());
const carry = types.methods.get('/stitch.values.Values/Carry');
const value = types.registry.getMessage('stitch.values.Value');
if (!carry || !value) throw new Error('the contract values has other names');

describe('YAML', () => {
  it.each<[YamlValue, string]>([
    ['plain', 'plain'],
    ['two words', '"two words"'],
    ['7', '"7"'],
    ['no', '"no"'],
    ['null', '"null"'],
    ['', '""'],
    ['- a: "b" #c', '"- a: \\"b\\" #c"'],
    ['\u2028\u0085\u202e', '"\\u2028\\u0085\\u202e"'],
    [Number.NaN, '.nan'],
    [-0, '-0.0'],
    [Number.NEGATIVE_INFINITY, '-.inf'],
    [1e21, '1e+21'],
    [[], '[]'],
    [{}, '{}'],
    [{ '#15': ['varint 7'], 'x-a': [1, true, null] }, '{ "#15": ["varint 7"], x-a: [1, true, null] }'],
  ])('of %o is %s', (data, text) => {
    expect(flow(data)).toBe(text);
    expect(parse(text, { version: '1.2' })).toEqual(data);
  });

  it('of an integer has all its digits', () => {
    expect(flow(9223372036854775807n)).toBe('9223372036854775807');
  });

  it('that does not fit on a line is spread over several, and means the same', () => {
    const long = { a: 'x'.repeat(60), list: [{ b: 'y'.repeat(60), c: 'z'.repeat(60) }, 1n], none: {} };
    const text = entryLines('request', long, '    ').join('\n');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(100);
    expect(parse(text, { intAsBigInt: true })).toEqual({ request: long });
  });
});

describe('a message', () => {
  it.each<[string, Json]>([
    ['integers with all their digits', { int64: '-9223372036854775808', uint64: '18446744073709551615' }],
    ['floats that are no numbers', { float: 'NaN', double: '-Infinity' }],
    ['zero with a minus', { float: '-0', double: '-0' }],
    ['bytes', { bytes: 'AP8=' }],
    ['enums by name and by number', { colour: 99, nested: { colour: 'RED' } }],
    ['texts that look like something else', { string: '12', word: 'yes' }],
    ['maps', { by_name: { 'a b': 1, '': 2 }, by_number: { '-5': { int32: 1 } } }],
    ['unknown fields', { '#15': ['varint 300', 'bytes 6e6f'], int32: 7 }],
    ['an Any', { any: { '@type': 'type.googleapis.com/stitch.values.Value', int64: '5', double: '-0' } }],
    [
      'what has a form of its own',
      { duration: '1.500s', wrapped: '9007199254740993', struct: { a: [1, null, 'x'] } },
    ],
  ])('with %s is written and read', (_, json) => {
    const wanted = payloadOf(value, json, types.registry);
    const text = entryLines('request', yamlValue(wanted.json, value, types.registry), '').join('\n');
    const file = readYaml('case.yaml', text);
    const [pair] = (file.root as unknown as { items: { value: never }[] }).items;
    if (!pair) throw new Error(text);
    expect(yamlPayload(file, pair.value, value, types.registry).json).toEqual(wanted.json);
  });
});

describe('an example', () => {
  it('has something in every field, one member of a oneof, and ends where a message is in itself', () => {
    expect(exampleOf(value)).toMatchObject({
      int32: 10,
      uint64: 40,
      double: 90.5,
      bool: true,
      string: 'string',
      bytes: Buffer.from('bytes').toString('base64'),
      colour: 'RED',
      list: [160],
      word: 'word',
      duration: '1.050s',
      wrapped: '1',
    });
    expect(Object.keys(exampleOf(value) as object)).not.toContain('nested');
    expect(Object.keys(exampleOf(value) as object)).not.toContain('number');
    expect(payloadOf(value, exampleOf(value), types.registry).bytes).not.toBe('');
  });

  it('is another for a second message', () => {
    expect(exampleOf(value, 1)).toMatchObject({ int32: 11, string: 'string 2', colour: 'GREEN' });
  });
});

describe('a first case', () => {
  it('has two messages of what is streamed, a line each', () => {
    const chat = types.methods.get('/stitch.streams.Streams/Chat');
    if (!chat) throw new Error('the contract streams has other names');
    expect(caseItem(firstCase(chat, types.registry))).toBe(
      [
        '  - name: first',
        '    requests:',
        '      - { number: 10, text: text, data: "ZGF0YQ==" }',
        '      - { number: 11, text: "text 2", data: ZGF0YSAy }',
        '    responses:',
        '      - { number: 10, text: text, data: "ZGF0YQ==" }',
        '      - { number: 11, text: "text 2", data: ZGF0YSAy }',
        '',
      ].join('\n'),
    );
  });

  it('has a file of a name that is as short as it can be', () => {
    const method = (path: string) => ({ ...carry, path });
    const names = (...paths: readonly string[]) => [...fileNames(paths.map(method)).values()];
    expect(names('/a.Shop/ListAll', '/a.Shop/Buy')).toEqual(['list-all', 'buy']);
    expect(names('/a.Shop/Buy', '/a.Store/Buy')).toEqual(['shop-buy', 'store-buy']);
    expect(names('/a.v1.Shop/Buy', '/a.v2.Shop/Buy')).toEqual(['a-v1-shop-buy', 'a-v2-shop-buy']);
    expect(names('/Shop/Buy')).toEqual(['buy']);
  });
});
