import { describe, expect, it } from 'vitest';
import { aPlannedCall, askFor } from '../fixtures/values.ts';
import { aMessage, aRequest, aStream, aWire, crossed, nothing } from '../fixtures/wire.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireHalf, WireTrouble } from '../model/wire.ts';
import { type Silence, silenceOf } from './silence.ts';

const { endFrame: _, ...endless } = aRequest();
const waits: PlannedCall = { ...aPlannedCall(), spec: { ...aPlannedCall().spec, waitForReady: true } };

function said(wire: WireEvidence | undefined, more: Partial<Silence> = {}): string {
  const { side, what, at } = silenceOf({
    planned: aPlannedCall(),
    text: 'call c1 within 10 ms',
    waitedMs: 10,
    isClientAlive: true,
    isRecorded: false,
    wire,
    ...more,
  });
  return `${side}${at ? ` (${at.stream}.${at.frame})` : ''} ${what}`;
}

/** One request, its response, and so again. */
const asksInTurn = aPlannedCall(
  {},
  { steps: [askFor('a'), { receive: 1 }, askFor('b'), { receive: 1 }, { close: true }] },
);
/** So many responses, and no end. */
const endlessly = (count: number): WireHalf => ({
  ...nothing,
  messages: Array.from({ length: count }, () => aMessage({})),
});
const unanswered = crossed({ response: nothing });
const away = (...troubles: readonly WireTrouble[]) => aWire({ streams: [], troubles });
const refused = { kind: 'refused', connection: 1, reason: 'ECONNREFUSED' } as const;

describe('a call that never ended', () => {
  it.each<[string, WireEvidence | undefined, Partial<Silence>]>([
    [
      'client said nothing about call c1 within 10 ms, nor about an instruction',
      unanswered,
      { isClientAlive: false },
    ],
    [
      'client said nothing about call c1 within 10 ms: it was to end it after 5 ms',
      unanswered,
      { planned: aPlannedCall({}, { timeoutMs: 5 }) },
    ],
    [
      'client said nothing about call c1 within 10 ms: it was to end it after 3 ms',
      unanswered,
      { planned: aPlannedCall({}, { steps: [{ waitMs: 1 }, { waitMs: 2 }, { cancel: true }] }) },
    ],
    [
      'server (0.1) neither answered nor recorded call c1 within 10 ms: the whole request crossed, and no end of an answer',
      unanswered,
      // It cancels once it has received something, and nothing came.
      { planned: aPlannedCall({}, { steps: [{ receive: 1 }, { cancel: true }] }) },
    ],
    [
      'server (0.1) neither answered nor recorded call c1 within 10 ms: the whole request crossed, and no end of an answer',
      unanswered,
      {},
    ],
    [
      'server (0.1) recorded and did not answer call c1 within 10 ms: the whole request crossed, and no end of an answer',
      unanswered,
      { isRecorded: true },
    ],
    [
      'client (0.4) said nothing about call c1 within 10 ms: the whole answer crossed',
      aWire(),
      { isRecorded: true },
    ],
    [
      'client (0.2) said nothing about call c1 within 10 ms: RST_STREAM CANCEL crossed',
      crossed({ response: nothing, resets: [{ from: 'server', code: 'CANCEL', frame: 2 }] }),
      {},
    ],
    [
      'client said nothing about call c1 within 10 ms: its request has no end, END_STREAM never crossed',
      crossed({ request: endless, response: nothing }),
      {},
    ],
    [
      'server (0.4) neither answered nor recorded call c1 within 10 ms: it is the server that was to speak',
      crossed({ request: endless, response: nothing }),
      { planned: asksInTurn },
    ],
    [
      'client said nothing about call c1 within 10 ms: its request has no end, END_STREAM never crossed',
      crossed({ request: endless, response: endlessly(1) }),
      { planned: asksInTurn },
    ],
    [
      'server (0.4) neither answered nor recorded call c1 within 10 ms: it is the server that was to speak',
      crossed({ request: { ...endless, omitted: 1 }, response: endlessly(1) }),
      { planned: asksInTurn },
    ],
    [
      'client said nothing about call c1 within 10 ms: its request has no end, END_STREAM never crossed',
      crossed({ request: { ...endless, omitted: 1 }, response: { ...endlessly(1), omitted: 1 } }),
      { planned: asksInTurn },
    ],
    [
      'server (0.4) neither answered nor recorded call c1 within 10 ms: it is the server that was to speak',
      crossed({ request: endless, response: endlessly(9) }),
      { planned: aPlannedCall({}, { steps: [askFor('a'), { receive: -1 }, { close: true }] }) },
    ],
    [
      'server (1.1) neither answered nor recorded call c1 within 10 ms: the whole request crossed, and no end of an answer',
      aWire({ streams: [aStream(), aStream({ response: nothing })] }),
      {},
    ],
    ['client said nothing about call c1 within 10 ms: the call never crossed the wire', away(), {}],
    [
      'server neither answered nor recorded call c1 within 10 ms: the server took the connection and did not send a byte',
      away({ kind: 'silent', connection: 1 }),
      {},
    ],
    [
      "server neither answered nor recorded call c1 within 10 ms: nobody listened at the server's address: ECONNREFUSED",
      away(refused),
      {},
    ],
    [
      'server neither answered nor recorded call c1 within 10 ms: the client waits until it is ready, and nobody listens at its address',
      away(refused),
      { planned: waits },
    ],
    [
      'client said nothing about call c1 within 10 ms: the call never crossed the wire',
      away(),
      { planned: waits },
    ],
    [
      'server neither answered nor recorded call c1 within 10 ms; the client is alive and waits',
      undefined,
      {},
    ],
    [
      'client said nothing about call c1 within 10 ms, which the server says it served',
      undefined,
      { isRecorded: true },
    ],
    [
      'server neither answered nor recorded call c1 within 10 ms; the client is alive and waits',
      away({ kind: 'opaque', connection: 1 }),
      {},
    ],
  ])('%s', (found, wire, more) => {
    expect(said(wire, more)).toBe(found);
  });
});
