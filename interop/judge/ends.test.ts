/** Each end of a call, by either side, and each thing that the other side may do behind it: who is to blame. */
import { describe, expect, it } from 'vitest';
import {
  anEvidence,
  aPlannedCall,
  aRecord,
  aServed,
  askFor,
  type Told,
  without,
} from '../fixtures/values.ts';
import {
  aFrame,
  aMessage,
  aRequest,
  aResponse,
  aStream,
  changed,
  nothing,
  okTrailers,
  requestHeaders,
  trailersOnly,
} from '../fixtures/wire.ts';
import type { Role } from '../model/peer.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireFrame, WireHalf, WireReset, WireTrouble } from '../model/wire.ts';
import { judge } from './judge.ts';
import { silenceOf } from './silence.ts';

/** Something that passes: a frame, or the end of the connection. */
type Act = (by: Role) => {
  readonly frame?: Partial<WireFrame> & { readonly type: string };
  readonly reset?: string;
  readonly closed?: 'end' | 'reset';
};

const rst =
  (code: string): Act =>
  () => ({ frame: { type: 'RST_STREAM', says: code }, reset: code });
const goaway =
  (says: string): Act =>
  () => ({ frame: { type: 'GOAWAY', stream: 0, says } });
const closing =
  (how: 'end' | 'reset'): Act =>
  () => ({ closed: how });

/** Behind which the call is over, and no answer was had. */
const ends: Readonly<Record<string, Act>> = {
  FIN: closing('end'),
  'a reset of the connection': closing('reset'),
  'GOAWAY with an error': goaway('INTERNAL_ERROR, last stream 1'),
  'GOAWAY with an error, below the stream': goaway('PROTOCOL_ERROR, last stream 0'),
  'RST_STREAM CANCEL': rst('CANCEL'),
  'RST_STREAM INTERNAL_ERROR': rst('INTERNAL_ERROR'),
  'RST_STREAM REFUSED_STREAM': rst('REFUSED_STREAM'),
  'RST_STREAM NO_ERROR': rst('NO_ERROR'),
};

/** What the other side may do then. */
const reactions: Readonly<Record<string, Act | undefined>> = {
  nothing: undefined,
  'RST_STREAM CANCEL': rst('CANCEL'),
  'RST_STREAM REFUSED_STREAM': rst('REFUSED_STREAM'),
  'RST_STREAM NO_ERROR': rst('NO_ERROR'),
  'RST_STREAM PROTOCOL_ERROR': rst('PROTOCOL_ERROR'),
  'RST_STREAM STREAM_CLOSED': rst('STREAM_CLOSED'),
  'RST_STREAM INTERNAL_ERROR': rst('INTERNAL_ERROR'),
  'GOAWAY NO_ERROR': goaway('NO_ERROR, last stream 0'),
  'GOAWAY with an error': goaway('PROTOCOL_ERROR, last stream 0'),
  FIN: closing('end'),
  'a reset of the connection': closing('reset'),
  'late DATA': () => ({ frame: { type: 'DATA', length: 20 } }),
};

const opposite = { client: 'server', server: 'client' } as const;
const halves = { request: aRequest(), 'headers only': without(aResponse(), 'endFrame') };

interface Passing {
  readonly isWhole?: boolean;
  readonly hasHeaders?: boolean;
}

/** A request (whole, or the first message of it), headers if any, then the acts one after another, 1 ms each. */
function passing(
  { isWhole = true, hasHeaders = true }: Passing,
  acts: readonly (readonly [Role, Act | undefined])[],
): WireEvidence {
  const frames: WireFrame[] = [
    aFrame(0, 'client', 'HEADERS'),
    aFrame(1, 'client', 'DATA', { flags: isWhole ? ['END_STREAM'] : [] }),
    ...(hasHeaders ? [aFrame(2, 'server', 'HEADERS')] : []),
  ];
  const resets: WireReset[] = [];
  const troubles: WireTrouble[] = [];
  for (const [index, [from, act]] of acts.entries()) {
    if (!act) continue;
    const { frame, reset, closed } = act(from);
    const atMs = 20 + index;
    const number = frames.length;
    if (frame) frames.push(aFrame(number, from, frame.type, { ...frame, atMs }));
    if (reset) resets.push({ from, code: reset, frame: number });
    // Only the first end of a connection is told.
    if (closed && troubles.length === 0)
      troubles.push({ kind: 'closed', connection: 1, by: from, how: closed, atMs });
  }
  const request: WireHalf = isWhole ? halves.request : without(halves.request, 'endFrame');
  const response: WireHalf = hasHeaders
    ? without({ ...halves['headers only'], trailers: [], messages: [] }, 'trailersFrame')
    : nothing;
  return { streams: [aStream({ frames, resets, request, response })], troubles };
}

function blameOf(planned: PlannedCall, told: Told): string {
  const outcome = judge([planned], [anEvidence(told)]);
  return outcome.kind === 'failed' ? outcome.blame.side : outcome.kind;
}

/** What the two sides say of a call that broke off. */
function broken(code: number): Told {
  return {
    client: aRecord({ code, responses: [], message: 'it broke' }),
    server: [aServed({ cancelled: true })],
  };
}

const table = Object.entries(ends).flatMap(([end, act]) =>
  Object.entries(reactions).flatMap(([reaction, answer]) =>
    (['client', 'server'] as const).map((by) => ({ end, act, reaction, answer, by })),
  ),
);

describe('who ended a call is to blame for that, and not who answers it', () => {
  it.each(table)('$by: $end; then $reaction', ({ act, answer, by }) => {
    for (const passed of [
      {},
      { hasHeaders: false },
      { isWhole: false },
      { isWhole: false, hasHeaders: false },
    ])
      for (const code of [14, 13, 2, 1])
        for (const unknowing of [[], ['client'], ['server'], ['client', 'server']] as const) {
          const wire = passing(passed, [
            [by, act],
            [opposite[by], answer],
          ]);
          expect(blameOf(aPlannedCall(), { ...broken(code), wire, unknowing })).toBe(by);
        }
  });
});

const two = aPlannedCall({}, { steps: [askFor('Stitch'), askFor('b'), { close: true }] });
const wantsCancelled: PlannedCall = {
  spec: { ...aPlannedCall().spec, steps: [askFor('Stitch'), { waitMs: 300 }, { cancel: true }] },
  kind: 'unary',
  expect: { code: 1, responses: [], served: 'cancelled' },
};

describe('a call that was to be cancelled, and was ended by the server', () => {
  const cases = table.filter(({ by, end }) => by === 'server' && end !== 'RST_STREAM CANCEL');
  it.each(cases)('$end; then $reaction', ({ act, answer }) => {
    for (const unknowing of [[], ['client'], ['server']] as const) {
      const wire = passing({}, [
        ['server', act],
        ['client', answer],
      ]);
      expect(blameOf(wantsCancelled, { ...broken(14), wire, unknowing })).toBe('server');
    }
  });

  /** The whole answer crosses so long after the request. */
  function answered(ms: number, acts: readonly WireFrame[] = []): WireEvidence {
    const stream = aStream();
    const frames = stream.frames.map((frame) =>
      frame.from === 'server' ? { ...frame, atMs: 10 + ms } : frame,
    );
    return { streams: [{ ...stream, frames: [...frames, ...acts] }], troubles: [] };
  }
  const saysAnswered: Told = { client: aRecord(), server: [aServed()] };

  it('with its answer: the server is to blame when it was too early, the client when it was to cancel long before', () => {
    for (const unknowing of [[], ['client'], ['server']] as const) {
      expect(blameOf(wantsCancelled, { ...saysAnswered, wire: answered(50), unknowing })).toBe('server');
      expect(blameOf(wantsCancelled, { ...saysAnswered, wire: answered(310), unknowing })).toBe('server');
      expect(blameOf(wantsCancelled, { ...saysAnswered, wire: answered(5_000), unknowing })).toBe('client');
    }
  });

  it('or before the deadline at which the client was to end it', () => {
    const timed: PlannedCall = {
      ...wantsCancelled,
      spec: { ...aPlannedCall().spec, timeoutMs: 400 },
      expect: { ...wantsCancelled.expect, code: 4 },
    };
    const request = aRequest({ headers: changed(requestHeaders, { 'grpc-timeout': '400m' }) });
    const early = answered(50);
    const wire = { ...early, streams: early.streams.map((stream) => ({ ...stream, request })) };
    expect(judge([timed], [anEvidence({ ...saysAnswered, wire })])).toMatchObject({
      blame: { side: 'server', because: 'the server ended the call before its deadline: END_STREAM' },
    });
  });

  it('after what the client was to have received', () => {
    const receives: PlannedCall = {
      ...wantsCancelled,
      spec: { ...wantsCancelled.spec, steps: [askFor('Stitch'), { receive: 1 }, { cancel: true }] },
    };
    // The response comes late, and the end right behind it; or long behind it.
    expect(blameOf(receives, { ...saysAnswered, wire: answered(5_000) })).toBe('server');
    const stream = aStream();
    const frames = stream.frames.map((frame) => (frame.number === 4 ? { ...frame, atMs: 5_000 } : frame));
    const late: WireEvidence = { streams: [{ ...stream, frames }], troubles: [] };
    expect(blameOf(receives, { ...saysAnswered, wire: late })).toBe('client');
  });
});

describe('a request that is not whole', () => {
  const one = [{ json: { name: 'Stitch' } }];
  const first = without(aRequest({ messages: [aMessage({ name: 'Stitch' })] }), 'endFrame');

  it('since the server had ended the call: what the client does then is no departure', () => {
    const closes = aFrame(5, 'client', 'DATA', { flags: ['END_STREAM'] });
    const stream = aStream({ request: { ...first, endFrame: 5 }, frames: [...aStream().frames, closes] });
    const served = { server: [aServed({ requests: one })], wire: { streams: [stream], troubles: [] } };
    // The server was to take them all: it is the one that stopped.
    expect(blameOf(two, served)).toBe('server');
    // It was to take one.
    expect(blameOf({ ...two, expect: { ...two.expect, requests: one } }, served)).toBe('passed');
  });

  it('and a client that was to cancel may say END_STREAM to a call that is over', () => {
    const cancels: PlannedCall = {
      kind: 'client-streams',
      spec: { ...two.spec, steps: [askFor('Stitch'), askFor('b'), { waitMs: 300 }, { cancel: true }] },
      expect: { code: 1, responses: [], served: 'cancelled' },
    };
    const wire = (endFrame: number) => {
      const stream = aStream({
        request: { ...first, endFrame },
        response: { ...aResponse({ endFrame: 4 }), trailers: okTrailers },
      });
      return { streams: [stream], troubles: [] };
    };
    const told = { client: aRecord(), server: [aServed({ requests: one })] };
    expect(blameOf(cancels, { ...told, wire: wire(5) })).toBe('server');
    expect(blameOf(cancels, { ...told, wire: wire(1) })).toBe('client');
  });

  it('and the client ended it by itself', () => {
    const wire = passing({ isWhole: false }, [['client', rst('CANCEL')]]);
    expect(blameOf(two, { ...broken(1), server: [aServed({ requests: one, cancelled: true })], wire })).toBe(
      'client',
    );
  });
});

describe('what is no end', () => {
  const crossedWhole = (more: readonly WireFrame[], troubles: readonly WireTrouble[] = []) => {
    const stream = aStream();
    const [asked, answer] = [stream.frames.slice(0, 2), stream.frames.slice(2)];
    const frames = [...asked, ...more, ...answer].map((frame, number) => ({ ...frame, number }));
    const by = more.length;
    const response = aResponse({ headersFrame: 2 + by, trailersFrame: 4 + by, endFrame: 4 + by });
    return { streams: [{ ...stream, frames, response }], troubles };
  };

  it('a polite GOAWAY of either side, and a client that sends no more and hears the answer out', () => {
    const leaves = (from: Role) =>
      aFrame(2, from, 'GOAWAY', { stream: 0, says: 'NO_ERROR, last stream 1', atMs: 11 });
    expect(blameOf(aPlannedCall(), { wire: crossedWhole([leaves('server')]) })).toBe('passed');
    expect(blameOf(aPlannedCall(), { wire: crossedWhole([leaves('client')]) })).toBe('passed');
    const closed = { kind: 'closed', connection: 1, by: 'client', how: 'end', atMs: 11 } as const;
    expect(blameOf(aPlannedCall(), { wire: crossedWhole([], [closed]) })).toBe('passed');
  });

  it('but a status that the server makes of the client’s end is no answer', () => {
    const closed = { kind: 'closed', connection: 1, by: 'client', how: 'end', atMs: 11 } as const;
    const whole = crossedWhole([], [closed]);
    const response = trailersOnly({ 'grpc-status': '14', 'grpc-message': 'Socket closed' });
    const streams = whole.streams.map((stream) => ({ ...stream, response }));
    const told = { client: aRecord({ code: 14, responses: [] }), server: [aServed()] };
    expect(blameOf(aPlannedCall(), { ...told, wire: { ...whole, streams } })).toBe('client');
  });

  it('the end of another connection', () => {
    const closed = { kind: 'closed', connection: 2, by: 'server', how: 'reset', atMs: 11 } as const;
    const wire = { ...passing({}, [['client', rst('CANCEL')]]), troubles: [closed] };
    expect(blameOf(aPlannedCall(), { ...broken(1), wire })).toBe('client');
  });

  it('a reset of the server behind its own answer, unless it answers one of the client', () => {
    const stream = aStream({
      resets: [
        { from: 'client', code: 'CANCEL', frame: 5 },
        { from: 'server', code: 'STREAM_CLOSED', frame: 6 },
      ],
    });
    const of = (resets: readonly WireReset[]) =>
      blameOf(aPlannedCall(), { wire: { streams: [{ ...stream, resets }], troubles: [] } });
    expect(of(stream.resets)).toBe('passed');
    expect(of(stream.resets.slice(1))).toBe('server');
  });
});

describe('a client that says nothing of a call that somebody ended', () => {
  const finals = table.filter(
    ({ reaction, end }) => reaction === 'nothing' && end !== 'GOAWAY with an error',
  );
  it.each(finals)('$by: $end', ({ act, by, end }) => {
    // Below the stream is said by who takes streams.
    if (by === 'client' && end.startsWith('GOAWAY')) return;
    const wire = passing({}, [[by, act]]);
    const silence = { planned: aPlannedCall(), text: 'call c1', waitedMs: 10, isClientAlive: true };
    expect(silenceOf({ ...silence, isRecorded: false, wire }).side).toBe('client');
  });

  it('a server that says it will end the connection, and does not, is the silent one', () => {
    const wire = passing({}, [['server', goaway('INTERNAL_ERROR, last stream 1')]]);
    const silence = { planned: aPlannedCall(), text: 'call c1', waitedMs: 10, isClientAlive: true };
    expect(silenceOf({ ...silence, isRecorded: false, wire }).side).toBe('server');
  });
});
