/** Whatever is wrong in a contract is an error before anything starts, with its place and the nearest right name. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { loadContracts } from './load.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stitch-contracts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const proto = `syntax = "proto3";
package shop.v1; enum State { STATE_UNSPECIFIED = 0; SETTLED = 1; }
message Charge { int64 amount = 1; uint32 count = 2; string currency = 3; oneof by { string card = 4; string iban = 5; } State state = 6; bool paid = 7; repeated string tags = 8; Charge nested = 9; }
message Refusal { string reason = 1; }
service Payments {
  rpc Pay(Charge) returns (Charge);
  rpc Follow(Charge) returns (stream Charge);
  rpc Total(stream Charge) returns (Charge);
}
`;

let made = 0;

/** A contract with these files beside its own; gives its folder. */
function aContract(files: Readonly<Record<string, string>>): string {
  const root = path.join(folder, `shop-${made++}`);
  const all = { 'contract.yaml': 'protos: [shop.proto]\ncases: cases.yaml\n', 'shop.proto': proto, ...files };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return root;
}

/** What is said of the contract; an error when it is fine. */
async function complaint(files: Readonly<Record<string, string>>): Promise<string> {
  try {
    await loadContracts([aContract(files)]);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('nothing was wrong');
}

function aCase(text: string, method = 'Pay'): Readonly<Record<string, string>> {
  return { 'cases.yaml': `method: shop.v1.Payments/${method}\ncases:\n  - name: one\n    ${text}\n` };
}

describe('a case', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    [
      'an unknown field',
      aCase('request: { amuont: 1 }\n    response: {}'),
      /cases\.yaml:4: shop\.v1\.Charge has no field "amuont"; did you mean "amount"\?$/,
    ],
    [
      'an unknown field further in',
      aCase('request: { nested: { nested: { curency: EUR } } }\n    response: {}'),
      /:4: shop\.v1\.Charge\.nested\.nested has no field "curency"; did you mean "currency"\?$/,
    ],
    [
      'two members of a oneof',
      aCase('request: { card: a, iban: b }\n    response: {}'),
      /:4: shop\.v1\.Charge: card and iban are both of the oneof by: at most one is set$/,
    ],
    [
      'an integer out of range',
      aCase('request: { count: 4294967296 }\n    response: {}'),
      /:4: shop\.v1\.Charge\.count: 4294967296 is out of the range of uint32, 0 to 4294967295$/,
    ],
    [
      'a 64-bit integer out of range',
      aCase('request: { amount: 9223372036854775808 }\n    response: {}'),
      /9223372036854775808 is out of the range of int64/,
    ],
    ['a fraction', aCase('request: { amount: 1.5 }\n    response: {}'), /amount: 1\.5 is no int64$/],
    ['a number as text', aCase('request: { currency: 1 }\n    response: {}'), /currency: 1 is no string$/],
    ['what YAML 1.1 bends', aCase('request: { paid: yes }\n    response: {}'), /paid: "yes" is no bool$/],
    [
      'an unknown enum value',
      aCase('request: { state: SETLED }\n    response: {}'),
      /state: "SETLED" is no shop\.v1\.State; did you mean "SETTLED"\?$/,
    ],
    ['no list', aCase('request: { tags: a }\n    response: {}'), /tags: wanted a list$/],
    [
      'an unknown key',
      aCase('request: {}\n    respone: {}'),
      /:5: a case: unknown key "respone"; did you mean "response"\?$/,
    ],
    [
      'one message too many',
      aCase('requests: [{}, {}]\n    response: {}'),
      /:4: shop\.v1\.Payments\/Pay has one request: wanted "request", got "requests"$/,
    ],
    [
      'responses where there is one',
      aCase('requests: [{}]\n    responses: [{}]', 'Total'),
      /:5: shop\.v1\.Payments\/Total has one response: wanted "response", got "responses"$/,
    ],
    [
      'both',
      aCase('request: {}\n    response: {}\n    responses: []', 'Follow'),
      /"response" and "responses"/,
    ],
    ['no request', aCase('response: {}'), /:3: "request" is missing$/],
    ['nothing that comes of it', aCase('request: {}'), /neither "response" nor "responses" nor "status"/],
    [
      'an unknown status',
      aCase('request: {}\n    status: NOTFOUND'),
      /:5: status: NOTFOUND is no status code; did you mean "NOT_FOUND"\?$/,
    ],
    [
      'an unknown detail',
      aCase('request: {}\n    status: { code: ABORTED, details: [{ "@type": shop.v1.Refusal, reson: a }] }'),
      /:5: shop\.v1\.Refusal has no field "reson"; did you mean "reason"\?$/,
    ],
    [
      'a time without a unit',
      aCase('request: {}\n    response: {}\n    timeout: 200'),
      /:6: timeout: wanted a duration/,
    ],
    [
      'a method that is not there',
      aCase('request: {}\n    response: {}', 'Pya'),
      /:1: no method shop\.v1\.Payments\/Pya is described; did you mean "shop\.v1\.Payments\/Pay"\?$/,
    ],
    [
      'a match that is none',
      aCase('request: {}\n    response: {}\n    match: most'),
      /:6: match: wanted partial$/,
    ],
    [
      'a value at a place that is not there',
      aCase('request: {}\n    response: {}\n    values: { nested.amonut: any }'),
      /:6: values: nested\.amonut: shop\.v1\.Charge has no field "amonut"; did you mean "amount"\?$/,
    ],
    [
      'a place in what has none',
      aCase('request: {}\n    response: {}\n    values: { amount.a: any }'),
      /:6: values: amount\.a: amount has no fields$/,
    ],
    [
      'a rule that is none',
      aCase('request: {}\n    response: {}\n    values: { amount: { rang: [1, 2] } }'),
      /:6: values\.amount: unknown key "rang"; did you mean "range"\?$/,
    ],
    [
      'two rules',
      aCase('request: {}\n    response: {}\n    values: { amount: { range: [1, 2], type: number } }'),
      /:6: values\.amount: wanted any, or one of type, pattern, range, length with what it is$/,
    ],
    [
      'a pattern that is none',
      aCase('request: {}\n    response: {}\n    values: { currency: { pattern: "(" } }'),
      /:6: values\.currency\.pattern: Invalid regular expression/,
    ],
    [
      'a range without bounds',
      aCase('request: {}\n    response: {}\n    values: { amount: { range: [null, null] } }'),
      /:6: values\.amount: wanted the least and the most/,
    ],
    [
      'a type that is none',
      aCase('request: {}\n    response: {}\n    values: { amount: { type: numbr } }'),
      /values\.amount\.type: wanted text, number, .* got numbr; did you mean "number"\?$/,
    ],
    [
      'a rule that the response breaks',
      aCase('request: {}\n    response: { amount: 7 }\n    values: { amount: { range: [1, 5] } }'),
      /:6: values: amount: the response of the case has "7" there: wanted range 1 to 5$/,
    ],
    [
      'a match beside what is expected',
      aCase('request: {}\n    response: {}\n    match: partial\n    expect: { responses: [{}] }'),
      /:6: "match" is of what is in "response", and "expect" says that otherwise$/,
    ],
    [
      'a count of what is one',
      aCase('request: {}\n    response: {}\n    count: [1, 2]'),
      /:6: count: shop\.v1\.Payments\/Pay gives one response$/,
    ],
    [
      'a count that the case itself has not',
      aCase('request: {}\n    responses: [{}]\n    count: [2, null]', 'Follow'),
      /:6: count: the case has 1 responses: wanted range at least 2$/,
    ],
    ['no YAML', { 'cases.yaml': 'cases: [\n' }, /cases\.yaml:\d: /],
    ['a key twice', aCase('request: {}\n    request: {}\n    response: {}'), /:\d: Map keys must be unique/],
    [
      'a name twice',
      {
        'cases.yaml':
          'method: shop.v1.Payments/Pay\ncases:\n  - { name: a, request: {}, response: {} }\n  - { name: A, request: {}, response: {} }\n',
      },
      /^cases\/a is in the contract \S+ and again in it: names are unique$/,
    ],
  ])('%s', async (_, files, says) => {
    expect(await complaint(files)).toMatch(says);
  });
});

describe('a contract', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, RegExp]>([
    [
      'a .proto that does not compile',
      { 'shop.proto': 'syntax = "proto3";\nmessage {\n' },
      /^shop\.proto:2:1:missing name after/,
    ],
    [
      'an import that is not there',
      { 'shop.proto': 'syntax = "proto3";\nimport "nowhere.proto";\n' },
      /^shop\.proto:2:1:imported file does not exist/,
    ],
    [
      'a .proto that is not there',
      { 'contract.yaml': 'protos: [nobody.proto]\ncases: cases.yaml\n' },
      /^nobody\.proto is not there: looked in /,
    ],
    [
      'an unknown key',
      { 'contract.yaml': 'proto: [shop.proto]\ncases: cases.yaml\n' },
      /contract\.yaml: unknown key "proto"; did you mean "protos"\?$/,
    ],
    ['cases that are not there', {}, /cases\.yaml is not there: "cases" of the contract shop-/],
    ['nothing to call', { 'contract.yaml': 'cases: cases.yaml\n' }, /neither "protos" nor "descriptors"/],
    ['nothing to play', { 'contract.yaml': 'protos: [shop.proto]\n' }, /no "cases": what is played\?$/],
    [
      'what is no set of descriptors',
      { 'contract.yaml': 'descriptors: shop.proto\ncases: cases.yaml\n' },
      /^the descriptors of the contract shop-\d+: /,
    ],
  ])('%s', async (_, files, says) => {
    expect(await complaint(files)).toMatch(says);
  });

  it('that is not there', async () => {
    await expect(loadContracts([path.join(folder, 'nowhere')])).rejects.toThrow(
      /contract\.yaml cannot be read: ENOENT\n {2}hint: a contract is a folder with a contract\.yaml$/,
    );
  });

  it('and another that say different things of one message', async () => {
    const cases = aCase('request: {}\n    response: {}');
    const [one, other] = [
      aContract(cases),
      aContract({
        'cases.yaml': cases['cases.yaml']?.replace('name: one', 'name: other') ?? '',
        'shop.proto': proto.replace('repeated string tags = 8;', ''),
      }),
    ];
    await expect(loadContracts([one, other])).rejects.toThrow(
      /^the contracts shop-\d+ and shop-\d+ each have a shop\.v1\.\w+ of their own\n {2}hint: /,
    );
  });
});

it('keeps a descriptor set of more than 5 MiB', async () => {
  const name = 'a'.repeat(800);
  const messages = Array.from({ length: 4_000 }, (_, index) => `message M${index} { string ${name} = 1; }`);
  const root = aContract({
    'shop.proto': `${proto}${messages.join('\n')}\n`,
    ...aCase('request: { amount: 1 }\n    response: {}'),
  });
  const { types, scenarios } = await loadContracts([root]);
  expect(scenarios.length).toBe(1);
  expect(types.files.length).toBeGreaterThan(5 * 1024 * 1024);
}, 60_000);

it('reads 2,000 cases', async () => {
  const cases = Array.from(
    { length: 2_000 },
    (_, index) => `  - { name: case ${index}, request: { amount: ${index} }, response: { count: ${index} } }`,
  );
  const root = aContract({ 'cases.yaml': `method: shop.v1.Payments/Pay\ncases:\n${cases.join('\n')}\n` });
  const { scenarios } = await loadContracts([root]);
  expect(scenarios.length).toBe(2_000);
});
