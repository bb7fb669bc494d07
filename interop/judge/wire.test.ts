import { describe, expect, it } from 'vitest';
import {
  aCall,
  aFailure,
  anEvidence,
  aPlannedCall,
  aRecord,
  aServed,
  askFor,
  stitch,
  type Told,
  without,
} from '../fixtures/values.ts';
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
  okTrailers,
  requestHeaders,
  responseHeaders,
  trailersOnly,
} from '../fixtures/wire.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { Message } from '../model/message.ts';
import type { Role } from '../model/peer.ts';
import type { PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireHalf } from '../model/wire.ts';
import { judge } from './judge.ts';

const eight = { ...stitch, id: 8 };
const saysEight = { responses: [{ json: eight }] };
const callMetadata = [{ key: 'stitch-call-id', text: 'c0.0' }];

function evidence(wire: WireEvidence | undefined, more: Told = {}): CallEvidence {
  return anEvidence({ call: aCall({ metadata: callMetadata }), wire, ...more });
}

/** Whose fault it is, what shows it first, and the frame: `server: reply, frame 3`. */
function verdict(planned: PlannedCall, evidence: CallEvidence): string {
  const outcome = judge([planned], [evidence]);
  if (outcome.kind !== 'failed') return outcome.kind;
  const { side, proof } = outcome.blame;
  const at = proof ? `, stream ${proof.stream} frame ${proof.frame}` : '';
  return `${side}${at}: ${[...new Set(outcome.mismatches.map(({ witness, what }) => `${witness} ${what}`))].join(', ')}`;
}

const nothingCame = aRecord({ responses: [] });
const servedNothing = aServed({ responses: [] });
const wantsNotFound: PlannedCall = {
  ...aPlannedCall({}),
  expect: { code: 5, message: 'expirement not found', responses: [], served: 'answered' },
};
const notFound = trailersOnly({ 'grpc-status': '5', 'grpc-message': 'expirement not found' });
const saysNotFound = {
  client: { ...nothingCame, code: 5, message: 'expirement not found' },
  server: [{ ...servedNothing, code: 5, message: 'expirement not found' }],
};
const wantsCancelled: PlannedCall = {
  spec: { ...aPlannedCall().spec, steps: [askFor('Stitch'), { waitMs: 300 }, { cancel: true }] },
  expect: { code: 1, responses: [], served: 'cancelled' },
};
const cancelled = { client: { ...nothingCame, code: 1 }, server: [aServed({ cancelled: true })] };

function request(more: Partial<WireHalf>): WireEvidence {
  return crossed({ request: aRequest(more) });
}

function requestWith(fields: Readonly<Record<string, string | undefined>>): WireEvidence {
  return request({ headers: changed(requestHeaders, fields) });
}

function response(more: Partial<WireHalf>): WireEvidence {
  return crossed({ response: aResponse(more) });
}

describe('with the wire, the judge passes', () => {
  it.each<[string, PlannedCall, CallEvidence]>([
    ['what all three tell', aPlannedCall(), evidence(aWire())],
    ['a status in one block', wantsNotFound, evidence(crossed({ response: notFound }), saysNotFound)],
    [
      'a status behind headers',
      wantsNotFound,
      evidence(
        response({
          trailers: headers({ 'grpc-status': '5', 'grpc-message': 'expirement not found' }),
          messages: [],
        }),
        saysNotFound,
      ),
    ],
    [
      'a message that is percent-encoded, in either case',
      { ...wantsNotFound, expect: { ...wantsNotFound.expect, message: 'ä%' } },
      evidence(crossed({ response: trailersOnly({ 'grpc-status': '5', 'grpc-message': '%c3%A4%25' }) }), {
        client: { ...nothingCame, code: 5, message: 'ä%' },
        server: [{ ...servedNothing, code: 5, message: 'ä%' }],
      }),
    ],
    [
      'a message that goes with OK',
      aPlannedCall(),
      evidence(response({ trailers: changed(okTrailers, { 'grpc-message': 'OK' }) })),
    ],
    [
      'another content-type of gRPC',
      aPlannedCall(),
      evidence(requestWith({ 'content-type': 'application/grpc+proto' })),
    ],
    [
      'a second stream when the server had refused the first',
      aPlannedCall(),
      evidence(
        aWire({
          streams: [
            aStream({ response: nothing, resets: [{ from: 'server', code: 'REFUSED_STREAM', frame: 2 }] }),
            aStream({ stream: 3 }),
          ],
        }),
      ),
    ],
    [
      'a second stream when the server was leaving',
      aPlannedCall(),
      evidence(
        aWire({
          streams: [
            aStream({
              stream: 5,
              response: nothing,
              frames: [aFrame(2, 'server', 'GOAWAY', { stream: 0, says: 'NO_ERROR, last stream 3' })],
            }),
            aStream({ connection: 2 }),
          ],
        }),
      ),
    ],
    [
      'a request that was answered before it was whole',
      { ...wantsNotFound, expect: { code: 8, responses: [], served: 'never' } },
      evidence(
        crossed({
          request: without(aRequest({ messages: [], restBytes: 4_000_000 }), 'endFrame'),
          response: trailersOnly({ 'grpc-status': '8' }),
        }),
        { client: { ...nothingCame, code: 8 }, server: [] },
      ),
    ],
    [
      'a reset by the client behind the whole answer',
      aPlannedCall(),
      evidence(crossed({ resets: [{ from: 'client', code: 'CANCEL', frame: 5 }] })),
    ],
    [
      'a reset without error by the server behind it',
      aPlannedCall(),
      evidence(crossed({ resets: [{ from: 'server', code: 'NO_ERROR', frame: 5 }] })),
    ],
    [
      'a second reset by the server, behind one without error',
      aPlannedCall(),
      evidence(
        crossed({
          resets: [
            { from: 'server', code: 'NO_ERROR', frame: 5 },
            { from: 'server', code: 'STREAM_CLOSED', frame: 6 },
          ],
        }),
      ),
    ],
    [
      'a cancelled call, however it ended on the wire',
      wantsCancelled,
      evidence(
        crossed({ response: nothing, resets: [{ from: 'client', code: 'CANCEL', frame: 2 }] }),
        cancelled,
      ),
    ],
    [
      'a call that an encrypted connection hides',
      aPlannedCall(),
      evidence(aWire({ streams: [], troubles: [{ kind: 'opaque', connection: 1 }] })),
    ],
    [
      'a call that was to find nobody, and did not cross',
      { ...wantsNotFound, expect: { code: 14, responses: [], served: 'never' } },
      evidence(aWire({ streams: [] }), { client: { ...nothingCame, code: 14 }, server: [] }),
    ],
    [
      'binary metadata as base64, and as it is',
      aPlannedCall(),
      evidence(requestWith({ 'x-bin': '\0\u00ff\u0000a' }), {
        call: aCall({
          metadata: [
            ...callMetadata,
            { key: 'x-bin', binary: Buffer.from([0xff, 0, 0x61]).toString('base64') },
          ],
        }),
      }),
    ],
  ])('%s', (_, planned, evidence) => {
    expect(verdict(planned, evidence)).toBe('passed');
  });
});

describe('the request that crossed is the client’s', () => {
  it.each<[string, WireEvidence, string]>([
    ['not POST', requestWith({ ':method': 'GET' }), 'client, stream 0 frame 0: wire :method'],
    ['another path', requestWith({ ':path': '/Manage/Pick' }), 'client, stream 0 frame 0: wire :path'],
    ['no te', requestWith({ te: undefined }), 'client, stream 0 frame 0: wire te'],
    [
      'no content-type',
      requestWith({ 'content-type': undefined }),
      'client, stream 0 frame 0: wire content-type',
    ],
    [
      'a content-type that only looks like it',
      requestWith({ 'content-type': 'application/grpc-web' }),
      'client, stream 0 frame 0: wire content-type',
    ],
    [
      'a deadline that nobody asked for',
      requestWith({ 'grpc-timeout': '1S' }),
      'client, stream 0 frame 0: wire grpc-timeout',
    ],
    [
      'metadata that is gone',
      requestWith({ 'stitch-call-id': undefined }),
      'client, stream 0 frame 0: wire request metadata stitch-call-id',
    ],
    [
      'another name',
      request({ messages: [aMessage({ name: 'stitch' })] }),
      'client, stream 0 frame 1: wire request',
    ],
    [
      'two messages',
      request({ messages: [aMessage({ name: 'Stitch' }), aMessage({ name: 'Stitch' }, { frame: 2 })] }),
      'client, stream 0 frame 2: wire request messages',
    ],
    [
      'a message that cannot be read',
      request({ messages: [aMessage(undefined, { problem: 'wanted UTF-8' })] }),
      'client, stream 0 frame 1: wire request message',
    ],
    [
      'bytes behind the message',
      request({ restBytes: 3 }),
      'client, stream 0 frame 1: wire bytes behind the request',
    ],
    [
      'a second stream',
      aWire({ streams: [aStream(), aStream({ stream: 3 })] }),
      'client, stream 1 frame 0: wire times called',
    ],
    ['no stream at all', aWire({ streams: [] }), 'client: wire times called'],
    ['a name in capitals', requestWith({ 'X-A': '1' }), 'client, stream 0 frame 0: wire field name'],
    [
      'a field about the connection',
      requestWith({ connection: 'keep-alive' }),
      'client, stream 0 frame 0: wire field',
    ],
    [
      'a pseudo-header behind others',
      request({ headers: [...requestHeaders.slice(1), ...requestHeaders.slice(0, 1)] }),
      'client, stream 0 frame 0: wire pseudo-header',
    ],
    [
      'another length than it says',
      requestWith({ 'content-length': '36' }),
      'client, stream 0 frame 1: wire content-length',
    ],
    ['an end, and no message', request({ messages: [] }), 'client, stream 0 frame 0: wire request'],
    [
      'bytes that are not HTTP/2',
      crossed({ problems: [{ from: 'client', offset: 40, wanted: 'a', got: 'b', frame: 1 }] }),
      'client, stream 0 frame 1: wire HTTP/2',
    ],
  ])('%s', (_, wire, found) => {
    expect(verdict(aPlannedCall(), evidence(wire))).toBe(found);
  });

  it.each([
    ['', 'client'],
    ['60S', 'passed'],
    ['60000m', 'passed'],
    ['1M', 'passed'],
    ['60000000u', 'passed'],
    ['60', 'client'],
    ['060000000m', 'client'],
    ['61S', 'client'],
    ['1H', 'client'],
  ])('a deadline of a minute as %s: %s', (value, side) => {
    const planned = aPlannedCall({ timeRemainingMs: { min: 50_000, max: 60_600 } }, { timeoutMs: 60_000 });
    const wire = requestWith({ 'grpc-timeout': value === '' ? undefined : value });
    const found = verdict(planned, evidence(wire, { server: [aServed({ timeRemainingMs: 59_990 })] }));
    expect(found.split(/[:,]/)[0]).toBe(side);
  });

  it('not compressed, though it was asked to be and would shrink', () => {
    const planned = aPlannedCall({}, { compression: 'gzip' });
    const encoded = { headers: changed(requestHeaders, { 'grpc-encoding': 'gzip' }) };
    const said = (flag: number, length: number) =>
      verdict(
        planned,
        evidence(request({ ...encoded, messages: [aMessage({ name: 'Stitch' }, { flag, length })] })),
      );
    expect(said(1, 5000)).toBe('passed');
    expect(said(0, 8)).toBe('passed');
    expect(said(0, 5000)).toBe('client, stream 0 frame 1: wire compressed flag of the request');
    expect(verdict(planned, evidence(aWire()))).toContain('wire grpc-encoding');
  });

  it('with a deadline that is half gone when it is sent', () => {
    const planned = (more: object): PlannedCall => ({
      spec: { ...aPlannedCall().spec, timeoutMs: 400, ...more },
      expect: aPlannedCall().expect,
    });
    const wire = requestWith({ 'grpc-timeout': '200m' });
    expect(verdict(planned({}), evidence(wire))).toContain('wire grpc-timeout');
    expect(verdict(planned({ waitForReady: true }), evidence(wire))).toBe('passed');
    expect(verdict(planned({}), evidence(requestWith({ 'grpc-timeout': '202m' })))).toBe('passed');
  });

  it.each([
    ['2m', 'passed'],
    ['3m', 'client, stream 0 frame 0: wire grpc-timeout'],
  ])('with a deadline of 1 ms as %s, for some count in whole milliseconds: %s', (value, found) => {
    const planned = aPlannedCall({}, { timeoutMs: 1 });
    expect(verdict(planned, evidence(requestWith({ 'grpc-timeout': value })))).toBe(found);
  });

  it('given up before it was answered', () => {
    const wire = crossed({ response: nothing, resets: [{ from: 'client', code: 'CANCEL', frame: 2 }] });
    const found = verdict(
      aPlannedCall(),
      evidence(wire, { client: { ...nothingCame, code: 4 }, server: [] }),
    );
    expect(found).toMatch(/^client, stream 0 frame 2: /);
  });

  it('given up without a word to the server', () => {
    const wire = crossed({ response: nothing });
    const found = verdict(wantsCancelled, evidence(wire, { ...cancelled, server: [aServed()] }));
    expect(found).toMatch(/^client, /);
  });
});

describe('the answer that crossed is the server’s', () => {
  const faithful = { client: aRecord(saysEight), server: [aServed()] };
  it.each<[string, WireEvidence, string]>([
    [
      'a wrong id, and a right record',
      response({ messages: [aMessage({ ...eight }, { frame: 3 })] }),
      'server, stream 0 frame 3: client answer, server answer, wire response',
    ],
    ['no headers', crossed({ response: nothing }), 'server, stream 0 frame 4: wire response headers'],
    [
      'a reset in their place',
      crossed({ response: nothing, resets: [{ from: 'server', code: 'INTERNAL_ERROR', frame: 2 }] }),
      'server, stream 0 frame 2: wire response headers',
    ],
    [
      'another HTTP status',
      response({ headers: changed(responseHeaders, { ':status': '500' }) }),
      'server, stream 0 frame 2: wire :status',
    ],
    [
      'another content-type',
      response({ headers: changed(responseHeaders, { 'content-type': 'text/html' }) }),
      'server, stream 0 frame 2: wire content-type',
    ],
    ['no status', response({ trailers: headers({ x: 'y' }) }), 'server, stream 0 frame 4: wire grpc-status'],
    [
      'a status that is no number',
      response({ trailers: headers({ 'grpc-status': 'OK' }) }),
      'server, stream 0 frame 4: wire grpc-status',
    ],
    [
      'two statuses',
      response({ trailers: [...okTrailers, ...okTrailers] }),
      'server, stream 0 frame 4: wire grpc-status',
    ],
    [
      'a status among the headers as well',
      response({ headers: [...responseHeaders, ...okTrailers] }),
      'server, stream 0 frame 2: wire grpc-status in the headers',
    ],
    [
      'a message that is not encoded',
      response({ trailers: changed(okTrailers, { 'grpc-message': '100 %' }) }),
      'server, stream 0 frame 4: wire grpc-message',
    ],
    [
      'no response',
      response({ messages: [] }),
      'server, stream 0 frame 4: client answer, server answer, wire response messages',
    ],
    [
      'two responses',
      response({ messages: [aMessage({ ...stitch }, { frame: 3 }), aMessage({ ...stitch }, { frame: 4 })] }),
      'server, stream 0 frame 3: client answer, server answer, wire response messages',
    ],
    [
      'half a response',
      response({ messages: [], restBytes: 12 }),
      'server, stream 0 frame 4: client answer, server answer, wire response messages, wire bytes that are no whole message',
    ],
    [
      'a response that cannot be read',
      response({ messages: [aMessage({ ...stitch }, { frame: 3, problem: 'field 9' })] }),
      'server, stream 0 frame 3: wire response message',
    ],
    [
      'a reset with an error behind it',
      crossed({ resets: [{ from: 'server', code: 'INTERNAL_ERROR', frame: 5 }] }),
      'server, stream 0 frame 5: wire end of the stream',
    ],
    [
      'a pseudo-header among the trailers',
      response({ trailers: [...okTrailers, ...headers({ ':status': '200' })] }),
      'server, stream 0 frame 4: wire field of the trailers',
    ],
    [
      'a name in capitals among the trailers, which the client may reset',
      crossed({
        response: aResponse({ trailers: [...okTrailers, ...headers({ 'Grpc-Status': '0' })] }),
        resets: [{ from: 'client', code: 'PROTOCOL_ERROR', frame: 5 }],
      }),
      'server, stream 0 frame 4: wire field name',
    ],
    [
      'headers that the client cannot read, and resets',
      crossed({
        response: {
          ...nothing,
          headers: headers({ ':status': '200', 'X-A': '1', 'content-type': 'application/grpc' }),
          headersFrame: 2,
        },
        resets: [{ from: 'client', code: 'PROTOCOL_ERROR', frame: 3 }],
      }),
      'server, stream 0 frame 2: wire field name, wire trailers, wire response messages',
    ],
    [
      'bytes that are not HTTP/2',
      crossed({ problems: [{ from: 'server', offset: 9, wanted: 'a', got: 'b', frame: 3 }] }),
      'server, stream 0 frame 3: wire HTTP/2',
    ],
  ])('%s', (_, wire, found) => {
    expect(verdict(aPlannedCall(), evidence(wire))).toBe(found);
  });

  it('and the client that tells it truly is not to blame', () => {
    const wire = response({ messages: [aMessage({ ...eight }, { frame: 3 })] });
    expect(verdict(aPlannedCall(), evidence(wire, faithful))).toMatch(/^server, /);
  });

  it('and two that agree with each other are found all the same', () => {
    const wire = response({
      messages: [aMessage({ name: stitch.skill, id: 7, skill: 'Stitch' }, { frame: 3 })],
    });
    const outcome = judge([aPlannedCall()], [evidence(wire)]);
    expect(outcome).toMatchObject({ blame: { side: 'server', isAgreed: true } });
  });

  it('in an encoding that nobody knows, and of which the client did not say that it takes it', () => {
    const of = (accepted: string) => ({
      ...crossed({
        request: aRequest({ headers: changed(requestHeaders, { 'grpc-accept-encoding': accepted }) }),
        response: aResponse({
          headers: changed(responseHeaders, { 'grpc-encoding': 'zstd' }),
          messages: [aMessage(undefined, { frame: 3, flag: 1 })],
        }),
      }),
    });
    const unread = { client: { ...nothingCame, code: 12 } };
    expect(verdict(aPlannedCall(), evidence(of('identity,gzip'), unread))).toMatch(
      /^server, stream 0 frame 3: .*wire grpc-encoding/,
    );
    expect(verdict(aPlannedCall(), evidence(of('gzip, zstd'), unread))).toMatch(/^client, /);
    expect(verdict(aPlannedCall(), evidence(of('gzip, zstd')))).toBe('passed');
  });

  it('in no encoding, though it was to be sent as gzip', () => {
    const planned = aPlannedCall({ responseEncoding: 'gzip' });
    const encoded = response({ headers: changed(responseHeaders, { 'grpc-encoding': 'gzip' }) });
    expect(verdict(planned, evidence(encoded))).toBe('passed');
    expect(verdict(planned, evidence(aWire()))).toBe('server, stream 0 frame 2: wire grpc-encoding');
  });

  it('with another compressed flag than it was to have', () => {
    const flagged = (flag: number) => response({ messages: [aMessage({ ...stitch }, { flag, frame: 3 })] });
    for (const wanted of [0, 1] as const) {
      const planned = aPlannedCall({ responseFlag: wanted });
      expect(verdict(planned, evidence(flagged(wanted)))).toBe('passed');
      expect(verdict(planned, evidence(flagged(1 - wanted)))).toBe(
        'server, stream 0 frame 3: wire compressed flag of the response',
      );
    }
  });

  it('another status, which the record confirms', () => {
    const wire = crossed({
      response: trailersOnly({ 'grpc-status': '13', 'grpc-message': 'expirement not found' }),
    });
    const said = {
      client: { ...saysNotFound.client, code: 13 },
      server: [{ ...servedNothing, code: 13, message: 'expirement not found' }],
    };
    expect(verdict(wantsNotFound, evidence(wire, said))).toMatch(/^server, .*wire status/);
  });

  it.each([
    [{ kind: 'refused', connection: 1, reason: 'ECONNREFUSED' }, 'server'],
    [{ kind: 'silent', connection: 1 }, 'server'],
    [{ kind: 'closed', connection: 1, by: 'server', how: 'reset', atMs: 3 }, 'server'],
    [{ kind: 'closed', connection: 1, by: 'client', how: 'end', atMs: 3 }, 'client'],
    [
      { kind: 'invalid', connection: 1, problem: { from: 'server', offset: 0, wanted: 'a', got: 'b' } },
      'server',
    ],
    [
      { kind: 'invalid', connection: 1, problem: { from: 'client', offset: 0, wanted: 'a', got: 'b' } },
      'client',
    ],
  ] as const)('no call for %j: %s', (trouble, side) => {
    const said = { client: { ...nothingCame, code: 14 }, server: [] };
    const found = verdict(aPlannedCall(), evidence(aWire({ streams: [], troubles: [trouble] }), said));
    expect(found).toMatch(new RegExp(`^${side}: `));
  });
});

describe('a record that does not tell what crossed', () => {
  it.each<[string, Told, string]>([
    [
      'another id, says the client',
      { client: aRecord(saysEight) },
      'client, stream 0 frame 3: client response, client answer, both answer',
    ],
    [
      'a status, says the client',
      { client: { ...nothingCame, code: 13 } },
      'client, stream 0 frame 3: client status, client response, client answer, both answer',
    ],
    [
      'another id, says the server',
      { server: [aServed(saysEight)] },
      'server, stream 0 frame 3: server response, server answer, both answer',
    ],
    ['nothing, says the server', { server: [] }, 'server, stream 0 frame 4: server times served'],
    [
      'twice, says the server',
      { server: [aServed(), aServed()] },
      'server, stream 0 frame 0: server times served',
    ],
    [
      'another name, says the server',
      { server: [aServed({ requests: [{ json: { name: 'stitch' } }] })] },
      'server, stream 0 frame 0: server request',
    ],
    [
      'cancelled, says the server',
      { server: [aServed({ cancelled: true })] },
      'server, stream 0 frame 4: server end of the call',
    ],
  ])('%s', (_, more, found) => {
    expect(verdict(aPlannedCall(), evidence(aWire(), more))).toBe(found);
  });

  it('is shown on the stream that counts, behind one that was refused', () => {
    const refused = aStream({
      response: nothing,
      resets: [{ from: 'server', code: 'REFUSED_STREAM', frame: 2 }],
    });
    const wire = aWire({ streams: [refused, aStream({ stream: 3 })] });
    const said = { server: [aServed({ requests: [{ json: { name: 'stitch' } }] })] };
    expect(verdict(aPlannedCall(), evidence(wire, said))).toBe('server, stream 1 frame 0: server request');
    expect(verdict(aPlannedCall(), evidence(wire, { client: aRecord(saysEight) }))).toMatch(
      /^client, stream 1 frame 3: /,
    );
  });

  it('is the server’s when it reset the call before the client gave it up', () => {
    const wire = crossed({ response: nothing, resets: [{ from: 'server', code: 'CANCEL', frame: 2 }] });
    const planned: PlannedCall = {
      spec: { ...aPlannedCall().spec, timeoutMs: 400 },
      expect: { code: 4, responses: [], served: 'cancelled' },
    };
    const timed = {
      ...wire,
      streams: wire.streams.map((stream) => ({
        ...stream,
        request: aRequest({ headers: changed(requestHeaders, { 'grpc-timeout': '400m' }) }),
      })),
    };
    expect(verdict(planned, evidence(timed, cancelled))).toBe('server, stream 0 frame 2: client status');
    const alone = { ...timed, streams: timed.streams.map((stream) => ({ ...stream, resets: [] })) };
    expect(verdict(planned, evidence(alone, cancelled))).toMatch(/^client, /);
  });

  it('of the time: the server’s when its answer came then, the client’s otherwise', () => {
    const planned = aPlannedCall({ elapsedMs: { min: 0, max: 100 } });
    const late = aStream({
      frames: aStream().frames.map((frame) => (frame.number === 4 ? { ...frame, atMs: 3000 } : frame)),
    });
    const said = { client: aRecord({ elapsedMs: 2995 }) };
    expect(verdict(planned, evidence(aWire({ streams: [late] }), said))).toMatch(/^server, /);
    expect(verdict(planned, evidence(aWire(), said))).toMatch(/^client, /);
    const noTime = aPlannedCall({ elapsedMs: { min: 3, max: 100 } });
    expect(verdict(noTime, evidence(aWire(), { client: aRecord({ elapsedMs: 0 }) }))).toMatch(/^client, /);
  });
});

describe('the judge tells apart', () => {
  const unserved = { client: { ...nothingCame, code: 8 }, server: [] };
  it('a server that resets what it does not record is shown by its reset', () => {
    const resets = [
      { from: 'client', code: 'NO_ERROR', frame: 6 },
      { from: 'server', code: 'ENHANCE_YOUR_CALM', frame: 2 },
    ] as const;
    const outcome = judge([aPlannedCall()], [evidence(crossed({ response: nothing, resets }), unserved)]);
    expect(outcome).toMatchObject({
      blame: {
        side: 'server',
        because:
          'the request crossed, and the server has no record of it: it ended it with RST_STREAM ENHANCE_YOUR_CALM',
        proof: { call: 0, stream: 0, frame: 2 },
      },
    });
  });

  it('a client that says that something went wrong when the server closed the connection tells the truth', () => {
    const closed = { kind: 'closed', connection: 1, how: 'end', atMs: 300 } as const;
    const of = (by: 'client' | 'server', code: number) => {
      const wire = { ...crossed({ response: nothing }), troubles: [{ ...closed, by }] };
      const planned: PlannedCall = {
        spec: wantsCancelled.spec,
        expect: { code: 1, responses: [], served: 'cancelled' },
      };
      return verdict(planned, evidence(wire, { ...cancelled, client: { ...nothingCame, code } }));
    };
    expect(of('server', 14)).toMatch(/^server, /);
    expect(of('client', 14)).toMatch(/^client, /);
    // Which words it finds for that is its own affair; that all was well is none of them.
    expect(of('server', 13)).toMatch(/^server, /);
    expect(of('server', 0)).toMatch(/^client, /);
  });

  it('a call that was not made is the client’s', () => {
    const said = { client: aRecord({ unsupported: 'compression "gzip"' }) };
    expect(judge([aPlannedCall()], [evidence(aWire(), said)])).toMatchObject({ blame: { side: 'client' } });
    expect(judge([aPlannedCall()], [])).toMatchObject({ blame: { side: 'client' } });
  });

  it('only what is to find nobody, or is too large, may stay away', () => {
    const away = (code: 0 | 8 | 12 | 14, served: 'never' | 'either' | 'answered') =>
      verdict(
        { ...aPlannedCall(), expect: { code, responses: [], served } },
        evidence(aWire({ streams: [] }), { client: { ...nothingCame, code }, server: [] }),
      );
    expect(away(14, 'never')).toBe('passed');
    expect(away(8, 'never')).toBe('passed');
    expect(away(8, 'either')).toBe('passed');
    expect(away(12, 'either')).toMatch(/^client: /);
    expect(away(12, 'never')).toMatch(/^client: /);
    expect(away(14, 'answered')).toMatch(/^client: /);
  });

  it('a request without an end is the client’s, unless the call was over', () => {
    const endless = without(aRequest(), 'endFrame');
    const half = (more: object) => evidence(crossed({ request: endless, ...more }), unserved);
    expect(verdict(aPlannedCall(), half({ response: nothing }))).toMatch(/^client, .*wire request/);
    const reset = half({ response: nothing, resets: [{ from: 'server', code: 'CANCEL', frame: 2 }] });
    expect(verdict(aPlannedCall(), reset)).toMatch(/^server, /);
    const gone = evidence(crossed({ request: endless, response: nothing }), cancelled);
    expect(verdict(wantsCancelled, gone)).toBe('passed');
  });

  it('a request that ends early is the client’s, unless it ends because the call was over', () => {
    const two = aPlannedCall(
      { requests: [{ json: { name: 'Stitch' } }] },
      { steps: [askFor('Stitch'), askFor('b'), { close: true }] },
    );
    const endsAt = (endFrame: number) => verdict(two, evidence(request({ endFrame })));
    expect(endsAt(1)).toMatch(/^client, .*wire request/);
    expect(endsAt(5)).toBe('passed');
  });

  it('a reset that is no refusal, and a GOAWAY above the stream, allow no second stream', () => {
    const twice = (more: object) =>
      aWire({ streams: [aStream({ response: nothing, ...more }), aStream({ stream: 3 })] });
    const resets = (from: string, code: string) => twice({ resets: [{ from, code, frame: 2 }] });
    const goaway = (from: 'client' | 'server', last: number) =>
      twice({
        stream: 3,
        frames: [aFrame(2, from, 'GOAWAY', { stream: 0, says: `NO_ERROR, last stream ${last}` })],
      });
    const found = (wire: WireEvidence) => verdict(aPlannedCall(), evidence(wire));
    expect(found(resets('server', 'REFUSED_STREAM'))).toBe('passed');
    expect(found(resets('client', 'REFUSED_STREAM'))).toContain('times called');
    expect(found(resets('server', 'CANCEL'))).toContain('times called');
    expect(found(goaway('server', 1))).toBe('passed');
    expect(found(goaway('server', 3))).toContain('times called');
    expect(found(goaway('client', 1))).toContain('times called');
  });

  it('a GOAWAY in place of an answer is the server’s word', () => {
    const frames = (from: 'client' | 'server') => [
      aFrame(2, from, 'GOAWAY', { stream: 0, says: 'NO_ERROR' }),
    ];
    const of = (from: 'client' | 'server') =>
      judge(
        [aPlannedCall()],
        [
          evidence(crossed({ response: nothing, frames: frames(from) }), {
            client: { ...nothingCame, code: 14 },
          }),
        ],
      );
    expect(JSON.stringify(of('server'))).toContain('GOAWAY NO_ERROR');
    expect(JSON.stringify(of('client'))).not.toContain('GOAWAY NO_ERROR');
  });

  it('metadata that did not cross is the server’s, and that the client did not tell the client’s', () => {
    const planned = aPlannedCall({
      headers: [{ key: 'x-a', text: '1' }],
      trailers: [{ key: 'x-b', text: '2' }],
    });
    const sent = response({
      headers: changed(responseHeaders, { 'x-a': '1' }),
      trailers: changed(okTrailers, { 'x-b': '2' }),
    });
    const both = { headers: [{ key: 'x-a', text: '1' }], trailers: [{ key: 'x-b', text: '2' }] };
    expect(verdict(planned, evidence(sent, { client: aRecord(both) }))).toBe('passed');
    expect(verdict(planned, evidence(sent, { client: aRecord({ ...both, headers: [] }) }))).toMatch(
      /^client, .*client header x-a$/,
    );
    expect(verdict(planned, evidence(sent, { client: aRecord({ ...both, trailers: [] }) }))).toMatch(
      /^client, .*client trailer x-b$/,
    );
    expect(verdict(planned, evidence(aWire()))).toMatch(
      /^server, stream 0 frame 2: .*wire header x-a, wire trailer x-b$/,
    );
  });

  it('a call that did not cross since the server had left the connection, and one that was not made', () => {
    const of = (by: 'client' | 'server', code: number) => {
      const closed = { kind: 'closed', connection: 1, by, how: 'end', atMs: 9 } as const;
      const wire = aWire({ streams: [], troubles: [closed] });
      return verdict(aPlannedCall(), evidence(wire, { client: { ...nothingCame, code }, server: [] }));
    };
    expect(of('server', 14)).toMatch(/^server: /);
    expect(of('server', 0)).toMatch(/^client: /);
    expect(of('client', 14)).toMatch(/^client: /);
  });

  it('a server that has not spoken, and a client that did not wait for it', () => {
    const of = (code: number, elapsedMs: number) => {
      const wire = aWire({ streams: [], troubles: [{ kind: 'silent', connection: 1 }] });
      return verdict(
        aPlannedCall(),
        evidence(wire, { client: { ...nothingCame, code, elapsedMs }, server: [] }),
      );
    };
    expect(of(4, 1)).toMatch(/^client: /);
    expect(of(4, 1_000)).toMatch(/^server: /);
    expect(of(14, 1)).toMatch(/^server: /);
  });

  it('a cancellation that was kept secret, from the server that is still waiting too', () => {
    const waiting = { ...cancelled, server: [] };
    expect(verdict(wantsCancelled, evidence(crossed({ response: nothing }), waiting))).toMatch(/^client, /);
    const resets = [{ from: 'client', code: 'CANCEL', frame: 2 }] as const;
    expect(verdict(wantsCancelled, evidence(crossed({ response: nothing, resets }), waiting))).toMatch(
      /^server, /,
    );
  });

  it('a cancelled call that the server answers all the same', () => {
    const resets = [{ from: 'client', code: 'CANCEL', frame: 2 }] as const;
    const answered = { ...cancelled, server: [aServed()] };
    expect(verdict(wantsCancelled, evidence(crossed({ response: nothing, resets }), answered))).toMatch(
      /^server, /,
    );
    const ended = evidence(crossed({ resets }), { server: [aServed({ cancelled: true })] });
    expect(verdict(aPlannedCall(), ended)).toMatch(/^client, /);
  });

  it('a client that gives up, and one whose deadline has come', () => {
    const gaveUpAfter = (ms: number, timeoutMs?: number) => {
      const timed = { 'grpc-timeout': timeoutMs === undefined ? undefined : `${timeoutMs}m` };
      const stream = {
        request: aRequest({ headers: changed(requestHeaders, timed) }),
        response: nothing,
        resets: [{ from: 'client', code: 'CANCEL', frame: 2 }],
        frames: [
          aFrame(0, 'client', 'HEADERS', { atMs: 10 }),
          aFrame(1, 'client', 'DATA', { atMs: 11, flags: ['END_STREAM'] }),
          aFrame(2, 'client', 'RST_STREAM', { atMs: 10 + ms }),
        ],
      } as const;
      return verdict(
        aPlannedCall({}, { ...(timeoutMs !== undefined && { timeoutMs }) }),
        evidence(crossed(stream), {
          client: { ...nothingCame, code: 4 },
          server: [aServed({ cancelled: true })],
        }),
      );
    };
    const isClients = /^client, stream 0 frame 2: .*wire end of the call/;
    expect(gaveUpAfter(20)).toMatch(isClients);
    expect(gaveUpAfter(20, 600)).toMatch(isClients);
    expect(gaveUpAfter(590, 600)).toMatch(
      /^server, stream 0 frame 2: .*server end of the call, wire response/,
    );
  });
});

describe('programs that know nothing of the harness', () => {
  const silent = { server: [], unknowing: ['server'] } as const;
  it('are judged by the wire', () => {
    expect(verdict(aPlannedCall(), evidence(aWire(), silent))).toBe('passed');
    const wrong = response({ messages: [aMessage({ ...eight }, { frame: 3 })] });
    expect(verdict(aPlannedCall(), evidence(wrong, { ...silent, client: aRecord(saysEight) }))).toMatch(
      /^server, stream 0 frame 3: /,
    );
    expect(verdict(aPlannedCall(), evidence(aWire(), { ...silent, client: aRecord(saysEight) }))).toMatch(
      /^client, /,
    );
  });

  it('on both sides, by the wire alone', () => {
    const nobody = (wire: WireEvidence | undefined) =>
      evidence(wire, { client: 'silent', server: [], unknowing: ['client', 'server'] });
    expect(verdict(aPlannedCall(), nobody(aWire()))).toBe('passed');
    expect(verdict(aPlannedCall(), nobody(requestWith({ te: undefined })))).toMatch(/^client, /);
    expect(verdict(aPlannedCall(), nobody(response({ messages: [] })))).toMatch(/^server, /);
    expect(verdict(aPlannedCall(), nobody(aWire({ streams: [] })))).toMatch(/^client: /);
    expect(verdict(aPlannedCall(), nobody(undefined))).toBe('undetermined: wire record');
  });
});

describe('several messages', () => {
  const named = (name: string) => ({ json: { name } });
  const [a, b, c] = [named('a'), named('b'), named('c')];
  const asks = aPlannedCall({}, { steps: [askFor('a'), { receive: 1 }, askFor('b')] });
  const asked = { server: [aServed({ requests: [a, b] })] };
  const sent = (...names: readonly string[]) => names.map((name, frame) => aMessage({ name }, { frame }));
  const told = (...messages: readonly Message[]) => ({
    client: aRecord({ responses: messages }),
    server: [aServed({ responses: messages })],
  });

  /** Of two responses, only one crossed before somebody ended the call. */
  const gaveUp = (from: Role) =>
    crossed({
      response: { ...nothing, headers: responseHeaders, headersFrame: 2, messages: sent('a') },
      resets: [{ from, code: 'CANCEL', frame: 4 }],
    });

  it.each<[string, PlannedCall, CallEvidence, string]>([
    ['each as it was to be', asks, evidence(request({ messages: sent('a', 'b') }), asked), 'passed'],
    [
      'another second one',
      asks,
      evidence(request({ messages: sent('a', 'c') }), asked),
      'client, stream 0 frame 1: wire request',
    ],
    [
      'another second response',
      aPlannedCall({ responses: [a, b] }),
      evidence(response({ messages: sent('a', 'c') }), told(a, { json: { name: 'c' } })),
      'server, stream 0 frame 1: client response, server response, wire response',
    ],
    [
      'one too few, and the end',
      asks,
      evidence(request({ messages: sent('a') }), asked),
      'client, stream 0 frame 0: wire request',
    ],
    [
      'one too few, since the server had answered',
      { ...asks, expect: { ...asks.expect, requests: [a] } },
      evidence(crossed({ request: without(aRequest({ messages: sent('a') }), 'endFrame') }), {
        server: [aServed({ requests: [a] })],
      }),
      'passed',
    ],
    [
      'one that is wrong, before the server had answered',
      { ...asks, expect: { ...asks.expect, requests: [c] } },
      evidence(crossed({ request: without(aRequest({ messages: sent('c') }), 'endFrame') }), {
        server: [aServed({ requests: [c] })],
      }),
      'client, stream 0 frame 0: wire request',
    ],
    [
      'responses, equal neighbours as one',
      aPlannedCall({ responses: [{ ...a, times: 2 }, b] }),
      evidence(response({ messages: sent('a', 'a', 'b') }), told(a, a, b)),
      'passed',
    ],
    [
      'responses in another order',
      aPlannedCall({ responses: [a, b] }),
      evidence(response({ messages: sent('b', 'a') }), told(b, a)),
      'server, stream 0 frame 0: client response, server response, wire response',
    ],
    [
      'responses before a status',
      { ...wantsNotFound, expect: { ...wantsNotFound.expect, responses: [a] } },
      evidence(
        response({
          messages: sent('a'),
          trailers: headers({ 'grpc-status': '5', 'grpc-message': 'expirement not found' }),
        }),
        {
          client: { ...saysNotFound.client, responses: [a] },
          server: [aServed({ ...saysNotFound.server[0], responses: [a] })],
        },
      ),
      'passed',
    ],
    [
      'one that is too long to be read, and one that the client says more',
      aPlannedCall(),
      evidence(response({ messages: [aMessage(undefined, { frame: 3, isCut: true })] }), {
        client: aRecord({ responses: [{ json: stitch }, { json: stitch }] }),
      }),
      'client, stream 0 frame 3: client response, client answer, both answer',
    ],
    [
      'one that is too long to be read, and told by both',
      aPlannedCall(),
      evidence(response({ messages: [aMessage(undefined, { frame: 3, isCut: true })] })),
      'passed',
    ],
    [
      'more than are kept, of which the number is known',
      aPlannedCall({ responses: [{ ...a, times: 200 }] }, { steps: [{ ...askFor('b'), times: 200 }] }),
      evidence(
        crossed({
          request: aRequest({
            messages: sent('b'),
            omitted: 199,
            headers: changed(requestHeaders, { 'content-length': '9' }),
          }),
          response: aResponse({ messages: sent('a'), omitted: 199 }),
        }),
        {
          client: aRecord({ responses: [{ ...a, times: 200 }] }),
          server: [aServed({ requests: [{ ...b, times: 200 }], responses: [{ ...a, times: 200 }] })],
        },
      ),
      'passed',
    ],
    [
      'more than are kept, and one of them too few',
      aPlannedCall({ responses: [{ ...a, times: 200 }] }),
      evidence(response({ messages: sent('a'), omitted: 198 }), told({ ...a, times: 199 })),
      'server, stream 0 frame 0: client response, server response, wire response messages',
    ],
    [
      'two where the client must not take them, and does not',
      aPlannedCall({ responses: [a, b], clientCodes: [13] }),
      evidence(response({ messages: sent('a', 'b') }), {
        ...told(a, b),
        client: aRecord({ code: 13, message: 'too many', responses: [] }),
      }),
      'passed',
    ],
    [
      'two where the client must not take them, and does',
      aPlannedCall({ responses: [a, b], clientCodes: [13] }),
      evidence(response({ messages: sent('a', 'b') }), { ...told(a, b), client: aRecord(told(a).client) }),
      'client, stream 0 frame 0: client status',
    ],
    [
      'two where the client must not take them, the second one after it gave up',
      aPlannedCall({ responses: [a, b], clientCodes: [13] }),
      evidence(gaveUp('client'), {
        ...told(a, b),
        client: aRecord({ code: 13, message: 'too many', responses: [] }),
      }),
      'passed',
    ],
    [
      '… after the server did',
      aPlannedCall({ responses: [a, b], clientCodes: [13] }),
      evidence(gaveUp('server'), {
        ...told(a, b),
        client: aRecord({ code: 13, message: 'too many', responses: [] }),
      }),
      'server, stream 0 frame 4: wire trailers, wire response messages',
    ],
  ])('%s', (_, planned, evidence, found) => {
    expect(verdict(planned, evidence)).toBe(found);
  });

  it('are blamed with the first thing in which they differ', () => {
    const because = (planned: PlannedCall, evidence: CallEvidence) => {
      const outcome = judge([planned], [evidence]);
      return outcome.kind === 'failed' ? outcome.blame.because : outcome.kind;
    };
    expect(because(asks, evidence(request({ messages: sent('a', 'c') }), asked))).toBe(
      'message 2: `name` "b" became "c": the client sent request 2 messages: {name: "a"} {name: "c"}',
    );
    expect(because(aPlannedCall(), evidence(aWire(), { client: aRecord(saysEight) }))).toBe(
      '`id` 7 became 8: the client says response {name: "Stitch", id: 8, skill: "making annoyed noise"}, ' +
        'and the wire shows OK {name: "Stitch", id: 7, skill: "making annoyed noise"}',
    );
    expect(because(asks, evidence(request({ messages: sent('a', 'b') }), {}))).toBe(
      'the wire shows the request, and message 1: `name` "a" became "Stitch": ' +
        'the server says request {name: "Stitch"}',
    );
  });
});

it('details that did not cross are the server’s, and that the client did not tell the client’s', () => {
  const details = [{ '@type': 'type.googleapis.com/a.Note', text: 'why' }];
  const planned: PlannedCall = { ...wantsNotFound, expect: { ...wantsNotFound.expect, details } };
  const bare = trailersOnly({ 'grpc-status': '5', 'grpc-message': 'expirement not found' });
  const said = (client: object, server: object) => ({
    client: { ...saysNotFound.client, ...client },
    server: [aServed({ ...saysNotFound.server[0], ...server })],
  });
  const crossing = (half: WireHalf, client: object, server: object) =>
    verdict(planned, evidence(crossed({ response: half }), said(client, server)));
  expect(crossing({ ...bare, details }, { details }, { details })).toBe('passed');
  // A server need not tell of the details that it was told to send.
  expect(crossing({ ...bare, details }, { details }, {})).toBe('passed');
  expect(crossing({ ...bare, details }, { details }, { details: [] })).toMatch(
    /^server, .*server details, server answer/,
  );
  expect(crossing({ ...bare, details }, {}, { details })).toMatch(/^client, .*client details, client answer/);
  expect(crossing(bare, {}, { details })).toMatch(/^server, .*wire details/);
});

it('blames the first call that went wrong', () => {
  const outcome = judge(
    [aPlannedCall(), aPlannedCall(), aPlannedCall()],
    [
      evidence(aWire()),
      evidence(aWire(), { index: 1, client: aRecord(saysEight) }),
      evidence(response({ messages: [] }), { index: 2 }),
    ],
  );
  expect(outcome).toMatchObject({ blame: { side: 'client', proof: { call: 1, stream: 0, frame: 3 } } });
});

it('without the wire blames what a server says against itself, and else nobody', () => {
  const unread = (more: Told) => anEvidence(more);
  expect(judge([aPlannedCall()], [unread({ client: aRecord(saysEight) })])).toMatchObject({
    ...aFailure(),
    blame: { side: 'undetermined' },
    mismatches: expect.anything(),
  });
  const confessed = unread({ client: aRecord(saysEight), server: [aServed(saysEight)] });
  expect(judge([aPlannedCall()], [confessed])).toMatchObject({ blame: { side: 'server', isAgreed: true } });
});

describe('a case that leaves some of the response open', () => {
  const open: PlannedCall = aPlannedCall({ match: { values: [{ place: 'id', rule: { any: true } }] } });
  const wire = response({ messages: [aMessage({ ...eight }, { frame: 3 })] });

  it('is met by a server that knows nothing of it', () => {
    expect(
      verdict(open, evidence(wire, { client: aRecord(saysEight), server: [], unknowing: ['server'] })),
    ).toBe('passed');
    expect(verdict(open, evidence(wire, { client: aRecord(), server: [], unknowing: ['server'] }))).toMatch(
      /^client.*: client answer$/,
    );
  });

  it('is as it stands for one that is told what to send', () => {
    expect(
      verdict(open, evidence(wire, { client: aRecord(saysEight), server: [aServed(saysEight)] })),
    ).toMatch(/^server/);
  });
});

describe('a client that leaves before it is answered', () => {
  const left = aStream({
    response: nothing,
    frames: [
      aFrame(0, 'client', 'HEADERS', { headers: requestHeaders }),
      aFrame(1, 'client', 'DATA', { flags: ['END_STREAM'] }),
      aFrame(2, 'client', 'GOAWAY', { stream: 0, says: 'FRAME_SIZE_ERROR, last stream 0' }),
    ],
  });
  const told = { client: aRecord({ code: 14, responses: [] }), server: [] };

  it('is to blame, unless what came is no HTTP/2 any more', () => {
    const problem = { from: 'server', offset: 30, wanted: 'a frame', got: 'one too large' } as const;
    const garbled = aWire({ streams: [left], troubles: [{ kind: 'invalid', connection: 1, problem }] });
    expect(verdict(aPlannedCall(), evidence(aWire({ streams: [left] }), told))).toMatch(/^client/);
    expect(verdict(aPlannedCall(), evidence(garbled, told))).toMatch(/^server/);
  });
});
