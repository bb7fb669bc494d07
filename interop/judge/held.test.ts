/** The same call, made by a program that knows nothing of the harness and by one that was told what to do. */
import { describe, expect, it } from 'vitest';
import { aCall, anEvidence, aPlannedCall, aRecord, aServed, type Told } from '../fixtures/values.ts';
import {
  aFrame,
  aRequest,
  aResponse,
  aStream,
  changed,
  headers,
  nothing,
  requestHeaders,
  trailersOnly,
} from '../fixtures/wire.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireHalf, WireStream } from '../model/wire.ts';
import { judge } from './judge.ts';

/** Who is to blame, and where that is seen: `client 1/0: times called`. */
function verdict(told: Told, planned: PlannedCall = aPlannedCall()): string {
  const call = aCall({ metadata: planned.spec.metadata });
  const outcome = judge([planned], [anEvidence({ call, ...told })]);
  if (outcome.kind !== 'failed') return outcome.kind;
  const { side, proof } = outcome.blame;
  const at = proof ? ` ${proof.stream}/${proof.frame}` : '';
  return `${side}${at}: ${outcome.mismatches[0]?.what}`;
}

const unknowing = ['client'] as const;

function asking(
  fields: Readonly<Record<string, string | undefined>>,
  more: Partial<WireHalf> = {},
): WireHalf {
  return aRequest({ headers: changed(requestHeaders, fields), ...more });
}

function wireOf(...streams: readonly WireStream[]): WireEvidence {
  return { streams, troubles: [] };
}

/** The whole call, its frames so much later. */
function later(stream: WireStream, byMs: number): WireStream {
  return { ...stream, frames: stream.frames.map((frame) => ({ ...frame, atMs: frame.atMs + byMs })) };
}

describe('a deadline that a client sets by itself', () => {
  const timed = (value: string) => wireOf(aStream({ request: asking({ 'grpc-timeout': value }) }));

  it.each(['20S', '300m', '1H', '99999999n', '2M', '7u'])('%s: is none of our business', (value) => {
    expect(verdict({ wire: timed(value), unknowing })).toBe('passed');
    expect(verdict({ wire: timed(value) })).toBe('client 0/0: grpc-timeout');
  });

  it.each(['1.5S', '100000000m', '20', '20s', '-1S', ''])('%j: is none, whoever says so', (value) => {
    expect(verdict({ wire: timed(value), unknowing })).toBe('client 0/0: grpc-timeout');
  });

  it('is told to the handler, who may tell of it', () => {
    const none = aPlannedCall({ timeRemainingMs: 'none' });
    const told = (timeRemainingMs: number) => [aServed({ timeRemainingMs })];
    expect(verdict({ wire: timed('20S'), server: told(19_990), unknowing }, none)).toBe('passed');
    expect(verdict({ wire: timed('20S'), server: told(25_000), unknowing }, none)).toMatch(/^server/);
    expect(verdict({ wire: wireOf(aStream()), server: told(19_990), unknowing }, none)).toMatch(/^server/);
  });

  it('is nobody’s business either where nobody read along', () => {
    const none = aPlannedCall({ timeRemainingMs: 'none' });
    const server = [aServed({ timeRemainingMs: 19_990 })];
    expect(verdict({ server, unknowing }, none)).toBe('passed');
    expect(verdict({ server }, none)).toBe('undetermined: time to the deadline');
  });

  it('may have run since the program began, where it was asked for', () => {
    const asked = aPlannedCall({}, { timeoutMs: 1_000 });
    expect(verdict({ wire: timed('80508922n'), unknowing }, asked)).toBe('passed');
    expect(verdict({ wire: timed('80508922n') }, asked)).toBe('client 0/0: grpc-timeout');
    expect(verdict({ wire: timed('1011m'), unknowing }, asked)).toBe('client 0/0: grpc-timeout');
  });

  it('is exact where it was asked for', () => {
    const asked = aPlannedCall({}, { timeoutMs: 1_000 });
    expect(verdict({ wire: timed('990m'), unknowing }, asked)).toBe('passed');
    expect(verdict({ wire: timed('20S'), unknowing }, asked)).toBe('client 0/0: grpc-timeout');
  });

  it('may pass: the server is to blame that did not answer, but for a call that was to take longer', () => {
    const stream = aStream({
      request: asking({ 'grpc-timeout': '500m' }),
      response: nothing,
      resets: [{ from: 'client', code: 'CANCEL', frame: 2 }],
      frames: [
        aFrame(0, 'client', 'HEADERS'),
        aFrame(1, 'client', 'DATA'),
        aFrame(2, 'client', 'RST_STREAM', { atMs: 505 }),
      ],
    });
    const told: Told = {
      client: aRecord({ code: 4, responses: [] }),
      server: [aServed({ cancelled: true })],
      wire: wireOf(stream),
      unknowing,
    };
    const waiting = (waitMs: number): PlannedCall => ({
      ...aPlannedCall(),
      script: { name: 's', steps: [{ waitMs }, { send: { json: {}, bytes: '' } }] },
    });
    expect(verdict(told)).toMatch(/^server 0\/2/);
    expect(verdict(told, waiting(200))).toMatch(/^server 0\/2/);
    expect(verdict(told, waiting(2_000))).toBe('client 0/2: status');
    const answered = {
      ...stream,
      resets: [],
      response: trailersOnly({ 'grpc-status': '4' }),
      frames: [...stream.frames.slice(0, 2), aFrame(2, 'server', 'HEADERS', { atMs: 505 })],
    };
    expect(verdict({ ...told, wire: wireOf(answered) }, waiting(2_000))).toMatch(/^client 0\/2/);
    expect(verdict({ ...told, wire: wireOf(answered) })).toMatch(/^server 0\/2/);
  });
});

describe('what a client may do unasked', () => {
  it.each<[string, WireHalf]>([
    ['metadata', asking({ authorization: 'Bearer x', 'x-request-id': '1', 'grpc-trace-bin': 'AAA' })],
    ['a user agent', asking({ 'user-agent': 'payments/7' })],
    [
      'compression',
      asking({ 'grpc-encoding': 'gzip' }, { messages: [{ ...aRequest().messages[0], flag: 1 } as never] }),
    ],
  ])('%s', (_, request) => {
    expect(verdict({ wire: wireOf(aStream({ request })), unknowing })).toBe('passed');
  });

  it('compression that the server does not take is for the client to take back', () => {
    const refused = (accepted: string) =>
      aStream({
        request: asking({ 'grpc-encoding': 'zstd' }),
        response: trailersOnly({ 'grpc-status': '12', 'grpc-accept-encoding': accepted }),
      });
    const told = { client: aRecord({ code: 12, responses: [] }), server: [], unknowing };
    expect(verdict({ ...told, wire: wireOf(refused('identity,gzip')) })).toMatch(/^client 0\/0/);
    // It had said that it takes it.
    expect(verdict({ ...told, wire: wireOf(refused('identity, zstd')) })).toMatch(/^server/);
  });
});

describe('services that are asked beside the call, in its name', () => {
  const health = aStream({
    request: asking({ ':path': '/grpc.health.v1.Health/Check' }),
    response: trailersOnly({ 'grpc-status': '12' }),
  });
  const reflection = aStream({
    request: asking({ ':path': '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo' }),
    response: nothing,
  });
  const probe = aStream({ request: asking({ ':path': '/Manage/Probe' }) });

  it('are no calls', () => {
    expect(verdict({ wire: wireOf(health, reflection, aStream()), unknowing })).toBe('passed');
    expect(verdict({ wire: wireOf(aStream(), health), unknowing })).toBe('passed');
    expect(verdict({ wire: wireOf(health, aStream()) })).toMatch(/^client .*times called/);
  });

  it('are not in the way of what shows the fault', () => {
    const wrong = aStream({ request: asking({ te: undefined }) });
    expect(verdict({ wire: wireOf(health, wrong), unknowing })).toBe('client 1/0: te');
    expect(verdict({ wire: wireOf(wrong, health), unknowing })).toBe('client 0/0: te');
    expect(verdict({ wire: wireOf(aStream(), health, aStream()), unknowing })).toBe(
      'client 2/0: times called',
    );
  });

  it('do not stand for the call', () => {
    expect(verdict({ wire: wireOf(health), unknowing })).toBe('client: times called');
    expect(verdict({ wire: wireOf(probe, aStream()), unknowing })).toBe('client 1/0: times called');
  });

  it('leave records that are none of the call', () => {
    const server = [aServed({ method: '/grpc.health.v1.Health/Check' }), aServed()];
    expect(verdict({ wire: wireOf(health, aStream()), server, unknowing })).toBe('passed');
  });

  it('are the call where they are what was to be called', () => {
    const planned = aPlannedCall({}, { method: '/grpc.health.v1.Health/Check' });
    const asked = aStream({ request: asking({ ':path': planned.spec.method }) });
    const server = [aServed({ method: planned.spec.method })];
    expect(verdict({ wire: wireOf(asked), server, unknowing }, planned)).toBe('passed');
    expect(verdict({ wire: wireOf(asked, asked), server, unknowing }, planned)).toMatch(/times called/);
  });
});

describe('a call that is made again', () => {
  const unavailable = trailersOnly({ 'grpc-status': '14' });
  const refused = {
    response: nothing,
    resets: [{ from: 'server', code: 'REFUSED_STREAM', frame: 2 }],
  } as const;
  const attempt = (number: string, more: Partial<WireStream> = {}) =>
    later(aStream({ stream: 3, request: asking({ 'grpc-previous-rpc-attempts': number }), ...more }), 100);
  const twice = [aServed({ code: 14, responses: [] }), aServed()];

  it('after a status that a policy is for, and says so', () => {
    const wire = wireOf(aStream({ response: unavailable }), attempt('1'));
    expect(verdict({ wire, server: twice, unknowing })).toBe('passed');
    expect(verdict({ wire, server: twice })).toBe('client 1/0: times served');
    const thrice = wireOf(
      aStream({ response: unavailable }),
      attempt('1', { response: unavailable }),
      later(attempt('2'), 100),
    );
    expect(verdict({ wire: thrice, server: [...twice, aServed()], unknowing })).toBe('passed');
    expect(verdict({ wire: thrice, server: [...twice, aServed(), aServed()], unknowing })).toMatch(
      /times served/,
    );
  });

  it('since the server asked for it a little later', () => {
    const response = trailersOnly({ 'grpc-status': '14', 'grpc-retry-pushback-ms': '20' });
    expect(verdict({ wire: wireOf(aStream({ response }), attempt('1')), server: twice, unknowing })).toBe(
      'passed',
    );
  });

  it('whose connection was lost before there was an answer', () => {
    const wire = wireOf(
      aStream({ response: nothing, frames: aStream().frames.slice(0, 2) }),
      attempt('1', { connection: 2 }),
    );
    const closed = { kind: 'closed', connection: 1, by: 'server', how: 'reset', atMs: 15 } as const;
    expect(verdict({ wire: { ...wire, troubles: [closed] }, unknowing })).toBe('passed');
    expect(verdict({ wire, unknowing })).toMatch(/^client 1\/0/);
  });

  it('since the server had refused it, whoever knows of what', () => {
    const wire = wireOf(aStream(refused), aStream({ stream: 3 }));
    expect(verdict({ wire, unknowing })).toBe('passed');
    expect(verdict({ wire })).toBe('passed');
    // It had not begun with it, so it has served it once.
    expect(verdict({ wire, server: twice, unknowing })).toMatch(/times served/);
  });

  it.each<[string, WireEvidence]>([
    ['without a word', wireOf(aStream({ response: unavailable }), aStream({ stream: 3 }))],
    ['after OK', wireOf(aStream(), attempt('1'))],
    [
      'behind headers',
      wireOf(aStream({ response: aResponse({ trailers: headers({ 'grpc-status': '14' }) }) }), attempt('1')),
    ],
    ['beside itself', wireOf(aStream({ response: unavailable }), later(attempt('1'), -100))],
    [
      'that had not ended',
      wireOf(aStream({ response: nothing, frames: aStream().frames.slice(0, 2) }), attempt('1')),
    ],
    [
      'that it had given up',
      wireOf(
        aStream({ response: nothing, resets: [{ from: 'client', code: 'CANCEL', frame: 2 }] }),
        attempt('1'),
      ),
    ],
    [
      'though the server asked not to',
      wireOf(
        aStream({ response: trailersOnly({ 'grpc-status': '14', 'grpc-retry-pushback-ms': '-1' }) }),
        attempt('1'),
      ),
    ],
    ['counted wrongly', wireOf(aStream({ response: unavailable }), attempt('2'))],
    ['in other words', wireOf(aStream({ response: unavailable }), attempt('first'))],
  ])('is a second call: %s', (_, wire) => {
    expect(verdict({ wire, server: twice, unknowing })).toMatch(/^client 1\/0: times (called|served)/);
  });
});

describe('a server that knows nothing of the harness', () => {
  const details = [{ '@type': 'type.googleapis.com/google.protobuf.Empty' }];
  const notFound = aPlannedCall({ code: 5, responses: [] });
  const withDetails = wireOf(aStream({ response: { ...trailersOnly({ 'grpc-status': '5' }), details } }));
  const told = (more: Told): Told => ({
    client: aRecord({ code: 5, responses: [], details }),
    server: [],
    wire: withDetails,
    ...more,
  });

  it('may send details of which nobody has said anything, and the client tells them', () => {
    expect(verdict(told({ unknowing: ['server'] }), notFound)).toBe('passed');
    expect(
      verdict(told({ unknowing: ['server'], client: aRecord({ code: 5, responses: [] }) }), notFound),
    ).toMatch(/^client/);
    const server = [aServed({ code: 5, responses: [] })];
    expect(verdict(told({ server }), notFound)).toMatch(/^server/);
  });

  it('may send them with the end of a call that the client ends by itself, who may not have waited for them', () => {
    const late = aPlannedCall({ code: 4, responses: [], served: 'cancelled' }, { timeoutMs: 100 });
    const timed = asking({ 'grpc-timeout': '100m' });
    const response = { ...trailersOnly({ 'grpc-status': '4' }), details };
    const wire = wireOf(aStream({ request: timed, response }));
    for (const more of [{}, { details }]) {
      const client = aRecord({ code: 4, responses: [], ...more });
      expect(verdict({ wire, client, server: [], unknowing: ['server'] }, late)).toBe('passed');
    }
  });

  it('is held to those that are wanted', () => {
    const wanted = aPlannedCall({ code: 5, responses: [], details: [{ '@type': 'x/y' }] });
    expect(verdict(told({ unknowing: ['server'] }), wanted)).toMatch(/^server/);
  });
});

describe('clocks', () => {
  /** The same, all that crossed having crossed so much later or earlier: another machine's clock. */
  const moved = (wire: WireEvidence, byMs: number): WireEvidence => ({
    streams: wire.streams.map((stream) => later(stream, byMs)),
    troubles: wire.troubles.map((trouble) =>
      trouble.kind === 'closed' ? { ...trouble, atMs: trouble.atMs + byMs } : trouble,
    ),
  });
  const timed = aPlannedCall(
    { elapsedMs: { min: 0, max: 100 }, timeRemainingMs: { min: 900, max: 1_010 } },
    { timeoutMs: 1_000 },
  );
  const request = asking({ 'grpc-timeout': '1000m' });
  const frames = aStream().frames;
  const late = frames.map((frame) => (frame.number === 4 ? { ...frame, atMs: 3_000 } : frame));
  const served = (timeRemainingMs: number) => [aServed({ timeRemainingMs })];
  const closed = { kind: 'closed', connection: 1, by: 'server', how: 'end', atMs: 20 } as const;
  const rows: readonly (readonly [Told, PlannedCall])[] = [
    [{ wire: wireOf(aStream({ request })), server: served(995) }, timed],
    [{ wire: wireOf(aStream({ request })), server: served(5) }, timed],
    [
      {
        wire: wireOf(aStream({ request, frames: late })),
        server: served(995),
        client: aRecord({ elapsedMs: 2_990 }),
      },
      timed,
    ],
    [
      { wire: wireOf(aStream({ request })), server: served(995), client: aRecord({ elapsedMs: 2_990 }) },
      timed,
    ],
    [
      {
        wire: { ...wireOf(aStream({ response: nothing, frames: frames.slice(0, 2) })), troubles: [closed] },
        client: aRecord({ code: 14, responses: [] }),
        server: [aServed({ cancelled: true })],
      },
      aPlannedCall(),
    ],
  ];

  it.each(rows.map((row, index) => [index, ...row] as const))(
    'of row %i, say the same wherever they began',
    (_, told, planned) => {
      const wanted = verdict(told, planned);
      for (const byMs of [-1e9, -3_600_000, -1, 1, 3_600_000, 1e9])
        for (const unknown of [[], ['client'], ['server']] as const) {
          const as = { ...told, unknowing: unknown };
          expect(verdict({ ...as, wire: told.wire && moved(told.wire, byMs) }, planned)).toBe(
            verdict(as, planned),
          );
        }
      expect(wanted).not.toBe('');
    },
  );

  it('a program that is run once a call is not late by the time that it takes to start', () => {
    const quick = aPlannedCall({ elapsedMs: { min: 0, max: 100 } });
    const slowStart = { client: aRecord({ elapsedMs: 2_000 }), unknowing };
    expect(verdict({ ...slowStart, wire: wireOf(aStream()) }, quick)).toBe('passed');
    expect(verdict({ ...slowStart, wire: wireOf(aStream({ frames: late })) }, quick)).toMatch(/^server/);
    const slow = aPlannedCall({ elapsedMs: { min: 500, max: 1_000 } });
    expect(
      verdict({ client: aRecord({ elapsedMs: 400 }), unknowing, wire: wireOf(aStream()) }, slow),
    ).toMatch(/time to the status/);
  });
});
