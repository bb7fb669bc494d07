import type { Header } from '../../model/wire.ts';
import { HpackError, makeHeaderDecoder } from '../hpack/hpack.ts';
import type { Frame } from './frame.ts';
import { frameFlag, frameType, typeName } from './names.ts';
import { fragmentOf } from './padding.ts';

/** Of one header block, compressed. */
const maxBlockBytes = 1 << 20;

/** Of one header block: each keeps the bytes alive that it came with. */
const maxFragments = 256;

/** A header block that is whole. */
export interface HeaderBlock {
  /** HEADERS or PUSH_PROMISE; its flags count for the whole block. */
  readonly opener: Frame;
  readonly headers: readonly Header[];
}

/** From here on this direction's header blocks cannot be read: HPACK is out of step. */
export class BrokenBlock extends Error {
  override readonly name = 'BrokenBlock';
  readonly wanted: string;
  readonly got: string;

  constructor(wanted: string, got: string) {
    super(`wanted ${wanted}; got ${got}`);
    this.wanted = wanted;
    this.got = got;
  }
}

/** Puts the header blocks of one direction together, of all its streams. */
export interface BlockReader {
  /** The block that this frame ends, if it ends one. Throws BrokenBlock; it is of no use after that. */
  take(frame: Frame): HeaderBlock | undefined;
}

export function makeBlockReader(): BlockReader {
  const decoder = makeHeaderDecoder();
  let opener: Frame | undefined;
  let fragments: Buffer[] = [];
  let gathered = 0;

  function gather(frame: Frame): void {
    const fragment = attempt(frame, () => fragmentOf(frame));
    if (fragment.length > 0) fragments.push(fragment);
    gathered += fragment.length;
    if (gathered > maxBlockBytes || fragments.length > maxFragments) {
      const most = `${maxBlockBytes} bytes in ${maxFragments} frames`;
      throw new BrokenBlock(`a header block of at most ${most}, which the harness keeps`, 'more');
    }
  }

  function end(opener: Frame, frame: Frame): HeaderBlock {
    const block = fragments.length === 1 && fragments[0] ? fragments[0] : Buffer.concat(fragments);
    fragments = [];
    gathered = 0;
    return { opener, headers: attempt(frame, () => decoder.decode(block)) };
  }

  return {
    take(frame) {
      checkOrder(opener, frame);
      if (!carriesHeaders(frame.type)) return undefined;
      const first = opener ?? frame;
      gather(frame);
      opener = frame.flags & frameFlag.END_HEADERS ? undefined : first;
      return opener ? undefined : end(first, frame);
    },
  };
}

function carriesHeaders(type: number): boolean {
  return type === frameType.HEADERS || type === frameType.PUSH_PROMISE || type === frameType.CONTINUATION;
}

/** `opener`: of a block that has not ended. */
function checkOrder(opener: Frame | undefined, frame: Frame): void {
  const isContinuation = frame.type === frameType.CONTINUATION;
  if (opener && (!isContinuation || frame.stream !== opener.stream)) {
    throw new BrokenBlock(
      `CONTINUATION of stream ${opener.stream}; RFC 9113, 4.3: "Field blocks MUST be transmitted as a contiguous sequence of frames, with no interleaved frames of any other type or from any other stream."`,
      onStream(frame),
    );
  }
  if (!opener && isContinuation) {
    throw new BrokenBlock(
      'no CONTINUATION here; RFC 9113, 6.10: "A CONTINUATION frame MUST be preceded by a HEADERS, PUSH_PROMISE or CONTINUATION frame without the END_HEADERS flag set."',
      onStream(frame),
    );
  }
}

function onStream(frame: Frame): string {
  return frame.stream ? `${typeName(frame.type)} of stream ${frame.stream}` : typeName(frame.type);
}

/** What is thrown says what was wanted. */
function attempt<T>(frame: Frame, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HpackError)) throw new BrokenBlock((error as Error).message, onStream(frame));
    throw new BrokenBlock(error.wanted, `${error.got}, at byte ${error.offset} of the header block`);
  }
}
