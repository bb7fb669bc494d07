import { describe, expect, it } from 'vitest';
import { aCall, aFailure, anEvidence, aRecord, aServed, askFor } from '../fixtures/values.ts';
import { aFrame, aMessage, aRequest, aStream, aWire } from '../fixtures/wire.ts';
import { type CallEvidence, wireOf } from '../model/evidence.ts';
import type { Json } from '../model/message.ts';
import type { Outcome } from '../model/outcome.ts';
import { keepEvidence, keepOutcome } from './evidence.ts';

const passed: Outcome = { kind: 'passed' };

function failedAt(...calls: readonly number[]): Outcome {
  return aFailure(calls.map((call) => ({ call, witness: 'client', what: 'status', wanted: 'a', got: 'b' })));
}

function streamsOf(call: CallEvidence | undefined) {
  return (call && wireOf(call)?.streams) ?? [];
}

function calls(count: number) {
  return Array.from({ length: count }, (_, index) => anEvidence({ index }));
}

describe('the outcome that is kept', () => {
  it('has the first twenty mismatches, and how many there were more', () => {
    const few = failedAt(...Array(20).keys());
    expect(keepOutcome(few)).toBe(few);
    expect(keepOutcome(failedAt(...Array(1000).keys()))).toEqual({ ...few, omitted: 980 });
    expect(keepOutcome(passed)).toBe(passed);
  });
});

describe('the evidence that is kept', () => {
  it.each<[number, Outcome, readonly number[], number]>([
    [0, passed, [], 0],
    [4, passed, [0, 1, 2, 3], 0],
    [5, passed, [0, 1, 2, 3], 1],
    [1000, passed, [0, 1, 2, 3], 996],
    [4, failedAt(3), [0, 1, 2, 3], 0],
    [100, failedAt(57), [57, 0, 1, 2], 96],
    [100, failedAt(57, 57, 9), [9, 57, 0, 1], 96],
    [100, failedAt(1, 2, 3, 4, 5, 6), [1, 2, 3, 4], 96],
  ])('of %i calls', (count, outcome, kept, omitted) => {
    const evidence = keepEvidence(calls(count), outcome);
    expect(evidence.calls.map((call) => call.index)).toEqual(kept);
    expect(evidence.omitted).toBe(omitted);
  });

  it('is whole when it is small', () => {
    const [small] = calls(1);
    expect(keepEvidence(calls(1), passed)).toEqual({ calls: [small], omitted: 0 });
  });

  it('says nothing for a client that said nothing', () => {
    const silent = anEvidence({ client: 'silent' });
    expect(keepEvidence([silent], passed).calls).toEqual([silent]);
  });

  it('has the first 512 characters of each text, and says so', () => {
    const long = 'a'.repeat(513);
    const cut = `${'a'.repeat(512)}… (513 characters)`;
    const entries = [
      { key: 'x', text: long },
      { key: 'x-bin', binary: long },
    ];
    const cutEntries = [
      { key: 'x', text: cut },
      { key: 'x-bin', binary: cut },
    ];
    const answer = (text: string) => ({
      message: text,
      details: [{ '@type': 'a', text }],
      responses: [{ json: { name: text, list: [{ text }] } }, { problem: text }],
      unusable: text,
    });
    const called = (text: string, metadata: typeof entries) =>
      anEvidence({
        call: aCall({ metadata, steps: [{ send: { json: { name: text }, bytes: text } }, { cancel: true }] }),
        expect: {
          code: 0,
          served: 'answered',
          elapsedMs: { min: 1, max: 2 },
          message: text,
          details: [text],
          requests: [{ json: text }],
          responses: [{ json: { name: text }, times: 2 }],
          headers: metadata,
          trailers: metadata,
          metadata,
        },
        client: aRecord({ ...answer(text), headers: metadata, trailers: metadata }),
        server: [aServed({ ...answer(text), requests: [{ json: { name: text } }], metadata })],
      });
    expect(keepEvidence([called(long, entries)], passed).calls).toEqual([called(cut, cutEntries)]);
  });

  it('has whole what is 512 characters long', () => {
    const call = anEvidence({ call: aCall({ metadata: [{ key: 'x', text: 'a'.repeat(512) }] }) });
    expect(keepEvidence([call], passed).calls).toEqual([call]);
  });

  it('has 24 metadata entries, and says how many more there were', () => {
    const entries = Array.from({ length: 200 }, (_, index) => ({ key: `k${index}`, text: '1' }));
    const kept = keepEvidence([anEvidence({ call: aCall({ metadata: entries }) })], passed).calls[0]?.call;
    expect(kept?.metadata).toEqual([...entries.slice(0, 24), { key: '…', text: '176 more' }]);
  });

  it('has every witness, in the order of the path', () => {
    const { path } = anEvidence({ wire: aWire(), unknowing: ['server'] });
    const [client, wire, server] = path;
    const longer = anEvidence({ path: [client, wire, wire, server] as CallEvidence['path'] });
    const kept = keepEvidence([longer], passed).calls[0];
    expect(kept?.path.map(({ at }) => at)).toEqual(['client', 'wire', 'wire', 'server']);
    expect(kept?.path.at(-1)).toEqual(server);
  });

  it('has 24 messages and steps, and the number of the others', () => {
    const all = Array.from({ length: 30 }, (_, id) => ({ json: { id }, times: 2 }));
    const steps = Array.from({ length: 30 }, (_, index) => askFor(String(index)));
    const call = anEvidence({
      call: aCall({ steps }),
      client: aRecord({ responses: all }),
      server: [aServed({ requests: all.slice(0, 25) })],
    });
    const kept = keepEvidence([call], passed).calls[0];
    const [client, server] = kept?.path ?? [];
    expect(client).toMatchObject({ record: { responses: [...all.slice(0, 24), { json: '…', times: 12 }] } });
    expect(server).toMatchObject({ records: [{ requests: [...all.slice(0, 24), { json: '…', times: 2 }] }] });
    expect(kept?.call.steps).toEqual([...steps.slice(0, 24), { send: { json: '…', bytes: '' }, times: 6 }]);
  });

  it.each<[string, Json, Json]>([
    ['a small one', { a: [1, '2', { b: null }], c: true }, { a: [1, '2', { b: null }], c: true }],
    [
      'a long list',
      { list: Array.from({ length: 30 }, (_, index) => index) },
      { list: [...Array(24).keys(), '… 6 more'] },
    ],
    [
      'a large map',
      { map: Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`k${index}`, index])) },
      {
        map: {
          ...Object.fromEntries(Array.from({ length: 24 }, (_, index) => [`k${index}`, index])),
          '…': '2 more',
        },
      },
    ],
    ['one that is no object', 'a'.repeat(513), `${'a'.repeat(512)}… (513 characters)`],
    [
      'one with much in it, which is cut where there is no more room',
      Array.from({ length: 12 }, () => ({ text: 'x'.repeat(500), id: 1 })),
      [
        ...Array.from({ length: 8 }, () => ({ text: 'x'.repeat(500), id: 1 })),
        { text: 'x'.repeat(500), '…': '1 more' },
        '… 3 more',
      ],
    ],
  ])('of a message: %s', (_, json, kept) => {
    const call = anEvidence({ client: aRecord({ responses: [{ json }] }) });
    const [client] = keepEvidence([call], passed).calls[0]?.path ?? [];
    expect(client).toMatchObject({ record: { responses: [{ json: kept }] } });
  });

  it('leaves what it was given as it was', () => {
    const given = [anEvidence({ call: aCall({ steps: [askFor('a'.repeat(600))] }) }), ...calls(6)];
    const before = structuredClone(given);
    keepEvidence(given, failedAt(5));
    expect(given).toEqual(before);
  });
});

describe('of what crossed is kept', () => {
  const frames = Array.from({ length: 60 }, (_, number) => aFrame(number, 'client', 'DATA'));
  const long = 'x'.repeat(600);
  const stream = aStream({
    frames,
    omitted: 5,
    request: aRequest({
      headers: Array.from({ length: 50 }, (_, index) => ({ name: `k${index}`, value: long })),
      messages: Array.from({ length: 9 }, () => aMessage({ name: long })),
    }),
  });
  const wire = aWire({ streams: Array.from({ length: 9 }, () => stream) });

  function kept(outcome: Outcome = passed) {
    return streamsOf(keepEvidence([anEvidence({ wire })], outcome).calls[0]);
  }

  it('four streams, the first and the last twelve frames of each, and how many there were more', () => {
    expect(kept()).toHaveLength(4);
    expect(kept()[0]?.frames.map(({ number }) => number)).toEqual([
      ...Array(12).keys(),
      ...Array.from({ length: 12 }, (_, index) => 48 + index),
    ]);
    expect(kept()[0]?.omitted).toBe(5 + 36);
  });

  it('and the frame that proves the verdict', () => {
    const proof = { call: 0, stream: 1, frame: 30 };
    const failed: Outcome = {
      ...failedAt(0),
      blame: { side: 'client', because: 'it is so', proof },
    } as Outcome;
    expect(kept(failed)[1]?.frames.map(({ number }) => number)).toContain(30);
    expect(kept(failed)[0]?.frames.map(({ number }) => number)).not.toContain(30);
    const broken: Outcome = { kind: 'broken', by: 'client', stage: 'call', reason: 'silent', proof };
    expect(kept(broken)[1]?.frames.map(({ number }) => number)).toContain(30);
  });

  it('each header block once', () => {
    const block = [{ name: 'te', value: long }];
    const informational = aFrame(5, 'server', 'HEADERS', { headers: block });
    const one = aStream({ frames: [...aStream().frames, informational] });
    const [call] = keepEvidence([anEvidence({ wire: aWire({ streams: [one] }) })], passed).calls;
    const shown = streamsOf(call)[0]?.frames.map(({ number, headers }) => [number, headers?.length]);
    expect(shown).toEqual([
      [0, undefined],
      [1, undefined],
      [2, undefined],
      [3, undefined],
      [4, undefined],
      [5, 1],
    ]);
  });

  it('forty headers, four messages, 512 characters of each text', () => {
    const request = kept()[0]?.request;
    expect(request?.headers).toHaveLength(41);
    expect(request?.headers.at(-1)).toEqual({ name: '…', value: '10 more' });
    expect(request?.headers[0]?.value).toBe(`${'x'.repeat(512)}… (600 characters)`);
    expect(request?.messages).toHaveLength(4);
    expect(request?.messages[0]?.json).toEqual({ name: `${'x'.repeat(512)}… (600 characters)` });
    expect(request?.omitted).toBe(5);
  });

  it('and the message that the frame carried which proves the verdict', () => {
    const messages = Array.from({ length: 9 }, (_, frame) => aMessage({ id: frame }, { frame }));
    const request = aRequest({ messages, omitted: 3 });
    const one = anEvidence({ wire: aWire({ streams: [aStream({ request })] }) });
    const proof = { call: 0, stream: 0, frame: 7 };
    const broken: Outcome = { kind: 'broken', by: 'client', stage: 'call', reason: 'silent', proof };
    const kept = streamsOf(keepEvidence([one], broken).calls[0])[0]?.request;
    expect(kept?.messages.map(({ frame }) => frame)).toEqual([0, 1, 2, 3, 7]);
    expect(kept?.omitted).toBe(3 + 4);
  });
});
