/** A case more, and every other character as it was. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readRecording, withCase } from './append.ts';

const method = 'shop.v1.Payments/Charge';
const item = { name: 'recorded', request: { amount: 1n }, response: {} };

function added(text: string | undefined, of = method, schema?: string): string {
  const recording = readRecording('case.yaml', text);
  return withCase(recording, of, { ...item, name: recording.name }, schema);
}

const item2 = '  - name: recorded\n    request: { amount: 1 }\n    response: {}\n';
const two = `method: ${method}\ncases:\n  - name: one\n    request: {} # all of it\n    response: {}\n`;

describe('a case more', () => {
  it.each<[string, string, string]>([
    ['behind the others', two, `${two}${item2}`],
    ['behind a last line without an end', two.trimEnd(), `${two}${item2}`],
    [
      'behind comments at the end',
      `${two}    # about one\n# about all\n`,
      `${two}    # about one\n# about all\n${item2}`,
    ],
    [
      'in front of what follows, and of its comment',
      `cases:\n  - name: one\n    response: {}\n    # about one\n\n# about the method\nmethod: ${method}\n`,
      `cases:\n  - name: one\n    response: {}\n    # about one\n${item2}\n# about the method\nmethod: ${method}\n`,
    ],
    [
      'as deep as the others',
      `method: ${method}\ncases:\n- name: one\n  response: {}\n`,
      `method: ${method}\ncases:\n- name: one\n  response: {}\n- name: recorded\n  request: { amount: 1 }\n  response: {}\n`,
    ],
    ['where there is none yet', `method: ${method}\ncases:\n`, `method: ${method}\ncases:\n${item2}`],
    [
      'in place of an empty list',
      `cases: [] # none\nmethod: ${method}\n`,
      `cases: # none\n${item2}method: ${method}\n`,
    ],
    ['behind a method alone', `method: ${method}\n`, `method: ${method}\ncases:\n${item2}`],
    [
      'with line breaks of another sort',
      two.replaceAll('\n', '\r\n'),
      `${two.replaceAll('\n', '\r\n')}${item2}`,
    ],
  ])('%s', (_, before, after) => {
    expect(added(before)).toBe(after);
    const { cases } = parse(after) as { readonly cases: readonly { readonly name: string }[] };
    expect(cases.at(-1)).toEqual({ name: 'recorded', request: { amount: 1 }, response: {} });
  });

  it('names its method, where the file is of another', () => {
    expect(added(two, 'shop.v1.Payments/Refund')).toBe(
      `${two}  - name: recorded\n    method: shop.v1.Payments/Refund\n    request: { amount: 1 }\n    response: {}\n`,
    );
  });

  it('has a name of its own', () => {
    const once = added(two);
    expect(added(added(once))).toMatch(/- name: recorded\n.*- name: "recorded 2"\n.*- name: "recorded 3"\n/s);
  });

  it('begins a file', () => {
    expect(added(undefined, method, '../cases.schema.json')).toBe(
      `# yaml-language-server: $schema=../cases.schema.json\nmethod: ${method}\ncases:\n${item2}`,
    );
  });

  it.each([
    ['no file of cases', 'shop: 1\n', /^case\.yaml:1: a file of cases: unknown key "shop"/],
    ['no YAML', 'cases: [\n', /^case\.yaml:\d: /],
    [
      'a list on one line',
      'cases: [{ name: a }]\n',
      /^case\.yaml:1: cases: wanted a list with an item a line/,
    ],
  ])('not in %s', (_, text, says) => {
    expect(() => readRecording('case.yaml', text)).toThrow(says);
  });
});
