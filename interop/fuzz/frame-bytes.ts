/** Frames as bytes, for those who make wrong ones of them. */
import type { Random } from '../fixtures/random.ts';
import { preface } from '../wire/http2/opening.ts';

/** RFC 9113, 4.1: "All frames begin with a fixed 9-octet header". */
export const headerBytes = 9;

/** Other bytes in that place. */
export function replace(bytes: Buffer, start: number, end: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(end)]);
}

/** The first nine bytes of a frame, true or not. */
export function header(type: number, flags: number, stream: number, length: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  bytes.writeUIntBE(length, 0, 3);
  bytes.writeUInt8(type, 3);
  bytes.writeUInt8(flags, 4);
  bytes.writeUInt32BE(stream, 5);
  return bytes;
}

/** Where frames begin, and at the end where the last one ends. They are whole in what was recorded. */
function bounds(bytes: Buffer): readonly number[] {
  const starts: number[] = [];
  let at = bytes.subarray(0, preface.length).equals(preface) ? preface.length : 0;
  for (; at + headerBytes <= bytes.length; at += headerBytes + bytes.readUIntBE(at, 3)) starts.push(at);
  return [...starts, Math.min(at, bytes.length)];
}

/** One frame of the piece, from where to where; empty when there is none. */
export function pick(bytes: Buffer, random: Random): readonly [start: number, end: number] {
  const all = bounds(bytes);
  const index = random.below(all.length - 1);
  const start = all[index] ?? 0;
  return [start, Math.min(all[index + 1] ?? start, bytes.length)];
}
