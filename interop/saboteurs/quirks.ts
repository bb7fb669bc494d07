/** What is unusual on the wire, and allowed: every scenario must stay green. */
import http2, { type ClientHttp2Session, type Http2Session, type OutgoingHttpHeaders } from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import zlib from 'node:zlib';
import { makeHeaderDecoder } from '../wire/hpack.ts';
import {
  data,
  ErrorCode,
  encodeHttp2,
  Flag,
  goAway,
  type Http2Frame,
  literal,
  rstStream,
  Type,
} from './http2-frame.ts';
import { asIs, type Line, type Pass } from './mangler.ts';
import { honest, type Lie } from './manners.ts';
import { encodeFields } from './message.ts';
import { atEach, atTrailers, inPieces, noTable, without } from './passes.ts';
import { encodeFrame, http2Options } from './wire.ts';

/** Something done to all header blocks. */
function blocks(change: (fields: OutgoingHttpHeaders) => OutgoingHttpHeaders): Lie {
  return { responds: change, requests: change };
}

/** Something done to the first block of each side. */
function headers(change: (fields: OutgoingHttpHeaders) => OutgoingHttpHeaders): Lie {
  return {
    responds: (fields, block) => (block === 'trailers' ? fields : change(fields)),
    requests: change,
  };
}

/** Every value of a field that may have several. */
function mapLists(
  change: (values: readonly string[], key: string) => readonly string[],
): (fields: OutgoingHttpHeaders) => OutgoingHttpHeaders {
  return (fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key,
        Array.isArray(value) ? [...change(value, key)] : value,
      ]),
    );
}

function padded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('base64');
}

const pauseMs = 10;

/** Does something that the other side acknowledges, over and over while a connection lasts. */
function often(act: (session: Http2Session, count: number, done: () => void) => void): Lie {
  return {
    opens(session) {
      let count = 0;
      const again = () => setTimeout(next, pauseMs);
      function next(): void {
        if (!session.destroyed && !session.closed) act(session, count++, again);
      }
      again();
    },
  };
}

/** "HEADERS … CONTINUATION": few enough that nobody takes them for a flood. */
function inContinuations(frame: Http2Frame): readonly Buffer[] {
  const { payload } = frame;
  if (!(frame.flags & Flag.END_HEADERS)) return asIs(frame);
  const length = Math.max(20, Math.ceil(payload.length / 6));
  const first = without({ ...frame, payload: payload.subarray(0, length) }, Flag.END_HEADERS);
  const { stream } = frame;
  const rest = {
    type: Type.CONTINUATION,
    flags: Flag.END_HEADERS,
    stream,
    payload: payload.subarray(length),
  };
  const pieces = rest.payload.length === 0 ? [encodeHttp2(rest)] : continued(rest, length);
  return [encodeHttp2(first), ...pieces];
}

function continued(frame: Http2Frame, length: number): readonly Buffer[] {
  const { payload } = frame;
  if (payload.length <= length) return asIs(frame);
  return [
    encodeHttp2(without({ ...frame, payload: payload.subarray(0, length) }, Flag.END_HEADERS)),
    ...continued({ ...frame, payload: payload.subarray(length) }, length),
  ];
}

/** The same fields, each as it is: no Huffman code, no table. */
function writeOut(): Pass {
  const decoder = makeHeaderDecoder();
  return (frame) => {
    if (frame.type !== Type.HEADERS) return asIs(frame);
    const fields = decoder.decode(frame.payload);
    return asIs({ ...frame, payload: Buffer.concat(fields.map(({ name, value }) => literal(name, value))) });
  };
}

function unknown(stream: number): Buffer {
  return encodeHttp2({ type: 0xbe, flags: 0xff, stream, payload: Buffer.from('noise') });
}

/** Bytes leave in pieces that end anywhere, each in a segment of its own. */
function dribble(): Pass {
  let last: Promise<void> = Promise.resolve();
  async function send(bytes: Buffer, line: Line): Promise<void> {
    const length = Math.max(7, Math.ceil(bytes.length / 3));
    for (let at = 0; at < bytes.length; at += length) {
      line.send(bytes.subarray(at, at + length));
      await turn();
    }
  }
  return (frame, line) => {
    const bytes = encodeHttp2(frame);
    last = last.then(() => send(bytes, line));
    return [];
  };
}

const gatherMs = 3;

/** Gathers what several streams have to send, and sends a piece of each in turn. */
function interleave(): Pass {
  const streams = new Map<number, Buffer[]>();

  function flush(line: Line): void {
    while (streams.size > 0) {
      for (const [stream, parts] of streams) {
        const part = parts.shift();
        if (part) line.send(part);
        else streams.delete(stream);
      }
    }
  }

  return (frame, line) => {
    if (frame.stream === 0) return asIs(frame);
    if (streams.size === 0) setTimeout(flush, gatherMs, line);
    const parts = streams.get(frame.stream) ?? [];
    const length = Math.max(5, Math.ceil(frame.payload.length / 10));
    parts.push(...(frame.type === Type.DATA ? inPieces(frame, length) : asIs(frame)));
    streams.set(frame.stream, parts);
    return [];
  };
}

/**
 * "A server that is attempting to gracefully shut down a connection SHOULD send an initial GOAWAY frame with the
 * last stream identifier set to 2^31-1" (RFC 9113, section 6.8). Said behind the library's back: one
 * that believes it has said that reads no more calls.
 */
function leavePolitely(): Pass {
  let count = 0;
  const begun = new Set<number>();
  return (frame) => {
    if (frame.type !== Type.HEADERS || begun.has(frame.stream)) return asIs(frame);
    begun.add(frame.stream);
    return ++count === 3 ? [goAway(2 ** 31 - 1, ErrorCode.NO_ERROR), ...asIs(frame)] : asIs(frame);
  };
}

const met = new WeakSet<Http2Session>();
const reserved = 2 ** 31;
/** Byte by byte up to here; a message of 4 MiB would be a matter of minutes. */
const smallBytes = 1_000;

export const quirks = {
  'sends-small-frames': atEach(Type.DATA, (frame) =>
    inPieces(frame, frame.payload.length <= smallBytes ? 1 : 4_000),
  ),
  'sends-empty-frames': atEach(Type.DATA, (frame) => [data(frame.stream, Buffer.alloc(0)), ...asIs(frame)]),
  'pads-frames': { http2: { ...http2Options, paddingStrategy: http2.constants.PADDING_STRATEGY_MAX } },
  'continues-headers': atEach(Type.HEADERS, inContinuations),
  'sends-unknown-frames': atEach(Type.DATA, (frame) => [unknown(frame.stream), ...asIs(frame), unknown(0)]),
  'sends-priorities': atEach(Type.DATA, ({ stream, ...frame }) => [
    encodeHttp2({ type: Type.PRIORITY, flags: 0, stream, payload: Buffer.from([0, 0, 0, 0, 15]) }),
    ...asIs({ ...frame, stream }),
  ]),
  'sets-reserved-bits': {
    passes: () => (frame) => {
      if (frame.type === Type.PREFACE) return asIs(frame);
      const isSettings = frame.type === Type.SETTINGS && !(frame.flags & Flag.ACK);
      const unknownSetting = isSettings ? Buffer.from([0xf0, 0, 0, 0, 0, 1]) : Buffer.alloc(0);
      const payload = Buffer.concat([frame.payload, unknownSetting]);
      return asIs({ ...frame, payload, flags: frame.flags | 0x40, stream: frame.stream + reserved });
    },
  },
  dribbles: { passes: dribble },
  interleaves: { ...noTable, passes: interleave },

  'pings-often': often((session, _, done) => session.ping(done)),
  'changes-settings': often((session, count, done) =>
    session.settings(
      {
        initialWindowSize: count % 2 ? 100_000 : 1_000_000,
        headerTableSize: [4096, 0, 64, 8192][count % 4] ?? 0,
        maxFrameSize: count % 2 ? 16_384 : 65_536,
      },
      done,
    ),
  ),
  'has-a-small-window': {
    http2: { ...http2Options, settings: { ...http2Options.settings, initialWindowSize: 16 } },
  },
  'goes-away-politely': { passes: leavePolitely },
  'refuses-first-streams': {
    meets(_, stream) {
      const { session } = stream;
      if (!session || met.has(session)) return;
      met.add(session);
      stream.close(ErrorCode.REFUSED_STREAM);
    },
  },
  'takes-10-at-a-time': {
    http2: { ...http2Options, settings: { ...http2Options.settings, maxConcurrentStreams: 10 } },
  },
  'leaves-connections': {
    opens(session) {
      const client = session as ClientHttp2Session;
      const request = client.request.bind(client);
      client.request = (fields, options) => {
        const stream = request(fields as OutgoingHttpHeaders, options);
        stream.once('close', () => client.close());
        return stream;
      };
    },
  },

  'says-proto': headers((fields) => ({ ...fields, 'content-type': 'application/grpc+proto' })),
  'says-identity': headers((fields) => ({ 'grpc-encoding': 'identity', ...fields })),
  'compresses-unasked': {
    responds: (fields, block) => (block === 'headers' ? { ...fields, 'grpc-encoding': 'gzip' } : fields),
    frames: (frame) =>
      encodeFrame(frame.compressed ? frame : { compressed: true, bytes: zlib.gzipSync(frame.bytes) }),
  },
  'says-more': headers((fields) => ({ ...fields, date: 'Thu, 01 Jan 1970 00:00:00 GMT', via: '2 proxy' })),
  'writes-headers-out': { passes: writeOut },
  'never-indexes': blocks((fields) => ({ ...fields, [http2.sensitiveHeaders]: Object.keys(fields) })),
  'joins-values': blocks(mapLists((values) => [values.join(',')])),
  'pads-base64': blocks(mapLists((values, key) => (key.endsWith('-bin') ? values.map(padded) : values))),
  'escapes-in-lower-case': {
    encodesMessage: (message) =>
      honest.encodesMessage(message).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  },
  'escapes-everything': {
    encodesMessage: (message) =>
      Array.from(Buffer.from(message), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
        '',
      ),
  },
  'always-sends-headers': { sendsTrailersOnly: false },
  'resets-behind-the-end': atTrailers((frame) => [
    ...asIs(frame),
    rstStream(frame.stream, ErrorCode.NO_ERROR),
  ]),

  'writes-defaults': {
    encodesReply: ({ name, id, skill }) =>
      encodeFields([
        [1, name],
        [2, id],
        [3, skill],
      ]),
    encodesRequest: (name) => encodeFields([[1, name]]),
  },
  'writes-backwards': {
    encodesReply: ({ name, id, skill }) =>
      encodeFields([
        [3, skill],
        [2, id],
        [1, name],
      ]),
  },
  'writes-long-varints': {
    // The same 7 in two bytes: "10 87 00".
    encodesReply: ({ name, id, skill }) =>
      Buffer.concat([
        encodeFields([[1, name]]),
        Buffer.from([0x10, 0x80 | id, 0]),
        encodeFields([[3, skill]]),
      ]),
  },
  'writes-twice': {
    encodesReply: ({ name, id, skill }) =>
      encodeFields([
        [1, 'nobody'],
        [2, 99],
        [1, name],
        [2, id],
        [3, skill],
      ]),
    encodesRequest: (name) =>
      encodeFields([
        [1, 'nobody'],
        [1, name],
      ]),
  },
} satisfies Record<string, Lie>;
