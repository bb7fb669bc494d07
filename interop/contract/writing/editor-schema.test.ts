/** The schema for editors: what the reader of cases takes, it takes, and what a person gets wrong, it underlines. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rootFolder } from '../../folders.ts';
import { caseKeys } from '../case.ts';
import { loadContracts, ownContracts, typesIn } from '../load.ts';
import { contractFiles } from './contract-files.ts';
import { editorSchema } from './editor-schema.ts';

const values = path.join(rootFolder, 'contracts', 'values');

/** As an editor does: numbers are doubles, and NaN is one. */
function validatorOf(schema: object) {
  return new Ajv({ strict: false, strictNumbers: false }).compile(schema);
}

const validate = validatorOf(editorSchema(await typesIn(values)));

function problems(text: string, by = validate): string {
  by(parse(text, { version: '1.2' }));
  return (by.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ');
}

describe("the project's own cases are right", () => {
  const files = globSync('cases/**/*.yaml', { cwd: values });

  it('are there', () => expect(files.length).toBeGreaterThan(2));

  it.each(files)('%s', (file) => {
    expect(problems(readFileSync(path.join(values, file), 'utf8'))).toBe('');
  });
});

describe('first cases of every method are right', async () => {
  const { contracts } = await loadContracts(ownContracts());
  it.each(contracts.map(({ name, types }) => [name, types] as const))('%s', (name, types) => {
    const services = [...types.registry].flatMap((desc) => (desc.kind === 'service' ? desc.typeName : []));
    const made = contractFiles(name, { types, services, from: { protos: [], sources: [] } });
    const own = validatorOf(editorSchema(types));
    const cases = [...made].filter(([file]) => file.endsWith('.yaml') && file.startsWith('cases/'));
    expect(cases.length).toBe(types.methods.size);
    for (const [, text] of cases) expect(problems(String(text), own)).toBe('');
  });
});

function aCase(text: string, method = 'stitch.values.Values/Carry'): string {
  return `method: ${method}\ncases:\n  - name: one\n${text.replaceAll(/^/gm, '    ')}\n`;
}

describe('what is wrong is found', () => {
  it.each<[string, string]>([
    ['a field that there is not', 'request: { int23: 1 }\nresponse: {}'],
    ['one further in', 'request: { nested: { nested: { int23: 1 } } }\nresponse: {}'],
    ['an enum value that there is not', 'request: { colour: PINK }\nresponse: {}'],
    ['a code that there is not', 'request: {}\nstatus: NOTFOUND'],
    ['a code in an expectation', 'request: {}\nresponse: {}\ntimeout: 1s\nexpect: { status: DEADLINE }'],
    ['a key that there is not', 'request: {}\nresponse: {}\nrespones: []'],
    ['two members of a oneof', 'request: { word: a, number: 1 }\nresponse: {}'],
    ['an integer out of range', 'request: { int32: 2147483648 }\nresponse: {}'],
    ['a fraction', 'request: { int64: 1.5 }\nresponse: {}'],
    ['a number as text', 'request: { string: 1 }\nresponse: {}'],
    ['a list where one is wanted', 'requests: [{}]\nresponse: {}'],
    ['responses of a method that gives one', 'request: {}\nresponses: [{}]'],
    ['a field in an exchange', 'exchange: [{ send: { int23: 1 } }, { receive: {} }]'],
    ['a word in an exchange', 'exchange: [{ sent: {} }]'],
    ['a duration', 'request: {}\nresponse: {}\ndelay: 5'],
    [
      'a field of a detail',
      'request: {}\nstatus: { code: ABORTED, details: [{ "@type": stitch.values.Value, int23: 1 }] }',
    ],
    ['a detail without a type', 'request: {}\nstatus: { code: ABORTED, details: [{ int32: 1 }] }'],
    ['a count of one response', 'request: {}\nresponse: {}\ncount: [1, 2]'],
    ['a rule that there is not', 'request: {}\nresponse: {}\nvalues: { int32: { near: 5 } }'],
    ['a place of another message', 'request: {}\nresponse: {}\nvalues: { int23: 5 }'],
    ['a key of metadata', 'request: {}\nresponse: {}\nmetadata: { X-Key: a }'],
  ])('%s', (_, text) => {
    expect(problems(aCase(text))).not.toBe('');
  });

  it('a method that there is not', () => {
    expect(problems(aCase('request: {}\nresponse: {}', 'stitch.values.Values/Cary'))).toMatch(/method/);
  });

  it('a field of the method that the case names, and not of the one that the file names', () => {
    const text = (field: string) =>
      aCase(`method: stitch.values.OlderValues/Carry\nrequest: { ${field} }\nresponse: { name: a }`);
    expect(problems(text('name: a, count: 7'))).toBe('');
    expect(problems(text('name: a, int32: 7'))).not.toBe('');
  });
});

describe('what is right is left alone', () => {
  it.each<[string, string]>([
    [
      '64-bit integers with and without quotes',
      'request: { int64: 9007199254740993, uint64: "18446744073709551615" }\nresponse: {}',
    ],
    ['a member of a oneof, and none', 'request: { word: a }\nresponse: {}'],
    [
      'fields that nobody knows',
      'request: { "#15": ["varint 7"], nested: { "#99": ["bytes 00"] } }\nresponse: {}',
    ],
    ['names as in JSON', 'request: { byName: { a: 1 } }\nresponse: {}'],
    [
      'a type with its host',
      'request: { any: { "@type": type.googleapis.com/stitch.values.Value, int32: 1 } }\nresponse: {}',
    ],
    ['an exchange', 'exchange: [{ send: { int32: 1 } }, { wait: 20ms }, { receive: {} }]'],
    [
      'what may be otherwise',
      'request: {}\nresponse: {}\nmatch: partial\nvalues: { int32: any, nested.list: { length: [1, null] }, string: { type: text } }',
    ],
    ['cancelling', 'request: {}\ncancel: 200ms\nresponse: {}'],
  ])('%s', (_, text) => {
    expect(problems(aCase(text))).toBe('');
  });
});

it('knows every key that a case may have', async () => {
  const schema = editorSchema(await typesIn(values)) as {
    readonly definitions: { readonly case: { readonly properties: object } };
  };
  expect(Object.keys(schema.definitions.case.properties).toSorted()).toEqual(caseKeys.toSorted());
});
