import { describe, expect, it } from 'vitest';
import { keepEvidence, keepOutcome } from './evidence.ts';
import { aCall, aFailure, anEvidence, aRecord, aServed, without } from './fixtures/values.ts';
import { aFrame, aMessage, aRequest, aStream, aWire } from './fixtures/wire.ts';
import type { Outcome } from './model/outcome.ts';

const passed: Outcome = { kind: 'passed' };

function failedAt(...calls: readonly number[]): Outcome {
  return aFailure(calls.map((call) => ({ call, witness: 'client', what: 'status', wanted: 'a', got: 'b' })));
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
    const silent = without(anEvidence(), 'client');
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
    const reply = { name: long, id: 0, skill: long };
    const plain = { code: 0, served: 'answered', elapsedMs: { min: 1, max: 2 } } as const;
    const cutReply = { name: cut, id: 0, skill: cut };
    const call = anEvidence({
      call: aCall({ name: long, metadata: entries }),
      expect: {
        ...plain,
        message: long,
        reply,
        headers: entries,
        trailers: entries,
        metadata: entries,
      },
      client: aRecord({ message: long, reply, headers: entries, trailers: entries }),
      server: [aServed({ name: long, message: long, reply, metadata: entries })],
    });
    expect(keepEvidence([call], passed).calls).toEqual([
      anEvidence({
        call: aCall({ name: cut, metadata: cutEntries }),
        expect: {
          ...plain,
          message: cut,
          reply: cutReply,
          headers: cutEntries,
          trailers: cutEntries,
          metadata: cutEntries,
        },
        client: aRecord({ message: cut, reply: cutReply, headers: cutEntries, trailers: cutEntries }),
        server: [aServed({ name: cut, message: cut, reply: cutReply, metadata: cutEntries })],
      }),
    ]);
  });

  it('has whole what is 512 characters long', () => {
    const call = anEvidence({ call: aCall({ name: 'a'.repeat(512) }) });
    expect(keepEvidence([call], passed).calls).toEqual([call]);
  });

  it('has 24 metadata entries, and says how many more there were', () => {
    const entries = Array.from({ length: 200 }, (_, index) => ({ key: `k${index}`, text: '1' }));
    const kept = keepEvidence([anEvidence({ call: aCall({ metadata: entries }) })], passed).calls[0]?.call;
    expect(kept?.metadata).toEqual([...entries.slice(0, 24), { key: '…', text: '176 more' }]);
  });

  it('leaves what it was given as it was', () => {
    const given = [anEvidence({ call: aCall({ name: 'a'.repeat(600) }) }), ...calls(6)];
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
    return keepEvidence([anEvidence({ wire })], outcome).calls[0]?.wire?.streams ?? [];
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
    const shown = call?.wire?.streams[0]?.frames.map(({ number, headers }) => [number, headers?.length]);
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
    expect(request?.messages[0]?.fields?.name).toBe(`${'x'.repeat(512)}… (600 characters)`);
  });
});
