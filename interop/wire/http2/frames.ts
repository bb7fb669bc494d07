/** The bytes of one direction of an HTTP/2 connection, cut into frames (RFC 9113, section 4). */
import type { Role } from '../../model/peer.ts';
import type { Frame, FrameHeader } from './frame.ts';
import { brokenRule, isKeptWhole, tooLong } from './frame-rules.ts';
import { frameFlag, frameType } from './names.ts';
import { isTls, preface, show, wantedPreface, wantedSettings } from './opening.ts';

export interface FrameReader {
  /** Takes the bytes of one direction as they come. Never throws. After a problem it reads no more. */
  read(bytes: Buffer): void;
}

export interface FrameProblem {
  /** Bytes before it in this direction. */
  readonly offset: number;
  readonly wanted: string;
  /** In words; or the bytes there, 24 at most, as text in quotes or as hex. */
  readonly got: string;
}

export interface FrameListener {
  /** The longest payload that the receiver has allowed so far; absent: any. */
  maxFrameBytes?(): number;
  frame(frame: Frame): void;
  /** TLS where the preface or SETTINGS should be. Nothing comes after it. */
  opaque(): void;
  /** Not HTTP/2 from here on, or too long to be read along. Nothing comes after it. */
  problem(problem: FrameProblem): void;
}

/** "SETTINGS frames received from a peer as part of the connection preface MUST be acknowledged": it is no acknowledgement itself (3.4). */
function isOpening({ type, flags }: FrameHeader): boolean {
  return type === frameType.SETTINGS && (flags & frameFlag.ACK) === 0;
}

const headerBytes = 9;
const empty = Buffer.alloc(0);

/** RFC 9113, 4.1: length, type, flags; the reserved bit "MUST be ignored when receiving". */
function parseHeader(head: Buffer): FrameHeader {
  return {
    type: head.readUInt8(3),
    flags: head.readUInt8(4),
    stream: head.readUInt32BE(5) & 0x7fffffff,
    length: head.readUIntBE(0, 3),
  };
}

/**
 * Cuts one direction into frames. `from: 'client'` wants the connection preface first,
 * then SETTINGS; `'server'` wants SETTINGS first. A payload that is whole in the bytes at
 * hand is not copied. Memory is bounded by one frame: `keptBytes` of DATA and of unknown
 * types, `maxWholeBytes` of the others.
 *
 * It is longer than other functions: the steps below share what was read so far.
 */
export function makeFrameReader(from: Role, keptBytes: number, on: FrameListener): FrameReader {
  // The first byte of a payload may be the pad length, which is needed whatever is kept.
  const maxBytes = Math.max(1, keptBytes);
  let step = from === 'client' ? readPreface : readHeader;
  /** Where the preface or the frame at hand begins. */
  let offset = 0;
  let isFirst = true;
  const head = Buffer.alloc(preface.length);
  let filled = 0;
  let header: FrameHeader = { type: 0, flags: 0, stream: 0, length: 0 };
  /** A payload that comes in pieces: what is kept of it, and how much of it was seen. */
  let pieces = empty;
  let seen = 0;

  function failOpening(wanted: string, bytes: Buffer): void {
    step = ignore;
    if (isTls(bytes)) on.opaque();
    else on.problem({ offset, wanted, got: show(bytes) });
  }

  /** Fills `head` up to so many bytes. They are few: a loop is faster than a copy. */
  function fill(bytes: Buffer, at: number, wanted: number): number {
    const count = Math.min(wanted - filled, bytes.length - at);
    for (let index = 0; index < count; index++) head[filled + index] = bytes[at + index] ?? 0;
    filled += count;
    return at + count;
  }

  // Each step takes bytes from `at` on, and says how far it came.

  function readPreface(bytes: Buffer, at: number): number {
    const next = fill(bytes, at, preface.length);
    const got = head.subarray(0, filled);
    const isRight = got.equals(preface.subarray(0, filled));
    if (isRight && filled === preface.length) {
      [offset, filled, step] = [preface.length, 0, readHeader];
    }
    // It takes two bytes to know TLS.
    if (!isRight && (filled > 1 || head[0] !== 0x16)) failOpening(wantedPreface, got);
    return next;
  }

  function readHeader(bytes: Buffer, at: number): number {
    const next = fill(bytes, at, headerBytes);
    if (filled === headerBytes) {
      filled = 0;
      header = parseHeader(head);
      check(bytes.subarray(next));
    }
    return next;
  }

  /** `behind`: bytes behind the header that show what it is when it is none. */
  function check(behind: Buffer): void {
    const broken = tooLong(header, on.maxFrameBytes?.() ?? Infinity) ?? brokenRule(header);
    // A record of TLS may look like SETTINGS, too long.
    if (isFirst && (!isOpening(header) || isTls(head))) {
      failOpening(wantedSettings[from], Buffer.concat([head.subarray(0, headerBytes), behind]));
    } else if (broken) {
      step = ignore;
      on.problem({ offset, ...broken });
    } else {
      isFirst = false;
      step = readPayload;
      if (header.length === 0) emit(empty);
    }
  }

  function readPayload(bytes: Buffer, at: number): number {
    const kept = isKeptWhole(header.type) ? header.length : Math.min(header.length, maxBytes);
    const count = Math.min(header.length - seen, bytes.length - at);
    if (count === header.length) {
      emit(bytes.subarray(at, at + kept));
      return at + count;
    }
    if (seen === 0) pieces = Buffer.allocUnsafe(kept);
    if (seen < kept) bytes.copy(pieces, seen, at, at + count);
    seen += count;
    if (seen === header.length) emit(pieces);
    return at + count;
  }

  function emit(payload: Buffer): void {
    const frame = { offset, ...header, payload };
    offset += headerBytes + header.length;
    [pieces, seen, step] = [empty, 0, readHeader];
    on.frame(frame);
  }

  function ignore(bytes: Buffer): number {
    return bytes.length;
  }

  return {
    read(bytes) {
      for (let at = 0; at < bytes.length; ) at = step(bytes, at);
    },
  };
}
