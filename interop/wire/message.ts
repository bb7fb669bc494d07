import type { Message } from '../model/message.ts';
import type { WireMessage } from '../model/wire.ts';
import { contentOf, keptMessageBytes } from './content.ts';
import type { Read } from './methods.ts';

/** gRPC over HTTP2: "Length-Prefixed-Message → Compressed-Flag Message-Length Message". */
export const prefixBytes = 5;
/** The prefix among them. */
const shownBytes = 64;

const nothing: Buffer = Buffer.alloc(0);

export interface MessageForm {
  /** The half's `grpc-encoding`. */
  readonly encoding?: string | undefined;
  /** Absent: the method is not described. */
  readonly read?: Read | undefined;
}

/** Turns what DATA carried into messages, wherever the frames were cut. */
export interface MessageReader {
  /**
   * The next bytes, of the stream's frame of that number. `length` also counts
   * those behind them that were not kept.
   */
  read(bytes: Buffer, length: number, frame: number): void;
  /** Bytes behind the last whole message. */
  restBytes(): number;
}

/** A message whose prefix is there. */
interface Begun {
  readonly prefix: Buffer;
  readonly flag: number;
  readonly length: number;
  /** Room for as much of the message as is kept. */
  readonly room: Buffer;
  /** Bytes in it, from the message's first on. */
  filled: number;
  /** Bytes of the message that have come, kept or not. */
  came: number;
}

/** Calls `take` for each message that is whole, in order. Never throws. */
export function makeMessageReader(form: MessageForm, take: (message: WireMessage) => void): MessageReader {
  let prefix = nothing;
  let begun: Begun | undefined;
  /** More than 0: bytes are missing where a prefix may have been, and no message can be found any more. */
  let unread = 0;

  /** Takes what it can of a prefix, and returns how much. */
  function begin(bytes: Buffer): number {
    const part = bytes.subarray(0, prefixBytes - prefix.length);
    prefix = prefix.length ? Buffer.concat([prefix, part]) : part;
    if (prefix.length === prefixBytes) begun = begunWith(prefix, bytes.subarray(part.length));
    return part.length;
  }

  function finishIfWhole(frame: number): void {
    if (begun?.came !== begun?.length || !begun) return;
    take(messageOf(begun, form, frame));
    prefix = nothing;
    begun = undefined;
  }

  function skip(lost: number, frame: number): void {
    if (begun && lost <= begun.length - begun.came) {
      begun.came += lost;
      finishIfWhole(frame);
    } else unread = restBytes() + lost;
  }

  function restBytes(): number {
    return unread || prefix.length + (begun?.came ?? 0);
  }

  return {
    restBytes,
    read(bytes, length, frame) {
      if (unread) {
        unread += length;
        return;
      }
      for (let at = 0; at < bytes.length; ) {
        const rest = at ? bytes.subarray(at) : bytes;
        at += begun ? goOn(begun, rest) : begin(rest);
        finishIfWhole(frame);
      }
      if (length > bytes.length) skip(length - bytes.length, frame);
    },
  };
}

/** `behind` is what comes next: a message that is whole there is not copied. */
function begunWith(prefix: Buffer, behind: Buffer): Begun {
  const length = prefix.readUInt32BE(1);
  // Of what is too long to be read nothing is kept but what is shown.
  const keptBytes = length > keptMessageBytes ? shownBytes : length;
  const isThere = behind.length >= keptBytes;
  const room = isThere ? behind.subarray(0, keptBytes) : Buffer.allocUnsafe(keptBytes);
  return { prefix, flag: prefix.readUInt8(), length, room, filled: isThere ? keptBytes : 0, came: 0 };
}

/** Takes what belongs to the message, and returns how much. */
function goOn(message: Begun, bytes: Buffer): number {
  const end = Math.min(bytes.length, message.length - message.came);
  const hasGap = message.came > message.filled;
  if (!hasGap && message.filled < message.room.length) {
    message.filled += bytes.copy(message.room, message.filled, 0, end);
  }
  message.came += end;
  return end;
}

function messageOf(message: Begun, form: MessageForm, frame: number): WireMessage {
  const { prefix, flag, length } = message;
  const kept = message.room.subarray(0, message.filled);
  const hex = prefix.toString('hex') + kept.toString('hex', 0, shownBytes - prefixBytes);
  return { frame, flag, length, hex, ...decoded(flag, length, kept, form) };
}

function decoded(
  flag: number,
  length: number,
  kept: Buffer,
  { encoding, read }: MessageForm,
): Message | { readonly isCut: true } {
  const content = contentOf(flag, length, kept, encoding);
  switch (content.kind) {
    case 'whole':
      return read ? read(content.bytes) : {};
    case 'cut':
      return { isCut: true };
    case 'foreign':
      return {};
    case 'unreadable':
      return { problem: content.problem };
    default:
      throw new Error(content satisfies never);
  }
}
