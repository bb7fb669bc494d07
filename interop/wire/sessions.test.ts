/** What crosses a real socket between a real client and a real server, as it is read along. */
import http2 from 'node:http2';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, type Piece, prefixed, type Reading, readAll, record, recut } from '../fixtures/http2.ts';
import type { WireFrame, WireHalf, WireStream } from '../model/wire.ts';

const stitch = Buffer.from('0a06537469746368', 'hex');
const row = Buffer.from('0a0653746974636810071a146d616b696e6720616e6e6f796564206e6f697365', 'hex');
const rowJson = { name: 'Stitch', id: 7, skill: 'making annoyed noise' };
const pick = { ':path': '/Manage/PickOne' };
const response = { ':status': 200, 'content-type': 'application/grpc' };

/** Sends headers, these bytes, and trailers. */
function answer(
  stream: http2.ServerHttp2Stream,
  bytes: Buffer | undefined,
  trailers: http2.OutgoingHttpHeaders,
  headers: http2.OutgoingHttpHeaders = {},
): void {
  stream.respond({ ...response, ...headers }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(bytes);
}

const ok = (stream: http2.ServerHttp2Stream) => answer(stream, prefixed(row), { 'grpc-status': '0' });
const one = (session: http2.ClientHttp2Session) => call(session, pick, [prefixed(stitch)]);

/** `client DATA END_STREAM`; what happens on the connection in brackets. */
function line({ from, type, flags, stream }: WireFrame): string {
  const words = [from, type, ...flags.filter((flag) => flag !== 'END_HEADERS')].join(' ');
  return stream ? words : `[${words}]`;
}

const own = ({ frames }: WireStream) => frames.map(line).filter((each) => !each.startsWith('['));
const valueIn = (headers: WireHalf['headers'], name: string) =>
  headers.find((each) => each.name === name)?.value;

function only({ streams, troubles }: Reading): WireStream {
  expect(troubles).toEqual([]);
  expect(streams).toHaveLength(1);
  return streams[0] as WireStream;
}

interface Session {
  readonly of: string;
  readonly record: () => Promise<readonly Piece[]>;
  readonly says: (reading: Reading) => void;
}

const sessions: readonly Session[] = [
  {
    of: 'a call that is OK',
    record: () => record(ok, one),
    says(reading) {
      const stream = only(reading);
      expect(stream).toMatchObject({ connection: 1, stream: 1, omitted: 0, resets: [], problems: [] });
      expect(stream.frames.map((frame) => frame.number)).toEqual(stream.frames.map((_, index) => index));
      expect(stream.frames.map(line)).toEqual([
        '[client SETTINGS]',
        'client HEADERS',
        'client DATA END_STREAM',
        '[server SETTINGS]',
        '[server SETTINGS ACK]',
        'server HEADERS',
        'server DATA',
        'server HEADERS END_STREAM',
      ]);
      expect(stream.frames[1]?.headers).toBe(stream.request.headers);
      expect(stream.frames[2]).toMatchObject({ length: 13, hex: prefixed(stitch).toString('hex') });
      expect(stream.request).toMatchObject({ headersFrame: 1, trailers: [], restBytes: 0, endFrame: 2 });
      expect(stream.request.messages).toEqual([
        { frame: 2, flag: 0, length: 8, hex: prefixed(stitch).toString('hex'), json: { name: 'Stitch' } },
      ]);
      expect(valueIn(stream.request.headers, ':path')).toBe('/Manage/PickOne');
      expect(stream.response).toMatchObject({ headersFrame: 5, trailersFrame: 7, restBytes: 0, endFrame: 7 });
      expect(stream.response.messages).toEqual([
        { frame: 6, flag: 0, length: 32, hex: prefixed(row).toString('hex'), json: rowJson },
      ]);
      expect(valueIn(stream.response.headers, ':status')).toBe('200');
      expect(stream.response.trailers).toEqual([{ name: 'grpc-status', value: '0' }]);
    },
  },
  {
    of: 'a Trailers-Only error',
    record: () =>
      record((stream) => stream.respond({ ...response, 'grpc-status': '5' }, { endStream: true }), one),
    says(reading) {
      const { response } = only(reading);
      expect(valueIn(response.headers, 'grpc-status')).toBe('5');
      expect(response.trailers).toBe(response.headers);
      expect(response.trailersFrame).toBe(response.headersFrame);
      expect(response.endFrame).toBe(response.headersFrame);
      expect(response.messages).toEqual([]);
    },
  },
  {
    of: 'an error behind headers',
    record: () => record((stream) => answer(stream, undefined, { 'grpc-status': '13' }), one),
    says(reading) {
      const stream = only(reading);
      expect(valueIn(stream.response.headers, 'grpc-status')).toBeUndefined();
      expect(stream.response.trailers).toEqual([{ name: 'grpc-status', value: '13' }]);
      expect(stream.response.endFrame).toBe(stream.response.trailersFrame);
      expect(stream.response.messages).toEqual([]);
    },
  },
  {
    of: 'headers of their own before the response',
    record: () =>
      record((stream) => {
        stream.additionalHeaders({ ':status': 103, link: 'a' });
        ok(stream);
      }, one),
    says(reading) {
      const { response, problems } = only(reading);
      expect(valueIn(response.headers, ':status')).toBe('200');
      expect(response.messages).toHaveLength(1);
      expect(problems).toEqual([]);
    },
  },
  {
    of: 'a call that the client cancels',
    record: () =>
      record(
        (stream) => stream.respond(response),
        (session) =>
          call(session, pick, [prefixed(stitch)], (stream) => {
            stream.on('response', () => stream.close(http2.constants.NGHTTP2_CANCEL));
          }),
      ),
    says(reading) {
      const stream = only(reading);
      expect(stream.frames.at(-1)).toMatchObject({ from: 'client', type: 'RST_STREAM', says: 'CANCEL' });
      expect(stream.resets).toEqual([{ from: 'client', code: 'CANCEL', frame: stream.frames.length - 1 }]);
      expect(stream.response.endFrame).toBeUndefined();
    },
  },
  {
    of: 'a call that the server resets',
    record: () => record((stream) => stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM), one),
    says(reading) {
      expect(only(reading).resets).toMatchObject([{ from: 'server', code: 'ENHANCE_YOUR_CALM' }]);
    },
  },
  {
    of: '100 calls at once',
    record: () =>
      record(
        (stream, headers) => {
          const name = String(headers['x-name']);
          const message = Buffer.concat([Buffer.from([0x0a, name.length]), Buffer.from(name)]);
          setTimeout(() => answer(stream, prefixed(message), { 'grpc-status': '0' }), name.length);
        },
        (session) =>
          Promise.all(
            Array.from({ length: 100 }, (_, index) => {
              const name = 'x'.repeat(1 + (index % 7)) + index;
              const message = Buffer.concat([Buffer.from([0x0a, name.length]), Buffer.from(name)]);
              return call(session, { ...pick, 'x-name': name }, [prefixed(message)]);
            }),
          ),
      ),
    says({ streams, troubles }) {
      expect(troubles).toEqual([]);
      expect(streams.map((each) => each.stream)).toEqual(
        Array.from({ length: 100 }, (_, index) => 1 + 2 * index),
      );
      for (const { request, response, problems } of streams) {
        const name = valueIn(request.headers, 'x-name');
        expect(request.messages.map(({ json }) => json)).toEqual([{ name }]);
        expect(response.messages.map(({ json }) => json)).toEqual([{ name }]);
        expect(response.trailers).toEqual([{ name: 'grpc-status', value: '0' }]);
        expect(problems).toEqual([]);
      }
    },
  },
  {
    of: 'a message whose bytes come one by one',
    record: () => record(ok, one, { client: { settings: { initialWindowSize: 1 } } }),
    says(reading) {
      const stream = only(reading);
      const data = stream.frames.filter(({ from, type }) => from === 'server' && type === 'DATA');
      expect(data.length).toBeGreaterThan(20);
      for (const { length } of data) expect(length).toBeLessThanOrEqual(1);
      expect(stream.omitted).toBeGreaterThan(0);
      expect(stream.frames.at(-1)).toMatchObject({ type: 'HEADERS', number: stream.response.trailersFrame });
      expect(stream.response.messages).toMatchObject([{ length: 32, json: rowJson }]);
    },
  },
  {
    of: 'padded frames',
    record: () => {
      const padded = { paddingStrategy: http2.constants.PADDING_STRATEGY_MAX };
      return record(ok, one, { server: padded, client: padded });
    },
    says(reading) {
      const stream = only(reading);
      expect([...new Set(own(stream))]).toEqual([
        'client HEADERS PADDED',
        'client DATA END_STREAM PADDED',
        'server HEADERS PADDED',
        'server DATA PADDED',
        'server HEADERS END_STREAM PADDED',
      ]);
      // The last DATA of the server is nothing but padding.
      const data = stream.frames.filter(({ hex }) => hex);
      expect(data.map(({ hex }) => hex)).toEqual(
        [prefixed(stitch), prefixed(row)].map((each) => each.toString('hex')),
      );
      expect(data[1]?.length).toBeGreaterThan(200);
      expect(stream.response.messages).toMatchObject([{ json: rowJson }]);
      expect(stream.response.restBytes).toBe(0);
    },
  },
  {
    of: 'headers that need CONTINUATION',
    record: () => {
      const large = { maxSendHeaderBlockLength: 1 << 20, settings: { maxHeaderListSize: 1 << 20 } };
      const value = 'v'.repeat(60_000);
      return record(
        (stream) =>
          answer(stream, prefixed(row), { 'grpc-status': '0', 'x-trailer': value }, { 'x-header': value }),
        (session) => call(session, { ...pick, 'x-request': value }, [prefixed(stitch)]),
        { server: large, client: large },
      );
    },
    says(reading) {
      const stream = only(reading);
      expect(own(stream).filter((each) => each.includes('CONTINUATION')).length).toBeGreaterThan(6);
      expect(valueIn(stream.request.headers, 'x-request')).toHaveLength(60_000);
      expect(valueIn(stream.response.headers, 'x-header')).toHaveLength(60_000);
      expect(valueIn(stream.response.trailers, 'x-trailer')).toHaveLength(60_000);
      const { response, frames } = stream;
      // END_STREAM is on HEADERS, and the headers are with the frame that ends the block.
      expect(frames[response.endFrame ?? -1]).toMatchObject({ type: 'HEADERS', flags: ['END_STREAM'] });
      expect(frames[response.trailersFrame ?? -1]).toMatchObject({
        type: 'CONTINUATION',
        flags: ['END_HEADERS'],
      });
      expect(frames[response.endFrame ?? -1]?.headers).toBeUndefined();
      expect(frames[response.trailersFrame ?? -1]?.headers).toBe(response.trailers);
    },
  },
  {
    of: 'compressed messages',
    record: () =>
      record(
        (stream) =>
          answer(stream, prefixed(gzipSync(row), 1), { 'grpc-status': '0' }, { 'grpc-encoding': 'gzip' }),
        (session) => call(session, { ...pick, 'grpc-encoding': 'gzip' }, [prefixed(gzipSync(stitch), 1)]),
      ),
    says(reading) {
      const { request, response } = only(reading);
      expect(request.messages).toMatchObject([{ flag: 1, json: { name: 'Stitch' } }]);
      expect(response.messages).toMatchObject([{ flag: 1, json: rowJson }]);
    },
  },
  {
    of: 'a GOAWAY during a call',
    record: () =>
      record((stream) => {
        stream.session?.goaway(http2.constants.NGHTTP2_NO_ERROR, 0, Buffer.from('lunch'));
        ok(stream);
      }, one),
    says(reading) {
      const stream = only(reading);
      const goaway = stream.frames.find(({ type }) => type === 'GOAWAY');
      expect(goaway).toMatchObject({ from: 'server', stream: 0, says: 'NO_ERROR, last stream 1, "lunch"' });
      expect(stream.response.messages).toHaveLength(1);
    },
  },
  {
    of: 'calls one after another',
    record: () =>
      record(ok, async (session) => {
        for (let index = 0; index < 80; index++) await call(session, pick, [prefixed(stitch)]);
      }),
    says({ streams, troubles }) {
      expect(troubles).toEqual([]);
      expect(streams).toHaveLength(80);
      for (const stream of streams) {
        expect(own(stream)).toEqual(own(streams[0] as WireStream));
        expect(stream.problems).toEqual([]);
      }
    },
  },
  {
    of: 'another method, a message in pieces, and no end',
    record: () =>
      record(
        () => {},
        (session) =>
          call(session, { ':path': '/Manage/Other' }, [], (stream) => {
            stream.write(prefixed(stitch).subarray(0, 9));
            setTimeout(() => stream.close(), 20);
          }),
      ),
    says(reading) {
      const { request, response } = only(reading);
      expect(request).toMatchObject({ messages: [], restBytes: 9 });
      expect(response).toEqual({ headers: [], trailers: [], messages: [], restBytes: 0 });
    },
  },
];

describe.each(sessions)('$of', (session) => {
  let pieces: readonly Piece[] = [];
  beforeAll(async () => {
    pieces = await session.record();
  });

  it('is read', () => {
    session.says(readAll(pieces));
  });

  it('is the same however it is cut', () => {
    const whole = readAll(pieces);
    for (const [seed, maxBytes] of [
      [1, 1],
      [2, 12],
      [3, 12],
      [4, 300],
    ] as const) {
      expect(readAll(recut(pieces, seed, maxBytes))).toEqual(whole);
    }
  });

  it('has no troubles when it ends too early, wherever', () => {
    const small = recut(pieces, 5, 97);
    const { streams } = readAll(small);
    for (let end = 0; end < small.length; end += Math.ceil(small.length / 40)) {
      const early = readAll(small.slice(0, end));
      expect(early.troubles).toEqual([]);
      for (const [index, { request }] of early.streams.entries()) {
        expect(request.headers).toEqual(streams[index]?.request.headers);
      }
    }
  });

  it('with bytes changed on the way is read as far as it goes', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const damaged = pieces.map(({ from, bytes }) => ({ from, bytes: Buffer.from(bytes) }));
      for (let at = seed; at < 1_000; at += 61 + seed) {
        const { bytes } = damaged[at % damaged.length] as Piece;
        bytes[(at * 31) % bytes.length] = (at * 17 + seed) & 0xff;
      }
      expect(readAll(damaged).troubles.length).toBeLessThanOrEqual(2);
    }
  });
});
