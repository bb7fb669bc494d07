import { describe, expect, it } from 'vitest';
import { aCall, anEvidence, aRecord, aServed, stitch } from '../fixtures/values.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { Mismatch } from '../model/outcome.ts';
import { witnessRows } from './witness-rows.ts';

const row = '{name: "Stitch", id: 7, skill: "making annoyed noise"}';

function told(evidence: CallEvidence, mismatches: readonly Mismatch[] = []) {
  return witnessRows(evidence, mismatches).map(({ what, wanted, client, server, wire, wrong }) => [
    what,
    wanted,
    client,
    server,
    wire,
    wrong.join(' '),
  ]);
}

function aMismatch(more: Partial<Mismatch>): Mismatch {
  return { call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'NOT_FOUND', ...more };
}

describe('the rows of a call', () => {
  it('say what each witness can know, and leave out what nobody says', () => {
    expect(told(anEvidence())).toEqual([
      ['request name', '"Stitch"', '', '"Stitch"', '', ''],
      ['times served', '1', '', '1', '', ''],
      ['status', 'OK', 'OK', 'OK', '', ''],
      ['reply', row, row, row, '', ''],
      ['time to the status', '', '2.00 ms', '', '', ''],
    ]);
  });

  it('have a message, metadata and times where there are any', () => {
    const text = [{ key: 'x-a', text: '1' }];
    const evidence = anEvidence({
      call: aCall({ timeoutMs: 500 }),
      client: aRecord({ code: 5, message: 'no', headers: text, trailers: [] }),
      server: [aServed({ timeRemainingMs: 480, metadata: text })],
      expect: {
        code: 5,
        message: 'yes',
        served: 'answered',
        headers: text,
        trailers: text,
        metadata: text,
        elapsedMs: { min: 0, max: 9 },
        timeRemainingMs: { min: 400, max: 500 },
      },
    });
    const rows = new Map(told(evidence).map(([what, ...rest]) => [what, rest]));
    expect(rows.get('message')).toEqual(['"yes"', '"no"', '', '', '']);
    expect(rows.get('header x-a')).toEqual(['"1"', '"1"', '', '', '']);
    expect(rows.get('trailer x-a')).toEqual(['"1"', 'none', '', '', '']);
    expect(rows.get('request metadata x-a')).toEqual(['"1"', '', '"1"', '', '']);
    expect(rows.get('time to the status')).toEqual(['0 to 9 ms', '2.00 ms', '', '', '']);
    expect(rows.get('time to the deadline')).toEqual(['400 to 500 ms', '', '480 ms', '', '']);
  });

  it('mark who is not as wanted, in the words of the judge', () => {
    const mismatch = aMismatch({ got: 'NOT_FOUND "expirement not found"' });
    expect(told(anEvidence(), [mismatch])).toContainEqual([
      'status',
      'OK',
      'NOT_FOUND "expirement not found"',
      'OK',
      '',
      'client',
    ]);
  });

  it('have a row for each difference that nothing else tells', () => {
    const mismatches = [
      aMismatch({ witness: 'wire', what: 'HTTP/2', wanted: 'a frame', got: 'garbage' }),
      aMismatch({ witness: 'server', what: 'answer', wanted: 'as it crossed: 8', got: '7' }),
      aMismatch({ witness: 'client', what: 'answer', wanted: 'as it was sent: 7', got: '8' }),
    ];
    expect(told(anEvidence(), mismatches).slice(-3)).toEqual([
      ['HTTP/2', 'a frame', '', '', 'garbage', 'wire'],
      ['answer', 'as it crossed: 8', '', '7', '', 'server'],
      ['answer', 'as it was sent: 7', '8', '', '', 'client'],
    ]);
  });

  it('are those of this call only', () => {
    const other = aMismatch({ call: 1, what: 'HTTP/2' });
    expect(told(anEvidence(), [other])).toEqual(told(anEvidence()));
  });

  it('of a call that never ended and was never served say so', () => {
    const { client: _, ...silent } = anEvidence({ server: [] });
    const rows = told({ ...silent, expect: { code: 0, reply: stitch, served: 'answered' } });
    expect(rows).toContainEqual(['times served', '1', '', '0', '', '']);
    expect(rows).toContainEqual(['status', 'OK', 'it never said', '', '', '']);
  });
});
