/** Calls that the client ends by itself, at whatever point that is. */
import { describe, expect, it } from 'vitest';
import { aCall, anEvidence, aPlannedCall, aRecord, aServed, type Told } from '../fixtures/values.ts';
import { aFrame, aRequest, aWire, changed, crossed, nothing, requestHeaders } from '../fixtures/wire.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence } from '../model/wire.ts';
import { judge } from './judge.ts';

const { spec } = aPlannedCall();
const cancels: PlannedCall = {
  spec: { ...spec, steps: [...spec.steps, { cancel: true }] },
  expect: { code: 1, responses: [], served: 'either' },
};
const isTooLate: PlannedCall = {
  spec: { ...spec, timeoutMs: 1 },
  expect: { code: 4, responses: [], served: 'either' },
};

function outcome(planned: PlannedCall, wire: WireEvidence, more: Told = {}): string {
  const client = aRecord({ code: planned.expect.code, responses: [] });
  const evidence = anEvidence({ call: aCall({}), wire, client, server: [], ...more });
  const found = judge([planned], [evidence]);
  return found.kind === 'failed' ? found.blame.side : found.kind;
}

/** A request that crossed with that timeout, if any, and that the client reset, if it did. */
function asked(timeout?: string, isReset = true): WireEvidence {
  return crossed({
    request: aRequest({ headers: changed(requestHeaders, { 'grpc-timeout': timeout }) }),
    response: nothing,
    resets: isReset ? [{ from: 'client', code: 'CANCEL', frame: 2 }] : [],
    frames: [
      aFrame(0, 'client', 'HEADERS', { atMs: 10 }),
      aFrame(1, 'client', 'DATA', { atMs: 10, flags: ['END_STREAM'] }),
      ...(isReset ? [aFrame(2, 'client', 'RST_STREAM', { atMs: 10.2 })] : []),
    ],
  });
}

describe('a call that the client may end at any point', () => {
  it.each([cancels, isTooLate])('need not cross', (planned) => {
    expect(outcome(planned, aWire({ streams: [] }))).toBe('passed');
  });

  it('may cross, with as little time as is left', () => {
    expect(outcome(cancels, asked())).toBe('passed');
    expect(outcome(isTooLate, asked('1m'))).toBe('passed');
    expect(outcome(isTooLate, asked('87654n'))).toBe('passed');
    expect(outcome(isTooLate, asked('87654n', false))).toBe('passed');
  });

  it('may be served, or answered meanwhile', () => {
    expect(outcome(isTooLate, asked('1m'), { server: [aServed({ cancelled: true })] })).toBe('passed');
    expect(outcome(isTooLate, asked('1m'), { server: [aServed({ responses: [] })] })).toBe('passed');
  });

  it('ends with its own status, and takes no more time than it has', () => {
    const client = aRecord({ code: 0, responses: [] });
    expect(outcome(cancels, aWire({ streams: [] }), { client })).toBe('client');
    expect(outcome(isTooLate, asked('1m'), { client })).toBe('client');
    expect(outcome(isTooLate, asked('1S'))).toBe('client');
    expect(outcome(isTooLate, asked())).toBe('client');
  });

  it('is another than one that is to be answered, or to be seen', () => {
    const answered: PlannedCall = { ...isTooLate, expect: { ...isTooLate.expect, served: 'answered' } };
    expect(outcome(answered, aWire({ streams: [] }))).toBe('client');
    const seen: PlannedCall = { ...cancels, expect: { ...cancels.expect, served: 'cancelled' } };
    expect(outcome(seen, aWire({ streams: [] }))).toBe('client');
  });
});

describe('a client that streams, cancels, and says before that it has sent all', () => {
  const streams: PlannedCall = { ...cancels, kind: 'client-streams' };

  it('is to blame when it was told not to, and no program that knows nothing of us was', () => {
    expect(outcome(streams, asked())).toBe('client');
    expect(outcome(streams, asked(), { unknowing: ['client'] })).toBe('passed');
  });

  it('and one that sends less than it was to is to blame, whoever it is', () => {
    const more: PlannedCall = { ...streams, spec: { ...spec, steps: [...spec.steps, ...spec.steps] } };
    const answered: PlannedCall = { ...more, expect: { code: 0, responses: [], served: 'answered' } };
    expect(outcome(answered, asked(undefined, false), { unknowing: ['client'] })).toBe('client');
  });
});
