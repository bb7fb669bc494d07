/** Bytes → plain data and back, by the descriptors of contracts/values, which has a field of each kind. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContracts } from '../contract/load.ts';
import { messageOf as thrownBy } from '../fixtures/values.ts';
import { rootFolder } from '../folders.ts';
import type { Json } from '../model/message.ts';
import { differenceOf } from '../witness/difference.ts';
import { payloadOf } from './payload.ts';
import { messageOf } from './plain.ts';
import { readMessage } from './read.ts';
import { isProtoJson } from './sayable.ts';
import { detailsOf, statusWith } from './status.ts';
import { noTypes, readTypes } from './types.ts';

const { types } = await loadContracts([path.join(rootFolder, 'contracts', 'values')]);
const { registry } = types;

function typeOf(method: string) {
  const found = types.methods.get(method)?.request;
  if (!found) throw new Error(`${method} is not described`);
  return found;
}

const value = typeOf('/stitch.values.Values/Carry');
const older = typeOf('/stitch.values.OlderValues/Carry');
const grouped = typeOf('/stitch.values.OlderValues/CarryGroup');

function read(hex: string, type = value) {
  return messageOf(type, Buffer.from(hex, 'hex'), registry);
}

/** Bytes behind their length. */
function field(tag: string, content: Buffer | string): string {
  const bytes = Buffer.from(content);
  return `${tag}${bytes.length.toString(16).padStart(2, '0')}${bytes.toString('hex')}`;
}

/** A google.protobuf.Any, as field 24. */
function any(url: string, hex: string): string {
  const inside = field('0a', url) + field('12', Buffer.from(hex, 'hex'));
  return field('c201', Buffer.from(inside, 'hex'));
}

describe('what bytes say', () => {
  it.each<[string, string, Json]>([
    ['nothing', '', {}],
    ['an int64 beyond double', '108180808080808010', { int64: '9007199254740993' }],
    ['the least int64', '1080808080808080808001', { int64: '-9223372036854775808' }],
    ['the greatest uint64', '20ffffffffffffffffff01', { uint64: '18446744073709551615' }],
    ['a sint64', '2801', { sint64: '-1' }],
    ['a fixed64, however small', '310700000000000000', { fixed64: '7' }],
    ['an int32', '08ffffffffffffffffff01', { int32: -1 }],
    ['NaN', '450000c07f49000000000000f87f', { float: 'NaN', double: 'NaN' }],
    ['another NaN, which is the same', '450100c0ff', { float: 'NaN' }],
    ['infinities', '450000807f49000000000000f0ff', { float: 'Infinity', double: '-Infinity' }],
    ['zero with a minus', '4500000080490000000000000080', { float: '-0', double: '-0' }],
    ['a float by its fewest digits', '45cdcccc3d', { float: 0.1 }],
    ['a double with all its bits', '499a9999999999b93f', { double: 0.1 }],
    ['a number that the enum does not name', '6863', { colour: 99 }],
    ['one that it names', '6801', { colour: 'RED' }],
    ['a negative number in an enum', '68ffffffffffffffffff01', { colour: -1 }],
    ['bytes', field('62', Buffer.from('00ff', 'hex')), { bytes: 'AP8=' }],
    ['text', field('5a', '史\0é'), { string: '史\0é' }],
    ['an empty message, which is there', '7200', { nested: {} }],
    ['a zero that was said', '800100', { maybe: 0 }],
    ['an empty member of a oneof', 'aa0100', { word: '' }],
    ['the last member of a oneof', `${field('aa01', 'a')}b80107`, { number: 7 }],
    ['a field said twice', '08010802', { int32: 2 }],
    ['a packed list, zeros and all', '8a01020007', { list: [0, 7] }],
    ['a list that is not packed, though it was to be', '880100880107', { list: [0, 7] }],
    ['fields in another order', '180110011802', { int64: '1', uint32: 2 }],
    [
      'a map, whatever the order of its entries',
      field('9a01', Buffer.from(`${field('0a', 'b')}1001`, 'hex')) +
        field('9a01', Buffer.from(`${field('0a', 'a')}1002`, 'hex')),
      { by_name: { a: 2, b: 1 } },
    ],
    [
      'a map by number, and one of its values is the default',
      field('a201', Buffer.from('08011200', 'hex')) + field('a201', Buffer.from('0802', 'hex')),
      { by_number: { 1: {}, 2: {} } },
    ],
    [
      'an Any of a known type',
      any('type.googleapis.com/stitch.values.Value', '0807'),
      { any: { '@type': 'type.googleapis.com/stitch.values.Value', int32: 7 } },
    ],
    [
      'an Any of a type that nobody knows',
      any('type.googleapis.com/nobody.Knows', '0807'),
      { any: { '@type': 'type.googleapis.com/nobody.Knows', '@bytes': 'CAc=' } },
    ],
    [
      'an Any that is not what it says',
      any('type.googleapis.com/stitch.values.Value', '08'),
      { any: { '@type': 'type.googleapis.com/stitch.values.Value', '@bytes': 'CA==' } },
    ],
    [
      'an Any of what ProtoJSON writes in a form of its own',
      any('type.googleapis.com/google.protobuf.Duration', '0807'),
      { any: { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '7s' } },
    ],
    ['an empty Any', 'c20100', { any: {} }],
    ['a timestamp', field('ca01', Buffer.from('0801', 'hex')), { timestamp: '1970-01-01T00:00:01Z' }],
    [
      'a timestamp that has no such form',
      field('ca01', Buffer.from('08ffffffffffffffff7f', 'hex')),
      { timestamp: { seconds: '9223372036854775807' } },
    ],
    ['a duration', field('d201', Buffer.from('080110c0843d', 'hex')), { duration: '1.001s' }],
    [
      'a Struct, whatever the order of its entries',
      field(
        'da01',
        Buffer.from(
          field('0a', Buffer.from(`${field('0a', 'b')}12022001`, 'hex')) +
            field('0a', Buffer.from(`${field('0a', 'a')}12020800`, 'hex')),
          'hex',
        ),
      ),
      { struct: { a: null, b: true } },
    ],
    ['a wrapped zero, which is there', 'e20100', { wrapped: '0' }],
    ['an unknown varint', '78ac02', { '#15': ['varint 300'] }],
    ['unknown bytes', '7a02ff00', { '#15': ['bytes ff00'] }],
    [
      'unknown fixed fields',
      '7d01000000790200000000000000',
      { '#15': ['32-bit 01000000', '64-bit 0200000000000000'] },
    ],
    ['an unknown group', '7b08077c', { '#15': ['group 08077c'] }],
    [
      'unknown fields of several numbers, behind the known',
      '7801f0010208077802',
      { int32: 7, '#15': ['varint 1', 'varint 2'], '#30': ['varint 2'] },
    ],
    ['an unknown field deep inside', '72027801', { nested: { '#15': ['varint 1'] } }],
  ])('%s', (_, hex, json) => {
    // The order counts: messages are compared as the text of their JSON.
    expect(JSON.stringify(read(hex))).toBe(JSON.stringify({ json }));
  });

  it.each<[string, typeof value, string, Json]>([
    ['proto2: what is set to its default is there', older, '0a001007', { name: '', count: 7 }],
    ['proto2: what is not set is not', older, '', {}],
    [
      'proto2: an extension, by its number',
      older,
      `0a0161${field('a206', 'note')}`,
      { name: 'a', '#100': ['bytes 6e6f7465'] },
    ],
    ['proto2: a group', grouped, '0b0a01610c', { inner: { text: 'a' } }],
  ])('%s', (_, type, hex, json) => {
    expect(read(hex, type)).toEqual({ json });
  });

  it.each<[string, typeof value, string, RegExp]>([
    ['text that is not UTF-8', value, '5a01ff', /^is no stitch\.values\.Value: .*utf-8/],
    ['that end too early', value, '08', /^is no stitch\.values\.Value: premature EOF/],
    ['with a tag that is none', value, '04', /^is no stitch\.values\.Value: illegal tag/],
    [
      'with a group that has no end',
      grouped,
      '0b0a0161',
      /^is no stitch\.values\.Grouped: invalid end group/,
    ],
  ])('nothing can be said of bytes %s', (_, type, hex, problem) => {
    const message = read(hex, type);
    expect(message.problem).toMatch(problem);
    expect(message).not.toHaveProperty('json');
  });

  it('in the names of the .proto, in the order of its numbers', () => {
    const { json } = read(`${field('9a01', Buffer.from(`${field('0a', 'a')}1001`, 'hex'))}1001`);
    expect(JSON.stringify(json)).toBe('{"int64":"1","by_name":{"a":1}}');
  });

  it.each<[string, string, string, string]>([
    [
      'an int64',
      '108180808080808010',
      '108080808080808010',
      '`int64` 9007199254740993 became 9007199254740992',
    ],
    ['zero’s minus', '4500000080', '', '`float` -0 is gone'],
    ['an unknown field', '7801', '', '`#15` (unknown field 15) did not survive'],
    ['a number of an enum', '6863', '', '`colour` 99 is gone'],
    ['presence', '800100', '', '`maybe` 0 is gone'],
    [
      'an Any’s content',
      any('a/stitch.values.Value', '0807'),
      any('a/stitch.values.Value', ''),
      '`any.int32` 7 is gone',
    ],
  ])('what a runtime does to %s shows', (_, before, after, difference) => {
    expect(differenceOf([read(before)], [read(after)])).toBe(difference);
    expect(differenceOf([read(before)], [read(before)])).toBeUndefined();
  });
});

describe('a message that is to be sent', () => {
  it.each<[string, Json, string]>([
    ['nothing', {}, ''],
    ['an int64', { int64: '9007199254740993' }, '108180808080808010'],
    [
      'by the names of JSON as well',
      { byName: { a: 1 } },
      field('9a01', Buffer.from(`${field('0a', 'a')}1001`, 'hex')),
    ],
    ['a zero that is said', { maybe: 0 }, '800100'],
    ['a default, which is none', { int32: 0 }, ''],
    [
      'unknown fields behind the known',
      { '#15': ['varint 300', 'bytes ff00'], int32: 1 },
      '080178ac027a02ff00',
    ],
    [
      'an Any',
      { any: { '@type': 'type.googleapis.com/stitch.values.Value', int32: 7 } },
      any('type.googleapis.com/stitch.values.Value', '0807'),
    ],
  ])('%s', (_, json, hex) => {
    const payload = payloadOf(value, json, registry);
    expect(Buffer.from(payload.bytes, 'base64').toString('hex')).toBe(hex);
    // What it says is what its bytes say.
    expect({ json: payload.json }).toEqual(read(hex));
  });

  it('may have an extension', () => {
    const { json, bytes } = payloadOf(older, { name: 'a', '[stitch.values.note]': 'note' }, registry);
    expect(json).toEqual({ name: 'a', '#100': ['bytes 6e6f7465'] });
    expect(messageOf(older, Buffer.from(bytes, 'base64'), registry)).toEqual({ json });
  });

  it.each<[string, Json, RegExp]>([
    ['an unknown key', { int: 1 }, /key "int" is unknown/],
    ['a value out of range', { int32: 2 ** 31 }, /int32/],
    ['text for a number', { int32: 'seven' }, /int32/],
    [
      'an unknown field of no wire type',
      { '#15': ['number 7'] },
      /^field #15: wanted "varint 7", .*, got "number 7"$/,
    ],
  ])('is wrong with %s', (_, json, message) => {
    expect(thrownBy(() => payloadOf(value, json, registry))).toMatch(message);
  });
});

describe('ProtoJSON', () => {
  const unknownType = 'type.googleapis.com/nobody.Knows';

  it.each<[string, Json, boolean]>([
    ['says nothing', {}, true],
    ['says texts and bytes, however long', { string: 'ö'.repeat(9_999), bytes: 'AAEC'.repeat(9_999) }, true],
    ['says -0', { double: '-0' }, true],
    ['says no unknown field', { '#15': ['varint 7'] }, false],
    ['says no unknown field within', { messages: [{ '#15': ['varint 7'] }] }, false],
    ['says no message of an unknown type', { any: { '@type': unknownType, '@bytes': 'AAEC' } }, false],
    [
      'says no long message of an unknown type',
      { any: { '@type': unknownType, '@bytes': 'AAEC'.repeat(999) } },
      false,
    ],
  ])('%s', (_, json, is) => {
    expect(isProtoJson(value, { json, bytes: '' }, registry)).toBe(is);
  });

  it('says so of megabytes by their beginning', () => {
    const json = { bytes: `${'AAEC'.repeat(256)} and what nobody has looked at` };
    expect(isProtoJson(value, { json, bytes: '' }, registry)).toBe(true);
  });
});

describe('what is read again and again', () => {
  const base64 = Buffer.from('0807', 'hex').toString('base64');

  it('is the same object, as long as it is short', () => {
    expect(readMessage(value, base64, types)).toEqual({ json: { int32: 7 } });
    expect(readMessage(value, base64, types)).toBe(readMessage(value, base64, types));
    const long = Buffer.from(field('5a', 'x'.repeat(120)).repeat(60), 'hex').toString('base64');
    expect(readMessage(value, long, types)).not.toBe(readMessage(value, long, types));
    expect(readMessage(value, long, types)).toEqual(readMessage(value, long, types));
  });

  it('is of one type and of no other', () => {
    expect(readMessage(value, 'EAc=', types)).toEqual({ json: { int64: '7' } });
    expect(readMessage(older, 'EAc=', types)).toEqual({ json: { count: 7 } });
  });

  it('is that it is of no known type', () => {
    expect(readMessage(undefined, base64, types)).toEqual({
      problem: 'is of a method that is not described: CAc=',
    });
  });
});

describe('the details of a status', () => {
  const known = { '@type': 'type.googleapis.com/stitch.values.Value', int64: '9007199254740993' };
  const second = { '@type': 'type.googleapis.com/stitch.values.Value', string: 'second' };

  it('come back as they were sent, in order', () => {
    const status = statusWith(9, 'with details', [known, second], registry);
    expect(detailsOf(Buffer.from(status, 'base64'), registry)).toEqual([known, second]);
  });

  it('are none in a status that has none, and in none at all', () => {
    expect(detailsOf(Buffer.from(statusWith(5, 'no', [], registry), 'base64'), registry)).toEqual([]);
    expect(statusWith(0, '', [], registry)).toBe('');
    expect(detailsOf(Buffer.alloc(0), registry)).toEqual([]);
  });

  it('of a type that nobody knows are its bytes', () => {
    const inside = Buffer.from(field('0a', 'nobody/Knows') + field('12', 'x'), 'hex');
    expect(detailsOf(Buffer.from(field('1a', inside), 'hex'), registry)).toEqual([
      { '@type': 'nobody/Knows', '@bytes': 'eA==' },
    ]);
  });

  it('that cannot be read are one text that says so', () => {
    expect(detailsOf(Buffer.from('1aff', 'hex'), registry)).toEqual([
      expect.stringMatching(/^is no google\.rpc\.Status: /),
    ]);
  });
});

describe('types', () => {
  it('are the methods of all services, by path, with their kinds', async () => {
    const { types: streams } = await loadContracts([path.join(rootFolder, 'contracts', 'streams')]);
    const kinds = new Set([...streams.methods.values()].map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['unary', 'client-streams', 'server-streams', 'bidi-streams']));
    for (const [name, method] of streams.methods) expect(method.path).toBe(name);
    const again = readTypes(Buffer.from(streams.files, 'base64'));
    expect([...again.methods.keys()]).toEqual([...streams.methods.keys()]);
  });

  it('are none for who has none', () => {
    expect([noTypes.files, noTypes.methods.size]).toEqual(['', 0]);
  });

  it('have every import', () => {
    // FileDescriptorSet { file: [{ name: "a.proto", dependency: ["b.proto"] }] }
    const file = Buffer.from(field('0a', 'a.proto') + field('1a', 'b.proto'), 'hex');
    expect(thrownBy(() => readTypes(Buffer.from(field('0a', file), 'hex')))).toMatch(/b\.proto/);
  });
});
