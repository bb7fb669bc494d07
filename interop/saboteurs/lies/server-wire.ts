/** What a server may send that is not what it recorded; catalogue/wire.ts tells what each must break. */
import type { OutgoingHttpHeaders } from 'node:http2';
import zlib from 'node:zlib';
import type { Block, Lie } from '../program/behaviour.ts';
import { honest } from '../program/honest.ts';
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
} from '../program/http2/http2-frame.ts';
import { asIs, type Wire } from '../program/http2/rewriter.ts';
import { encodeFields } from './fields.ts';
import { atEach, atHeaders, atTrailers, withField, without } from './rewrites.ts';
import { encodeRow, writesRows } from './rows.ts';

/** An answer of this row, or about it, brings some of them down; the others must not notice. */
const trigger = 'Truxx';

/** Something done to the header blocks of those kinds. */
function blocks(kinds: readonly Block[], change: (fields: OutgoingHttpHeaders) => OutgoingHttpHeaders): Lie {
  return { responds: (fields, block) => (kinds.includes(block) ? change(fields) : fields) };
}

/** Something done to the block that has the status. */
function endings(change: (fields: OutgoingHttpHeaders) => OutgoingHttpHeaders): Lie {
  return blocks(['trailers', 'trailers-only'], change);
}

function status(change: (code: string) => string | string[]): Lie {
  return endings((fields) => ({ ...fields, 'grpc-status': change(String(fields['grpc-status'])) }));
}

/** An answer as whoever knows nothing of gRPC gives it. */
function plainHttp(code: number, body: string): Lie {
  return {
    responds: (_, block) => (block === 'trailers' ? {} : { ':status': code, 'content-type': 'text/plain' }),
    sendsTrailersOnly: false,
    frames: () => Buffer.from(body),
  };
}

/** Something done to the message about the trigger. */
function atMessage(change: (frame: Http2Frame, wire: Wire) => readonly Buffer[]): Lie {
  return atEach(Type.DATA, (frame, wire) =>
    frame.payload.includes(trigger) ? change(frame, wire) : asIs(frame),
  );
}

const pushed = Buffer.concat([
  literal(':method', 'GET'),
  literal(':scheme', 'http'),
  literal(':authority', 'localhost'),
  literal(':path', '/favicon.ico'),
]);

/** A request that nobody made, promised on that stream. */
function pushPromise(stream: number): Buffer {
  const payload = Buffer.concat([Buffer.from([0, 0, 0, 2]), pushed]);
  return encodeHttp2({ type: Type.PUSH_PROMISE, flags: Flag.END_HEADERS, stream, payload });
}

export const serverWireLies = {
  'sends-another-id': writesRows((row) => encodeRow({ ...row, id: row.id + 1 })),
  'moves-skill-to-4': writesRows(({ skill, ...row }) =>
    Buffer.concat([encodeRow({ ...row, skill: '' }), encodeFields([[4, skill]])]),
  ),
  'sends-id-as-text': writesRows(({ name, id, skill }) =>
    encodeFields([
      [1, name],
      [2, String(id)],
      [3, skill],
    ]),
  ),
  'sends-broken-utf-8': writesRows(({ name, id }) =>
    encodeFields([
      [1, name],
      [2, id],
      [3, Buffer.from([0x62, 0xff, 0xfe])],
    ]),
  ),
  'sends-ok-without-message': { frames: () => Buffer.alloc(0) },
  'says-gzip-and-sends-plain': { gzips: async (bytes) => ({ compressed: false, bytes }) },
  'says-gzip-and-deflates': {
    gzips: async (bytes) => ({ ...(await honest.gzips(bytes)), bytes: zlib.deflateSync(bytes) }),
  },

  'says-html': blocks(['headers', 'trailers-only'], (fields) => ({ ...fields, 'content-type': 'text/html' })),
  'says-no-type': blocks(['headers', 'trailers-only'], ({ 'content-type': _, ...fields }) => fields),
  'answers-404': plainHttp(404, 'not found'),
  'answers-500': plainHttp(500, 'internal server error'),
  'leaves-the-status-out': endings(({ 'grpc-status': _, ...fields }) => ({ ...fields, 'x-took': '1' })),
  'ends-with-data': blocks(['trailers'], () => ({})),
  'sends-an-empty-status': status(() => ''),
  'sends-a-status-word': status((code) => (code === '0' ? 'OK' : 'ERROR')),
  'sends-status-99': status(() => '99'),
  'sends-two-statuses': status((code) => [code, '13']),
  'sends-the-status-first': {
    responds(fields, block) {
      if (block === 'headers') return { ...fields, 'grpc-status': '0' };
      return block === 'trailers' ? {} : fields;
    },
  },
  'sends-raw-utf-8': {
    encodesMessage: (message) =>
      honest
        .encodesMessage(message)
        .replaceAll(/%([89A-F][0-9A-F])/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
  },
  'sends-raw-bytes-in-bin': blocks(['headers', 'trailers'], (fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, key.endsWith('-bin') ? '(bytes)' : value]),
    ),
  ),
  'puts-pseudo-fields-last': atTrailers((frame) => [withField(frame, ':status', '200')]),
  'shouts-trailers': atTrailers((frame) => [withField(frame, 'Grpc-Status', '0')]),

  'resets-in-place-of-trailers': atTrailers(({ stream }) => [rstStream(stream, ErrorCode.INTERNAL_ERROR)]),
  'ends-with-no-error': atTrailers(({ stream }) => [rstStream(stream, ErrorCode.NO_ERROR)]),
  'refuses-behind-the-answer': atTrailers((frame) => [
    ...asIs(frame),
    rstStream(frame.stream, ErrorCode.REFUSED_STREAM),
  ]),
  'ends-behind-the-trailers': atTrailers((frame) => [
    encodeHttp2(without(frame, Flag.END_STREAM)),
    data(frame.stream, Buffer.alloc(0), Flag.END_STREAM),
  ]),
  'talks-on': atTrailers((frame) => [...asIs(frame), data(frame.stream, Buffer.from('and another thing'))]),
  'answers-on-another-stream': {
    rewrites: () => (frame) =>
      asIs(
        frame.type === Type.HEADERS || frame.type === Type.DATA
          ? { ...frame, stream: frame.stream + 2 }
          : frame,
      ),
  },
  pushes: atHeaders((frame) => [pushPromise(frame.stream), ...asIs(frame)]),

  'never-ends': {
    rewrites() {
      const endless = new Set<number>();
      return (frame) => {
        if (frame.type === Type.DATA && frame.payload.includes(trigger)) endless.add(frame.stream);
        return frame.type === Type.HEADERS && endless.has(frame.stream) ? [] : asIs(frame);
      };
    },
  },
  'hangs-up-in-a-message': atMessage((frame, wire) => {
    wire.send(encodeHttp2(frame).subarray(0, 20));
    wire.end();
    return [];
  }),
  'tears-the-connection': atMessage((_, wire) => {
    wire.reset();
    return [];
  }),
  'goes-away-from-a-call': atMessage((_, wire) => {
    wire.send(goAway(0, ErrorCode.INTERNAL_ERROR));
    wire.end();
    return [];
  }),
} satisfies Record<string, Lie>;
