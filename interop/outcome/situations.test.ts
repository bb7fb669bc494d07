import { describe, expect, it } from 'vitest';
import { aCell, aFailure, aResult, aStart } from '../fixtures/values.ts';
import type { Mismatch, Outcome } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';
import { startSituations } from './situations.ts';

const status: Mismatch = {
  call: 0,
  witness: 'client',
  what: 'status',
  wanted: 'UNAVAILABLE',
  got: 'INTERNAL "no"',
};
const onWire: Mismatch = { ...status, witness: 'wire', what: 'server name (SNI)', got: '127.0.0.1' };

function failed(side: Role, ...mismatches: readonly Mismatch[]): Outcome {
  return { ...aFailure(mismatches), blame: { side, because: 'x' } };
}

/** By role, peer by peer, what came of `a → b` and `a → c`. */
function deeds(ab: Outcome, ac: Outcome) {
  const { add, told } = startSituations();
  const ids = ['a/b/tls/x', 'a/c/tls/x'];
  add(aStart(ids.map((id) => aCell(id))));
  for (const [index, outcome] of [ab, ac].entries())
    add({ type: 'cell-finished', result: aResult(ids[index] ?? '', outcome) });
  const [situation] = told().situations;
  return {
    client: Object.fromEntries(situation?.client ?? []),
    server: Object.fromEntries(situation?.server ?? []),
  };
}

describe('what a peer does in a situation', () => {
  it('is what is wanted', () => {
    expect(deeds({ kind: 'passed' }, { kind: 'passed' })).toEqual({
      client: { a: ['as wanted'] },
      server: { b: ['as wanted'], c: ['as wanted'] },
    });
  });

  it('is the status that it told in its place, with some partners or with all', () => {
    const { client, server } = deeds(failed('client', onWire, status), { kind: 'passed' });
    expect(client).toEqual({ a: ['INTERNAL', 'as wanted'] });
    expect(server).toEqual({ b: ['as wanted'], c: ['as wanted'] });
  });

  it('is what crossed, where that alone differs', () => {
    expect(deeds(failed('client', onWire), failed('client', onWire)).client).toEqual({
      a: ['server name (SNI): 127.0.0.1'],
    });
  });

  it('is not what the other side did', () => {
    const { client, server } = deeds(failed('server', onWire), {
      kind: 'broken',
      by: 'server',
      stage: 'call',
      reason: 'it died',
    });
    expect(client).toEqual({ a: ['as wanted'] });
    expect(server).toEqual({ b: ['server name (SNI): 127.0.0.1'], c: ['broken: call'] });
  });

  it('is what it tells, where nobody knows whose fault it is', () => {
    const { client, server } = deeds(aFailure([status]), { kind: 'passed' });
    expect(client).toEqual({ a: ['INTERNAL', 'as wanted'] });
    expect(server).toEqual({ b: ['as wanted'], c: ['as wanted'] });
  });

  it('is not told of what was not played', () => {
    const unsupported: Outcome = { kind: 'unsupported', by: 'client', feature: 'tls' };
    expect(deeds(unsupported, unsupported)).toEqual({ client: {}, server: {} });
  });
});
