/** What is left of a payload without its padding and other fields in front of it. */
import type { Frame } from './frame.ts';
import { frameFlag, frameType } from './names.ts';

const wanted =
  'RFC 9113, 6.1: "If the length of the padding is the length of the frame payload or greater, the recipient MUST treat this as a connection error […] of type PROTOCOL_ERROR."';

/** Bytes of padding behind, and of the field in front that says how many. */
function paddingOf({ flags, payload }: Frame): { readonly before: number; readonly behind: number } {
  if (!(flags & frameFlag.PADDED)) return { before: 0, behind: 0 };
  const behind = payload[0];
  if (behind === undefined) throw new Error(wanted);
  return { before: 1, behind };
}

/**
 * Of DATA: the bytes that were kept without pad length and padding, and how many bytes
 * of data there were altogether. Throws an Error that says what was wanted when the
 * padding is longer than the payload.
 */
export function dataOf(frame: Frame): { readonly bytes: Buffer; readonly length: number } {
  const { before, behind } = paddingOf(frame);
  const length = frame.length - before - behind;
  if (length < 0) throw new Error(wanted);
  return { bytes: frame.payload.subarray(before, before + length), length };
}

/** Bytes of fields between pad length and header block fragment: RFC 9113, 6.2 and 6.6. */
function fieldBytes({ type, flags }: Frame): number {
  if (type === frameType.PUSH_PROMISE) return 4;
  return flags & frameFlag.PRIORITY ? 5 : 0;
}

/**
 * The header block fragment of HEADERS, PUSH_PROMISE or CONTINUATION, which are kept whole:
 * without padding, priority and promised stream. Throws as `dataOf` does.
 */
export function fragmentOf(frame: Frame): Buffer {
  if (frame.type === frameType.CONTINUATION) return frame.payload;
  const { before, behind } = paddingOf(frame);
  const start = before + fieldBytes(frame);
  const end = frame.payload.length - behind;
  if (end < start) throw new Error(wanted);
  return frame.payload.subarray(start, end);
}
