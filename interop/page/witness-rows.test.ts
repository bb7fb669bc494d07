import { describe, expect, it } from 'vitest';
import { aCall, anEvidence, aRecord, aServed, askFor, stitch } from '../fixtures/values.ts';
import { aMessage, aResponse, aStream, aWire, crossed, nothing } from '../fixtures/wire.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { Mismatch } from '../model/outcome.ts';
import { Code } from '../model/status.ts';
import { witnessTable } from './witness-rows.ts';

const request = '{name: "Stitch"}';
const row = '{name: "Stitch", id: 7, skill: "making annoyed noise"}';

/** Each row as its cells; one that is not as wanted has a mark in front. */
function told(evidence: CallEvidence, mismatches: readonly Mismatch[] = []): readonly (readonly string[])[] {
  return witnessTable(evidence, mismatches).rows.map(({ what, wanted, said }) => [
    what,
    wanted,
    ...said.map(({ text, isWrong }) => (isWrong ? `✕ ${text}` : text)),
  ]);
}

/** The cells behind a row's name. */
function rowOf(what: string, evidence: CallEvidence, mismatches: readonly Mismatch[] = []) {
  return told(evidence, mismatches)
    .find(([each]) => each === what)
    ?.slice(1);
}

function aMismatch(more: Partial<Mismatch>): Mismatch {
  return { call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'NOT_FOUND', ...more };
}

describe('the table of a call', () => {
  it('has a column for each witness, in the order of the path', () => {
    const heads = (evidence: CallEvidence) => witnessTable(evidence, []).heads;
    expect(heads(anEvidence())).toEqual(['client says', 'server says']);
    expect(heads(anEvidence({ wire: aWire() }))).toEqual(['client says', 'on the wire', 'server says']);
  });

  it('has one more column for one more hop', () => {
    const [client, wire, server] = anEvidence({ wire: aWire() }).path;
    const second = {
      at: 'wire',
      crossed: crossed({ response: aResponse({ messages: [aMessage({ ...stitch, id: 8 })] }) }),
    } as const;
    const evidence = anEvidence({ path: [client, wire, second, server] as CallEvidence['path'] });
    expect(witnessTable(evidence, []).heads).toEqual([
      'client says',
      'on wire 1',
      'on wire 2',
      'server says',
    ]);
    expect(rowOf('response', evidence)).toEqual([row, row, row, row.replace('7', '8'), row]);
  });

  it('says what each witness can know, and leaves out what nobody says', () => {
    expect(told(anEvidence({ wire: aWire() }))).toEqual([
      ['request', request, '1 sent', request, request],
      ['times served', '1', '', '', '1'],
      ['status', 'OK', 'OK', 'OK', 'OK'],
      ['response', row, row, row, row],
      ['time to the status', '', '2.00 ms', '4.00 ms', ''],
    ]);
  });

  it('has messages, details, metadata and times where there are any', () => {
    const text = [{ key: 'x-a', text: '1' }];
    const evidence = anEvidence({
      call: aCall({ timeoutMs: 500, steps: [askFor('a'), askFor('a'), askFor('b')] }),
      client: aRecord({ code: 5, message: 'no', responses: [], headers: text, trailers: [], sent: 2 }),
      server: [
        aServed({ timeRemainingMs: 480, metadata: text, requests: [{ json: { name: 'a' }, times: 2 }] }),
      ],
      expect: {
        code: 5,
        orCodes: [2],
        message: 'yes',
        details: [{ '@type': 'a.Note' }],
        responses: [],
        served: 'either',
        headers: text,
        trailers: text,
        metadata: text,
        elapsedMs: { min: 0, max: 9 },
        timeRemainingMs: { min: 400, max: 500 },
      },
    });
    expect(told(evidence)).toEqual([
      ['request', '3 messages: 2 × {name: "a"} {name: "b"}', '2 sent', '2 messages: 2 × {name: "a"}'],
      ['times served', '0 or 1', '', '1'],
      ['status', 'NOT_FOUND or UNKNOWN', 'NOT_FOUND', 'OK'],
      ['message', '"yes"', '"no"', ''],
      ['details', 'details {@type: "a.Note"}', 'no details', 'no details'],
      ['response', 'no message', 'no message', row],
      ['request metadata x-a', '"1"', '', '"1"'],
      ['header x-a', '"1"', '"1"', ''],
      ['trailer x-a', '"1"', 'none', ''],
      ['time to the status', '0 to 9 ms', '2.00 ms', ''],
      ['time to the deadline', '400 to 500 ms', '', '480 ms'],
    ]);
  });

  it('says what the client must make of what is no answer', () => {
    const evidence = anEvidence({
      expect: { code: 0, clientCodes: [13, 2], responses: [], served: 'answered' },
    });
    expect(rowOf('status', evidence)?.[0]).toBe('OK; of the client INTERNAL or UNKNOWN');
  });

  it('marks who is not as wanted, in the words of the judge', () => {
    const mismatch = aMismatch({ got: 'NOT_FOUND "expirement not found"' });
    expect(rowOf('status', anEvidence(), [mismatch])).toEqual([
      'OK',
      '✕ NOT_FOUND "expirement not found"',
      'OK',
    ]);
  });

  it('has a row for each difference that nothing else tells', () => {
    const mismatches = [
      aMismatch({ witness: 'wire', what: 'HTTP/2', wanted: 'a frame', got: 'garbage' }),
      aMismatch({ witness: 'server', what: 'answer', wanted: 'as it crossed: 8', got: '7' }),
      aMismatch({ witness: 'client', what: 'answer', wanted: 'as it was sent: 7', got: '8' }),
      aMismatch({ witness: 'both', what: 'answer', wanted: 'as sent: 7', got: 'as it came: 8' }),
    ];
    expect(told(anEvidence({ wire: aWire() }), mismatches).slice(-4)).toEqual([
      ['HTTP/2', 'a frame', '', '✕ garbage', ''],
      ['answer', 'as it crossed: 8', '', '', '✕ 7'],
      ['answer', 'as it was sent: 7', '✕ 8', '', ''],
      ['answer', 'the same of both', '✕ as it came: 8', '', '✕ as sent: 7'],
    ]);
  });

  it('is about this call only', () => {
    const other = aMismatch({ call: 1, what: 'HTTP/2' });
    expect(told(anEvidence(), [other])).toEqual(told(anEvidence()));
  });

  it('of a call that never ended and was never served says so', () => {
    const silent = anEvidence({ client: 'silent', server: [], wire: crossed({ response: nothing }) });
    expect(rowOf('times served', silent)).toEqual(['1', '', '', '0']);
    expect(rowOf('status', silent)).toEqual(['OK', 'it never said', 'no status', '']);
    const resets = [{ from: 'server', code: 'CANCEL', frame: 2 }] as const;
    const reset = anEvidence({ client: 'silent', server: [], wire: crossed({ response: nothing, resets }) });
    expect(rowOf('status', reset)?.[2]).toBe('RST_STREAM CANCEL from the server');
  });

  it('of a call that was not made, or was cancelled, says so', () => {
    const unmade = anEvidence({ client: aRecord({ unsupported: 'compression "gzip"' }), server: [] });
    expect(rowOf('status', unmade)?.[1]).toBe('not made: unsupported compression "gzip"');
    const cancelled = anEvidence({ server: [aServed({ cancelled: true, responses: [] })] });
    expect(rowOf('status', cancelled)?.[2]).toBe('cancelled');
    expect(rowOf('response', cancelled)?.[2]).toBe('');
    const halfway = anEvidence({
      server: [aServed({ cancelled: true })],
      wire: aWire({ streams: [aStream({ response: { ...aResponse(), trailers: [] } })] }),
    });
    expect(rowOf('response', halfway)).toEqual([row, row, row, row]);
  });

  it('asks nothing of who knows nothing of the harness', () => {
    const evidence = anEvidence({ server: [], unknowing: ['client', 'server'] });
    expect(rowOf('times served', evidence)).toEqual(['1', '', '']);
    expect(rowOf('request', evidence)).toEqual([request, '', '']);
  });

  it('says that any answer will do', () => {
    const { expect: wanted } = anEvidence();
    const orCodes = Object.values(Code).filter((code) => code !== Code.OK);
    const open = anEvidence({ expect: { ...wanted, orCodes, anyAnswer: 'one-response' } });
    expect(rowOf('status', open)?.[0]).toBe('any status code');
    expect(rowOf('response', open)?.[0]).toBe('whatever it is; of OK one');
  });

  it('has the fields in which messages are not as wanted', () => {
    const evidence = anEvidence({
      client: aRecord({ responses: [{ json: { ...stitch, id: 8 } }] }),
      wire: aWire(),
    });
    const wrong = aMismatch({ what: 'response', wanted: row, got: row.replace('7', '8') });
    const fieldsOf = (call: CallEvidence) =>
      witnessTable(call, [wrong]).rows.find(({ what }) => what === 'response')?.fields;
    const right = { text: '7', isWrong: false };
    expect(fieldsOf(evidence)).toEqual([
      { what: 'id', wanted: '7', said: [{ text: '8', isWrong: true }, right, right] },
    ]);
    // Where not all messages were kept, nobody knows what they were.
    const [client, , server] = evidence.path;
    const some = { at: 'wire', crossed: crossed({ response: aResponse({ omitted: 96 }) }) } as const;
    const kept = { ...evidence, path: [client, some, server] as CallEvidence['path'] };
    expect(fieldsOf(kept)?.map(({ what, said }) => [what, said[1]?.text])).toEqual([['id', '']]);
    // What a rule leaves open is none.
    const match = { isPartial: true, values: [{ place: 'id', rule: { any: true } as never }] } as never;
    expect(fieldsOf({ ...evidence, expect: { ...evidence.expect, match } })).toEqual([]);
    expect(witnessTable(evidence, []).rows.every(({ fields }) => fields === undefined)).toBe(true);
  });
});
