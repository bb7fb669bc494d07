/** Frames that are unusual and allowed, made behind the library's back: every scenario must stay green. */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { makeHeaderDecoder } from '../../wire/hpack/hpack.ts';
import type { Lie } from '../program/behaviour.ts';
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
import { asIs, type Rewrite, type Wire } from '../program/http2/rewriter.ts';
import { atEach, atTrailers, inPieces, noTable, without } from './rewrites.ts';

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
function writeOut(): Rewrite {
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
function dribble(): Rewrite {
  let last: Promise<void> = Promise.resolve();
  async function send(bytes: Buffer, wire: Wire): Promise<void> {
    const length = Math.max(7, Math.ceil(bytes.length / 3));
    for (let at = 0; at < bytes.length; at += length) {
      wire.send(bytes.subarray(at, at + length));
      await turn();
    }
  }
  return (frame, wire) => {
    const bytes = encodeHttp2(frame);
    last = last.then(() => send(bytes, wire));
    wire.waitFor(last);
    return [];
  };
}

const gatherMs = 3;

/** Gathers what several streams have to send, and sends a piece of each in turn. */
function interleave(): Rewrite {
  const streams = new Map<number, Buffer[]>();

  function flush(wire: Wire): void {
    while (streams.size > 0) {
      for (const [stream, parts] of streams) {
        const part = parts.shift();
        if (part) wire.send(part);
        else streams.delete(stream);
      }
    }
  }

  return (frame, wire) => {
    if (frame.stream === 0) return asIs(frame);
    if (streams.size === 0) wire.waitFor(sleep(gatherMs).then(() => flush(wire)));
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
 * that believes it has said that reads no more calls. Not behind its own: "Endpoints MUST NOT increase
 * the value they send in the last stream identifier".
 */
function leavePolitely(): Rewrite {
  let count = 0;
  let hasLeft = false;
  const begun = new Set<number>();
  return (frame) => {
    hasLeft ||= frame.type === Type.GOAWAY;
    if (frame.type !== Type.HEADERS || begun.has(frame.stream)) return asIs(frame);
    begun.add(frame.stream);
    return ++count === 3 && !hasLeft
      ? [goAway(2 ** 31 - 1, ErrorCode.NO_ERROR), ...asIs(frame)]
      : asIs(frame);
  };
}

const reserved = 2 ** 31;
/** Byte by byte up to here; a message of 4 MiB would be a matter of minutes. */
const smallBytes = 1_000;

export const frameQuirks = {
  'sends-small-frames': atEach(Type.DATA, (frame) =>
    inPieces(frame, frame.payload.length <= smallBytes ? 1 : 4_000),
  ),
  'sends-empty-frames': atEach(Type.DATA, (frame) => [data(frame.stream, Buffer.alloc(0)), ...asIs(frame)]),
  'continues-headers': atEach(Type.HEADERS, inContinuations),
  'sends-unknown-frames': atEach(Type.DATA, (frame) => [unknown(frame.stream), ...asIs(frame), unknown(0)]),
  'sends-priorities': atEach(Type.DATA, ({ stream, ...frame }) => [
    encodeHttp2({ type: Type.PRIORITY, flags: 0, stream, payload: Buffer.from([0, 0, 0, 0, 15]) }),
    ...asIs({ ...frame, stream }),
  ]),
  'sets-reserved-bits': {
    rewrites: () => (frame) => {
      if (frame.type === Type.PREFACE) return asIs(frame);
      const isSettings = frame.type === Type.SETTINGS && !(frame.flags & Flag.ACK);
      const unknownSetting = isSettings ? Buffer.from([0xf0, 0, 0, 0, 0, 1]) : Buffer.alloc(0);
      const payload = Buffer.concat([frame.payload, unknownSetting]);
      return asIs({ ...frame, payload, flags: frame.flags | 0x40, stream: frame.stream + reserved });
    },
  },
  dribbles: { rewrites: dribble },
  interleaves: { ...noTable, rewrites: interleave },

  'goes-away-politely': { rewrites: leavePolitely },
  'writes-headers-out': { rewrites: writeOut },
  'resets-behind-the-end': atTrailers((frame) => [
    ...asIs(frame),
    rstStream(frame.stream, ErrorCode.NO_ERROR),
  ]),
} satisfies Record<string, Lie>;
