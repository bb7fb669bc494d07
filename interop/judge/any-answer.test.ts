/** Of whose answer nothing is known: whoever answers as gRPC allows is right, and a client that tells something else is not. */
import { describe, expect, it } from 'vitest';
import { aCall, anEvidence, aPlannedCall, aRecord, stitch } from '../fixtures/values.ts';
import {
  aFrame,
  aMessage,
  aRequest,
  aResponse,
  aStream,
  aWire,
  changed,
  crossed,
  headers,
  nothing,
  requestHeaders,
  trailersOnly,
} from '../fixtures/wire.ts';
import type { CallRecord } from '../model/call.ts';
import type { PlannedCall } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { WireEvidence } from '../model/wire.ts';
import { judge } from './judge.ts';

const orCodes = Object.values(Code).filter((code) => code !== Code.OK);
const open: PlannedCall = {
  ...aPlannedCall({}),
  expect: { code: Code.OK, orCodes, responses: [], anyAnswer: 'one-response', served: 'answered' },
};
const listening: PlannedCall = {
  spec: { ...open.spec, timeoutMs: 20 },
  expect: { ...open.expect, anyAnswer: 'any-responses' },
};

function withTimeout(wire: WireEvidence): WireEvidence {
  const request = aRequest({ headers: changed(requestHeaders, { 'grpc-timeout': '20m' }) });
  return { ...wire, streams: wire.streams.map((stream) => ({ ...stream, request })) };
}

/** `passed`, or whose fault it is and what shows it. */
function verdict(planned: PlannedCall, client: Partial<CallRecord>, came: WireEvidence): string {
  const wire = planned.spec.timeoutMs === undefined ? came : withTimeout(came);
  const call = aCall({ metadata: [{ key: 'stitch-call-id', text: 'c0.0' }] });
  const outcome = judge(
    [planned],
    [anEvidence({ call, client: aRecord(client), wire, server: [], unknowing: ['server'] })],
  );
  if (outcome.kind !== 'failed') return outcome.kind;
  return `${outcome.blame.side}: ${[...new Set(outcome.mismatches.map(({ witness, what }) => `${witness} ${what}`))].join(', ')}`;
}

const refused = crossed({ response: trailersOnly({ 'grpc-status': '7', 'grpc-message': 'no' }) });
const none = { responses: [] };

/** The client ended a stream of the server 18 ms after it asked, before the status. */
function endedByClient(frame = 20, response: Partial<Parameters<typeof aResponse>[0]> = {}): WireEvidence {
  const { endFrame: _, trailersFrame: __, ...going } = aResponse({ trailers: [], ...response });
  const frames = [...aStream().frames.slice(0, 4), aFrame(frame, 'client', 'RST_STREAM', { says: 'CANCEL' })];
  return aWire({
    streams: [aStream({ frames, response: going, resets: [{ from: 'client', code: 'CANCEL', frame }] })],
  });
}

describe('an answer that nobody foresaw', () => {
  it.each<[string, PlannedCall, Partial<CallRecord>, WireEvidence]>([
    ['OK and a message', open, { responses: [{ json: stitch }] }, aWire()],
    ['a status that is an error', open, { ...none, code: 7, message: 'no' }, refused],
    [
      'many messages of a stream',
      listening,
      { responses: [{ json: stitch, times: 2 }] },
      crossed({
        response: aResponse({
          messages: [aMessage({ ...stitch }, { frame: 3 }), aMessage({ ...stitch }, { frame: 3 })],
        }),
      }),
    ],
    ['no message of a stream', listening, none, crossed({ response: aResponse({ messages: [] }) })],
    [
      'a stream that goes on until the deadline',
      listening,
      { code: 4, responses: [{ json: stitch }] },
      endedByClient(),
    ],
  ])('is right: %s', (_, planned, client, wire) => {
    expect(verdict(planned, client, wire)).toBe('passed');
  });

  it.each<[string, string, PlannedCall, Partial<CallRecord>, WireEvidence]>([
    [
      'a client that tells another status',
      'client: client answer',
      open,
      { ...none, code: 5, message: 'no' },
      refused,
    ],
    ['a client that tells OK of an error', 'client: client answer', open, {}, refused],
    [
      'a client that tells another message',
      'client: client answer',
      open,
      { responses: [{ json: { ...stitch, id: 8 } }] },
      aWire(),
    ],
    [
      'a client that tells OK where no status crossed',
      'client: client status',
      listening,
      {},
      endedByClient(),
    ],
    [
      'a client that tells what did not come before its deadline',
      'client: client response',
      listening,
      { code: 4, responses: [{ json: { id: 8 } }] },
      endedByClient(),
    ],
    [
      'a client that gives up before its deadline',
      'client: wire end of the call',
      listening,
      { code: 4, responses: [{ json: stitch }] },
      endedByClient(5),
    ],
    [
      'a status that is none',
      'server: client status, wire status',
      open,
      { ...none, code: 99, message: 'no' },
      crossed({ response: trailersOnly({ 'grpc-status': '99', 'grpc-message': 'no' }) }),
    ],
    [
      'OK without the one response',
      'server: wire response messages',
      open,
      none,
      crossed({ response: aResponse({ messages: [] }) }),
    ],
    [
      'no answer',
      'server: wire response headers',
      open,
      { ...none, code: 13, message: 'reset' },
      crossed({ response: nothing, resets: [{ from: 'server', code: 'INTERNAL_ERROR', frame: 2 }] }),
    ],
    [
      'a content-type of something else',
      'server: wire content-type',
      open,
      { responses: [{ json: stitch }] },
      crossed({
        response: aResponse({ headers: headers({ ':status': '200', 'content-type': 'text/html' }) }),
      }),
    ],
  ])('is not: %s', (_, says, planned, client, wire) => {
    expect(verdict(planned, client, wire)).toBe(says);
  });
});
