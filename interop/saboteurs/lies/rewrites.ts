/** Ways to lie frame by frame. */

import type { Lie } from '../program/behaviour.ts';
import { http2Options } from '../program/honest.ts';
import { encodeHttp2, Flag, type Http2Frame, literal, Type } from '../program/http2/http2-frame.ts';
import { asIs, type Rewrite, type Wire } from '../program/http2/rewriter.ts';

type Change = (frame: Http2Frame, wire: Wire) => readonly Buffer[];

/** Header blocks that depend on no other one, so that some can be left out or come in another order. */
export const noTable: Lie = { http2: { ...http2Options, maxDeflateDynamicTableSize: 0 } };

/** Something done to frames of that type; the others pass as they are. */
export function atEach(type: number, change: Change): Lie {
  return { rewrites: () => (frame, wire) => (frame.type === type ? change(frame, wire) : asIs(frame)) };
}

/** Something done to the first frame of that type on each connection. */
export function atFirst(type: number, change: Change): Lie {
  return {
    rewrites() {
      let isOver = false;
      return (frame, wire) => {
        if (isOver || frame.type !== type) return asIs(frame);
        isOver = true;
        return change(frame, wire);
      };
    },
  };
}

/** Something done to the header block with which each stream begins. */
export function atHeaders(change: Change): Lie {
  return { ...noTable, rewrites: () => splitBlocks(change, asIs) };
}

/** Something done to the trailers behind an answer; those that are all of the answer are none. */
export function atTrailers(change: Change): Lie {
  return { ...noTable, rewrites: () => splitBlocks(asIs, change) };
}

function splitBlocks(atBegin: Change, atEnd: Change): Rewrite {
  const begun = new Set<number>();
  return (frame, wire) => {
    if (frame.type !== Type.HEADERS) return asIs(frame);
    if (begun.has(frame.stream)) return atEnd(frame, wire);
    begun.add(frame.stream);
    return atBegin(frame, wire);
  };
}

/** A field behind those of a whole, unpadded header block. */
export function withField(frame: Http2Frame, name: string, value: string): Buffer {
  return encodeHttp2({ ...frame, payload: Buffer.concat([frame.payload, literal(name, value)]) });
}

export function without(frame: Http2Frame, flag: number): Http2Frame {
  return { ...frame, flags: frame.flags & ~flag };
}

/** Frames of one type in place of one, the flags that end something on the last. */
export function inPieces(frame: Http2Frame, length: number): readonly Buffer[] {
  const { payload } = frame;
  if (payload.length <= length) return asIs(frame);
  const count = Math.ceil(payload.length / length);
  return Array.from({ length: count }, (_, index) => {
    const piece = payload.subarray(index * length, (index + 1) * length);
    return encodeHttp2({ ...(index < count - 1 ? without(frame, Flag.END_STREAM) : frame), payload: piece });
  });
}
