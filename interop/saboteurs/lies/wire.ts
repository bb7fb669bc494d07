/** What a server and a client may do wrong on the wire, each in what it sends; catalogue/wire.ts tells what each must break. */

import type { Lie } from '../program/behaviour.ts';
import { encodeFrame, type Frame } from '../program/grpc/frame.ts';
import { encodeHttp2, Flag, Type, windowUpdate } from '../program/http2/http2-frame.ts';
import { asIs } from '../program/http2/rewriter.ts';
import { encodeFields } from './fields.ts';
import { atEach, atFirst, atHeaders, withField, without } from './rewrites.ts';

/** Says another length than the message has. */
function promises(more: number): Lie {
  return {
    frames(frame) {
      const bytes = encodeFrame(frame);
      bytes.writeUInt32BE(Math.max(0, frame.bytes.length + more), 1);
      return bytes;
    },
  };
}

function frames(change: (frame: Frame) => readonly Buffer[]): Lie {
  return { frames: (frame) => Buffer.concat(change(frame)) };
}

/** Says of every header block that it is of another type. */
export function says(contentType: string | undefined): Lie {
  return {
    responds: (fields, block) => (block === 'trailers' ? fields : { ...fields, 'content-type': contentType }),
    requests: (fields) => ({ ...fields, 'content-type': contentType }),
  };
}

const http1 = {
  client: 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n',
  server: 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n',
};

/** Sends a line of HTTP/1.1 in place of everything. */
function speaksHttp1(text: string): Lie {
  return {
    rewrites() {
      let isSaid = false;
      return (_, wire) => {
        if (!isSaid) wire.send(text);
        if (!isSaid) wire.end();
        isSaid = true;
        return [];
      };
    },
  };
}

/** Larger than SETTINGS_MAX_FRAME_SIZE has ever been allowed to grow to by default: 2^14. */
const tooLarge = encodeHttp2({ type: 0xbe, flags: 0, stream: 0, payload: Buffer.alloc(20_000) });

export const wireLies = {
  'sends-messages-twice': frames((frame) => [encodeFrame(frame), encodeFrame(frame)]),
  'promises-more-bytes': promises(8),
  'promises-fewer-bytes': promises(-3),
  'leaves-bytes-behind': frames((frame) => [encodeFrame(frame), Buffer.alloc(3)]),
  'flags-with-2': frames((frame) => {
    const bytes = encodeFrame(frame);
    bytes.writeUInt8(2, 0);
    return [bytes];
  }),
  'adds-a-field': frames(({ compressed, bytes }) => [
    encodeFrame({ compressed, bytes: Buffer.concat([bytes, encodeFields([[9, 'debug']])]) }),
  ]),
  'never-compresses': {
    gzips: async (bytes) => ({ compressed: false, bytes }),
    responds: ({ 'grpc-encoding': _, ...fields }) => fields,
  },
  'says-grpc-web': says('application/grpc-web+proto'),

  'shouts-field-names': atHeaders((frame) => [withField(frame, 'X-Shout', '1')]),
  'keeps-alive': atHeaders((frame) => [withField(frame, 'connection', 'keep-alive')]),
  'miscounts-the-body': atHeaders((frame) => [withField(frame, 'content-length', '99999')]),
  'uses-an-unknown-index': atHeaders((frame) => [
    // "A decoder MUST treat a value of the index [...] greater than the length of [both tables] as a decoding error."
    encodeHttp2({ ...frame, payload: Buffer.concat([frame.payload, Buffer.from([0xff, 0x49])]) }),
  ]),
  'breaks-a-header-block': atHeaders((frame) => [
    encodeHttp2(without(frame, Flag.END_HEADERS)),
    encodeHttp2({ type: Type.PING, flags: 0, stream: 0, payload: Buffer.alloc(8) }),
    encodeHttp2({ ...frame, type: Type.CONTINUATION, flags: Flag.END_HEADERS, payload: Buffer.alloc(0) }),
  ]),
  'pads-too-much': atEach(Type.DATA, (frame) => [
    encodeHttp2({
      ...frame,
      flags: frame.flags | Flag.PADDED,
      payload: Buffer.from([200, ...frame.payload]),
    }),
  ]),
  'sends-data-first': {
    rewrites() {
      const held = new Map<number, readonly Buffer[]>();
      return (frame) => {
        const headers = held.get(frame.stream) ?? [];
        if (frame.type === Type.HEADERS && !held.has(frame.stream) && !(frame.flags & Flag.END_STREAM)) {
          held.set(frame.stream, asIs(frame));
          return [];
        }
        if (frame.type === Type.DATA || frame.type === Type.HEADERS) held.set(frame.stream, []);
        return frame.type === Type.DATA ? [...asIs(frame), ...headers] : asIs(frame);
      };
    },
  },
  'grants-nothing': atHeaders((frame) => [windowUpdate(0, 0), ...asIs(frame)]),
  'grants-too-much': atHeaders((frame) => [windowUpdate(0, 2 ** 31 - 1), ...asIs(frame)]),
  'sends-frames-too-large': atFirst(Type.SETTINGS, (frame) => [...asIs(frame), tooLarge]),
  'sends-garbage': atFirst(Type.SETTINGS, (frame) => [...asIs(frame), Buffer.alloc(64, 0xff)]),
  'sends-no-settings': atFirst(Type.SETTINGS, () => []),
  'server-speaks-http-1': speaksHttp1(http1.server),
  'client-speaks-http-1': speaksHttp1(http1.client),
} satisfies Record<string, Lie>;
