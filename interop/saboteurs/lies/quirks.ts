/** What is unusual on the wire, and allowed: every scenario must stay green. */
import http2, { type ClientHttp2Session, type Http2Session, type OutgoingHttpHeaders } from 'node:http2';
import zlib from 'node:zlib';
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import type { Lie } from '../program/behaviour.ts';
import { encodeFrame } from '../program/grpc/frame.ts';
import { honest, http2Options } from '../program/honest.ts';
import { ErrorCode } from '../program/http2/http2-frame.ts';
import { encodeFields, fieldsIn } from './fields.ts';

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

/** Other bytes for the same message. */
function writes(change: (bytes: Uint8Array, type: DescMessage) => readonly Uint8Array[]): Lie {
  return {
    serializes(type, message, to) {
      const bytes = honest.serializes(type, message, to);
      return to === 'wire' ? Buffer.concat(change(bytes, type)) : bytes;
    },
  };
}

/** Fields of which a message has one, and that are nothing when they have their default. */
function simpleFields(type: DescMessage): readonly (DescField & { readonly fieldKind: 'scalar' })[] {
  return type.fields.filter(
    (field) =>
      field.fieldKind === 'scalar' &&
      field.presence === FeatureSet_FieldPresence.IMPLICIT &&
      [ScalarType.STRING, ScalarType.INT32].includes(field.scalar),
  ) as never;
}

/** A field with its default for each that is not there. */
function defaultsOf(type: DescMessage, bytes: Uint8Array): readonly Buffer[] {
  const present = new Set(fieldsIn(bytes).map(({ number }) => number));
  return simpleFields(type)
    .filter(({ number }) => !present.has(number))
    .map(({ number, scalar }) => encodeFields([[number, scalar === ScalarType.STRING ? '' : 0]]));
}

/** A field with another value for each. */
function decoysFor(type: DescMessage, bytes: Uint8Array): readonly Buffer[] {
  const present = new Set(fieldsIn(bytes).map(({ number }) => number));
  return simpleFields(type)
    .filter(({ number }) => present.has(number))
    .map(({ number, scalar }) => encodeFields([[number, scalar === ScalarType.STRING ? 'nobody' : 99]]));
}

/** The varint in one byte more, which may not have more than ten. */
function lengthened(field: Buffer): Buffer {
  const last = field.at(-1) ?? 0;
  return field.length > 8 ? field : Buffer.from([...field.subarray(0, -1), last | 0x80, 0]);
}

/** Those whose first stream was refused. */
const met = new WeakSet<Http2Session>();

export const quirks = {
  'pads-frames': { http2: { ...http2Options, paddingStrategy: http2.constants.PADDING_STRATEGY_MAX } },
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

  'writes-defaults': writes((bytes, type) => [...defaultsOf(type, bytes), bytes]),
  'writes-backwards': writes((bytes) =>
    fieldsIn(bytes)
      .toSorted((a, b) => b.number - a.number)
      .map((field) => field.bytes),
  ),
  // The same 7 in two bytes: "10 87 00".
  'writes-long-varints': writes((bytes) =>
    fieldsIn(bytes).map((field) =>
      field.wireType === WireType.Varint ? lengthened(field.bytes) : field.bytes,
    ),
  ),
  'writes-twice': writes((bytes, type) => [...decoysFor(type, bytes), bytes]),
} satisfies Record<string, Lie>;
