/** What crossed, as a case: read again, it is what crossed. */
import { describe, expect, it } from 'vitest';
import { payloadOf } from '../../messages/payload.ts';
import type { Json } from '../../model/message.ts';
import { Code } from '../../model/status.ts';
import { builderFor } from '../builder.ts';
import { casesIn } from '../cases.ts';
import { loadContracts, ownContracts } from '../load.ts';
import { readYaml } from '../source-node.ts';
import { caseFile } from './case-text.ts';
import { type Heard, recordedCase } from './recorded.ts';

const { types } = await loadContracts(ownContracts());

function methodNamed(path: string) {
  const found = types.methods.get(path);
  if (!found) throw new Error(path);
  return found;
}
const carry = methodNamed('/stitch.values.Values/Carry');
const chat = methodNamed('/stitch.streams.Streams/Chat');
const download = methodNamed('/stitch.streams.Streams/Download');

function heard(method: Heard['method'], more: Partial<Heard>): Heard {
  const steps = (more.requests ?? []).map(({ json = {} }) => ({
    send: payloadOf(method.request, json, types.registry),
  }));
  return {
    method,
    steps,
    metadata: [],
    requests: [],
    responses: [],
    headers: [],
    trailers: [],
    code: 0,
    message: '',
    ...more,
  };
}

/** The case, as it is written and read. */
function readBack(call: Heard) {
  const text = caseFile(
    call.method.path.slice(1),
    [recordedCase('recorded', call, types.registry)],
    undefined,
  );
  const file = { ...readYaml('case.yaml', text), group: 'recorded', isScripted: false };
  const [scenario] = casesIn(file, builderFor('recorded', types, new Set()));
  const step = scenario?.steps[0];
  if (step?.do !== 'calls' || !step.calls[0]) throw new Error(text);
  return { ...step.calls[0], text };
}

const messages = (...jsons: readonly Json[]) => jsons.map((json) => ({ json }));
const awkward: Json = {
  int64: '-9223372036854775808',
  uint64: '18446744073709551615',
  float: '-0',
  double: 'NaN',
  bytes: 'AP8=',
  colour: 99,
  by_name: { 'a: b': 1 },
  '#15': ['varint 7', 'bytes 00'],
  nested: { '#15': ['32-bit 01000000'], nested: { '#99': ['64-bit 0100000000000000'] } },
  messages: [{ int32: 1 }, { '#15': ['varint 8'] }],
  by_number: { '-5': { '#15': ['varint 9'] } },
  value: { '#15': ['varint 10'] },
};

describe('a recorded case', () => {
  it('has awkward values with all their digits, and fields that nobody knows', () => {
    const {
      expect: wanted,
      spec,
      text,
    } = readBack(heard(carry, { requests: messages(awkward), responses: messages(awkward) }));
    expect(text).toContain('int64: -9223372036854775808');
    expect(wanted.responses).toEqual([{ json: awkward }]);
    expect(spec.steps).toMatchObject([{ send: { json: awkward } }]);
  });

  it('has the status with its message and details, also of types that nobody knows', () => {
    const details = [
      { '@type': 'type.googleapis.com/stitch.values.Value', int64: '9007199254740993' },
      { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', '@bytes': 'CgFh' },
    ];
    const { expect: wanted, script } = readBack(
      heard(carry, { requests: messages({}), code: Code.ABORTED, message: '100 %, "ü"\n', details }),
    );
    expect(wanted).toMatchObject({ code: Code.ABORTED, message: '100 %, "ü"\n', details, responses: [] });
    const end = script?.steps.find((step) => 'end' in step);
    expect(Buffer.from(end?.end.details ?? '', 'base64').toString('latin1')).toContain(
      'google.rpc.ErrorInfo\x12\x03\x0a\x01a',
    );
  });

  it('has what the application sent around it, and not what servers add by themselves', () => {
    const { expect: wanted, spec } = readBack(
      heard(carry, {
        requests: messages({}),
        responses: messages({}),
        metadata: [{ key: 'x-tenant', text: '7' }],
        headers: [
          { key: 'x-a', text: 'one' },
          { key: 'x-a', text: 'two' },
          { key: 'server', text: 'envoy' },
        ],
        trailers: [{ key: 'x-b-bin', binary: 'AP8=' }],
      }),
    );
    expect(wanted.headers).toEqual([
      { key: 'x-a', text: 'one' },
      { key: 'x-a', text: 'two' },
    ]);
    expect(wanted.trailers).toEqual([{ key: 'x-b-bin', binary: 'AP8=' }]);
    expect(spec.metadata).toEqual([{ key: 'x-tenant', text: '7' }]);
  });

  it('has messages in front of a status, and none', () => {
    const some = readBack(
      heard(download, {
        requests: messages({ number: 3 }),
        responses: messages({ number: 1 }, { number: 1 }),
        code: 14,
        message: '',
      }),
    );
    expect(some.expect).toMatchObject({ code: 14, responses: messages({ number: 1 }, { number: 1 }) });
    expect(some.text).toContain('status: UNAVAILABLE');
    const none = readBack(heard(download, { requests: messages({}) }));
    expect(none.text).toContain('responses: []');
  });

  it('has what was waited for, in its order', () => {
    const [one, two] = messages({ number: 1 }, { number: 2 });
    const send = (json: Json) => ({ send: payloadOf(chat.request, json, types.registry) });
    const { text } = readBack(
      heard(chat, {
        steps: [send({ number: 1 }), { receive: 1 }, send({ number: 2 })],
        requests: [one ?? {}, two ?? {}],
        responses: messages({ number: 1 }, { number: 2 }, { number: 3 }),
      }),
    );
    expect(text.slice(text.indexOf('exchange'))).toBe(
      [
        'exchange:',
        '      - { send: { number: 1 } }',
        '      - { receive: { number: 1 } }',
        '      - { send: { number: 2 } }',
        '      - close',
        '      - { receive: { number: 2 } }',
        '      - { receive: { number: 3 } }',
        '',
      ].join('\n'),
    );
  });

  it.each<[string, Partial<Heard>, RegExp]>([
    ['a status that is none', { code: 99 }, /^nothing was recorded: the status was code 99$/],
    ['OK without its response', {}, /^nothing was recorded: OK came with 0 responses/],
    [
      'a message that could not be read',
      { responses: [{ problem: 'is no Value' }] },
      /^nothing was recorded: a message that crossed is no Value$/,
    ],
  ])('is not made of %s', (_, more, says) => {
    expect(() =>
      recordedCase('recorded', heard(carry, { requests: messages({}), ...more }), types.registry),
    ).toThrow(says);
  });
});
