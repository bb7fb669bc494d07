import type { Role } from '../model/peer.ts';
import type { Header, WireFrame } from '../model/wire.ts';
import type { Draft } from './draft.ts';
import type { Frame } from './http2/frame.ts';
import { flagNames, frameType, says, typeName } from './http2/names.ts';
import { dataOf } from './http2/padding.ts';

/** A frame as it is shown; the stream gives the number. */
export type Passed = Omit<WireFrame, 'number'>;

/** Of DATA and of unknown types. */
const shownBytes = 64;

/** `headers`: of the block that the frame ends. */
export function passed(
  frame: Frame,
  from: Role,
  atMs: number,
  headers: readonly Header[] | undefined,
): Passed {
  const { type, flags, stream, length } = frame;
  const shown: Draft<Passed> = {
    atMs,
    from,
    type: typeName(type),
    flags: flagNames(type, flags),
    stream,
    length,
  };
  if (headers) shown.headers = headers;
  const said = says(frame);
  if (said !== undefined) shown.says = said;
  if (type === frameType.DATA || type > frameType.CONTINUATION) {
    shown.hex = contentOf(frame).toString('hex', 0, shownBytes);
  }
  return shown;
}

/** Padding that cannot be left out is shown. */
function contentOf(frame: Frame): Buffer {
  if (frame.type !== frameType.DATA) return frame.payload;
  try {
    return dataOf(frame).bytes;
  } catch {
    return frame.payload;
  }
}

/** So many frames of a stream are kept; and of those that tell how it goes, so many. */
const maxFrames = 64;
const maxTelling = 128;

/** Whether it is kept that a stream has so many frames already. */
export function isKept(count: number, { type, flags }: Passed): boolean {
  return count < maxFrames || (count < maxTelling && isTelling(type, flags));
}

const telling: readonly string[] = ['HEADERS', 'CONTINUATION', 'RST_STREAM', 'GOAWAY'];

function isTelling(type: string, flags: readonly string[]): boolean {
  return telling.includes(type) || (type === 'DATA' && flags.includes('END_STREAM'));
}
