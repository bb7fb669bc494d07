import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../fixtures/values.ts';
import { serviceFile } from '../../folders.ts';
import { type Kind, loadMethods, type MessageType } from './descriptor.ts';
import { decodeFields } from './fields.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const text = (value: string) => Buffer.from(value).toString('hex');

function typeOf(kind: Kind, hasPresence = false): MessageType {
  return { name: 'T', fields: new Map([[1, { number: 1, name: 'a', kind, hasPresence }]]) };
}

describe('the description of the service', () => {
  const methods = loadMethods(serviceFile);

  it('says what PickOne takes and gives', () => {
    expect(methods.find('/Manage/PickOne')).toEqual({
      request: {
        name: 'NameRequest',
        fields: new Map([[1, { number: 1, name: 'name', kind: 'string', hasPresence: false }]]),
      },
      response: {
        name: 'Expirement',
        fields: new Map([
          [1, { number: 1, name: 'name', kind: 'string', hasPresence: false }],
          [2, { number: 2, name: 'id', kind: 'int32', hasPresence: false }],
          [3, { number: 3, name: 'skill', kind: 'string', hasPresence: false }],
        ]),
      },
    });
  });

  it('has no other method', () => {
    expect(methods.find('/Manage/PickTwo')).toBeUndefined();
    expect(methods.find('')).toBeUndefined();
  });

  it('knows names with a package, messages, lists and what can be absent', () => {
    const peer = loadMethods(path.join(import.meta.dirname, '../../fixtures/wire.proto'));
    expect(peer.find('/a.b.Sorts/Show')?.request).toEqual({
      name: 'a.b.Sort',
      fields: new Map([
        [1, { number: 1, name: 'snake_case', kind: 'uint64', hasPresence: false }],
        [2, { number: 2, name: 'maybe', kind: 'bool', hasPresence: true }],
        [3, { number: 3, name: 'self', kind: 'raw', hasPresence: true }],
        [4, { number: 4, name: 'list', kind: 'raw', hasPresence: false }],
        [5, { number: 5, name: 'colour', kind: 'int32', hasPresence: false }],
        [6, { number: 6, name: 'map', kind: 'raw', hasPresence: false }],
      ]),
    });
  });

  it('is a file that can be read', () => {
    expect(messageOf(() => loadMethods('/nowhere/a.proto'))).toContain('/nowhere/a.proto');
    expect(messageOf(() => loadMethods(import.meta.filename))).toContain('illegal');
  });
});

describe('a field', () => {
  // The examples of protobuf.dev, "Encoding", among them.
  it.each<[Kind, string, string | number | boolean]>([
    ['int32', '08 96 01', 150],
    ['int32', '08 fe ff ff ff ff ff ff ff ff 01', -2],
    ['int32', '08 ff ff ff ff 07', 2_147_483_647],
    ['int32', '08 80 80 80 80 10', 0],
    ['uint32', '08 ff ff ff ff 0f', 4_294_967_295],
    ['sint32', '08 03', -2],
    ['sint32', '08 ff ff ff ff 0f', -2_147_483_648],
    ['int64', '08 ff ff ff ff ff ff ff ff 7f', '9223372036854775807'],
    ['int64', '08 fe ff ff ff ff ff ff ff ff 01', '-2'],
    ['uint64', '08 ff ff ff ff ff ff ff ff ff 01', '18446744073709551615'],
    ['uint64', '08 ff ff ff ff ff ff ff ff ff 7f', '18446744073709551615'],
    ['sint64', '08 ff ff ff ff ff ff ff ff ff 01', '-9223372036854775808'],
    ['sint64', '08 02', '1'],
    ['bool', '08 01', true],
    ['bool', '08 80 80 80 80 80 80 80 01', true],
    ['bool', '08 80 00', false],
    ['fixed32', '0d ff ff ff ff', 4_294_967_295],
    ['sfixed32', '0d fe ff ff ff', -2],
    ['float', '0d 00 00 c0 3f', 1.5],
    ['float', '0d 00 00 80 7f', 'Infinity'],
    ['fixed64', '09 ff ff ff ff ff ff ff ff', '18446744073709551615'],
    ['sfixed64', '09 fe ff ff ff ff ff ff ff', '-2'],
    ['double', '09 00 00 00 00 00 00 f8 bf', -1.5],
    ['double', '09 00 00 00 00 00 00 f8 7f', 'NaN'],
    ['string', '0a 07 74 65 73 74 69 6e 67', 'testing'],
    ['string', '0a 02 c3 a9', 'é'],
    ['bytes', '0a 02 00 ff', '00ff'],
    ['raw', '0a 03 08 96 01', '089601'],
    ['raw', '08 96 01 08 02', '9601 02'],
  ])('%s %s', (kind, bytes, value) => {
    expect(decodeFields(hex(bytes), typeOf(kind))).toEqual({ fields: { a: value } });
  });

  it.each<[Kind, string | number | boolean]>([
    ['int32', 0],
    ['double', 0],
    ['fixed64', '0'],
    ['int64', '0'],
    ['bool', false],
    ['string', ''],
    ['bytes', ''],
    ['raw', ''],
  ])('%s that is absent', (kind, value) => {
    expect(decodeFields(hex(''), typeOf(kind))).toEqual({ fields: { a: value } });
    expect(decodeFields(hex(''), typeOf(kind, true))).toEqual({ fields: {} });
  });

  it('that comes twice: the last counts', () => {
    expect(decodeFields(hex('08 01 08 02'), typeOf('int32'))).toEqual({ fields: { a: 2 } });
  });
});

describe('what is off is said, and the rest is read', () => {
  const methods = loadMethods(serviceFile);
  const type = methods.find('/Manage/PickOne')?.response as MessageType;
  const stitch = `0a 06 ${text('Stitch')}`;

  it.each([
    ['a field that is not described', `${stitch} 48 07`, 'has field 9, which Expirement has not'],
    ['a string for a number', `${stitch} 12 01 37`, 'has field 2 (id) as LEN; int32 is VARINT'],
    ['a number of another size', `${stitch} 15 07 00 00 00`, 'has field 2 (id) as I32; int32 is VARINT'],
    ['a number for a string', `${stitch} 18 07`, 'has field 3 (skill) as VARINT; string is LEN'],
    ['an end within a string', `${stitch} 1a 09 41`, 'ends within field 3 (skill): 8 bytes are missing'],
    ['an end within a fixed number', `${stitch} 4d 00 00 00`, 'ends within field 9: 1 byte is missing'],
    ['an end within a number', `${stitch} 10 80`, 'ends within field 2 (id)'],
    ['an end within a length', `${stitch} 1a 80`, 'ends within field 3 (skill)'],
    ['an end behind a tag', `${stitch} 10`, 'ends within field 2 (id)'],
    ['an end within a tag', `${stitch} 90`, 'ends within a tag'],
    ['field 0', `${stitch} 02 00`, 'has a tag of field number 0'],
    [
      'a number that never ends',
      `${stitch} 10 ${'ff '.repeat(11)}`,
      'has a varint of more than ten bytes in field 2 (id)',
    ],
    ['a group', `${stitch} 13 14`, 'has field 2 (id) as SGROUP, which is not used any more or never was'],
    [
      'wire type 6',
      `${stitch} 16`,
      'has field 2 (id) as wire type 6, which is not used any more or never was',
    ],
    ['a tag beyond all', `${stitch} ff ff ff ff 7f`, 'has a tag of field number 4294967295'],
  ])('%s', (_, bytes, problem) => {
    expect(decodeFields(hex(bytes), type)).toEqual({ fields: { name: 'Stitch', id: 0, skill: '' }, problem });
  });

  it('a string that is not UTF-8', () => {
    expect(decodeFields(hex('0a 03 41 ff 42 10 07'), type)).toEqual({
      fields: { name: 'A\ufffdB', id: 7, skill: '' },
      problem:
        'has field 1 (name) that is not UTF-8; "A string must always contain UTF-8 encoded or 7-bit ASCII text"',
    });
  });

  it('four of many', () => {
    expect(decodeFields(hex('48 01'.repeat(9)), type).problem?.split('; ')).toHaveLength(4);
  });
});
