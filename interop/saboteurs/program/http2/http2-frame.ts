/** HTTP/2 frames as bytes, by hand: what a lie makes of them need not be valid. */

/** RFC 9113, section 6; `PREFACE` is what a client says before its first frame. */
export const Type = {
  PREFACE: -1,
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const Flag = { ACK: 0x1, END_STREAM: 0x1, END_HEADERS: 0x4, PADDED: 0x8 } as const;

/** RFC 9113, section 7. */
export const ErrorCode = { NO_ERROR: 0, INTERNAL_ERROR: 2, REFUSED_STREAM: 7 } as const;

export interface Http2Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

const headerLength = 9;
const prefaceLength = 24;

/** "All frames begin with a fixed 9-octet header followed by a variable-length frame payload." */
export function encodeHttp2({ type, flags, stream, payload }: Http2Frame): Buffer {
  if (type === Type.PREFACE) return payload;
  const header = Buffer.alloc(headerLength);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** Cuts what one side of a connection sends into frames, in whatever pieces it comes. */
export function makeCutter(hasPreface: boolean): (bytes: Buffer) => readonly Http2Frame[] {
  let rest = Buffer.alloc(0);
  let isBegun = !hasPreface;

  function next(): Http2Frame | undefined {
    const length = isBegun ? headerLength : prefaceLength;
    if (rest.length < length) return undefined;
    const end = isBegun ? length + rest.readUIntBE(0, 3) : length;
    if (rest.length < end) return undefined;
    const frame = isBegun
      ? { type: rest.readUInt8(3), flags: rest.readUInt8(4), stream: rest.readUInt32BE(5) }
      : { type: Type.PREFACE, flags: 0, stream: 0 };
    const payload = rest.subarray(isBegun ? length : 0, end);
    isBegun = true;
    rest = rest.subarray(end);
    return { ...frame, payload };
  }

  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const frames: Http2Frame[] = [];
    for (let frame = next(); frame; frame = next()) frames.push(frame);
    return frames;
  };
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

export function rstStream(stream: number, code: number): Buffer {
  return encodeHttp2({ type: Type.RST_STREAM, flags: 0, stream, payload: uint32(code) });
}

export function goAway(lastStream: number, code: number): Buffer {
  return encodeHttp2({ type: Type.GOAWAY, flags: 0, stream: 0, payload: uint32(lastStream, code) });
}

export function windowUpdate(stream: number, increment: number): Buffer {
  return encodeHttp2({ type: Type.WINDOW_UPDATE, flags: 0, stream, payload: uint32(increment) });
}

export function data(stream: number, payload: Buffer, flags = 0): Buffer {
  return encodeHttp2({ type: Type.DATA, flags, stream, payload });
}

/** A "Literal Header Field without Indexing" (RFC 7541, section 6.2.2): it leaves no trace in the table. */
export function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), plainString(name), plainString(value)]);
}

/** "Length: The number of octets […] encoded as an integer with a 7-bit prefix", H = 0: no Huffman code. */
function plainString(text: string): Buffer {
  return Buffer.concat([Buffer.from(integer(text.length)), Buffer.from(text, 'latin1')]);
}

function integer(value: number): readonly number[] {
  if (value < 127) return [value];
  const rest: number[] = [];
  let left = value - 127;
  for (; left >= 128; left = Math.floor(left / 128)) rest.push((left % 128) | 128);
  return [127, ...rest, left];
}
