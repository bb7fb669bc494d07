import type { Role } from '../model/peer.ts';
import type { Header, WireHalf, WireMessage } from '../model/wire.ts';
import type { Draft } from './draft.ts';
import { type MessageReader, makeMessageReader } from './message.ts';
import type { Methods, Read } from './methods.ts';
import { type Fault, fault } from './rules.ts';

/** So many messages are kept; more are counted. */
const maxMessages = 128;

/** What one side sends on a stream. Frames are told by their number; what is wrong is returned. */
export interface Half {
  readonly wire: WireHalf;
  /** It sent END_STREAM or RST_STREAM. */
  isOver(): boolean;
  /** A whole header block. `endFrame`: the frame that said END_STREAM. */
  block(headers: readonly Header[], frame: number, endFrame: number | undefined): Fault | undefined;
  /** Data without its padding; `length` also counts what was not kept behind `bytes`. */
  data(bytes: Buffer, length: number, frame: number): Fault | undefined;
  /** END_STREAM of DATA. */
  end(frame: number): void;
  /** RST_STREAM. */
  reset(): void;
}

/** `readOf` is asked when the first data comes. */
export function makeHalf(from: Role, readOf: () => Read | undefined, detailsOf: Methods['details']): Half {
  const messages: WireMessage[] = [];
  const wire: Draft<WireHalf> = { headers: [], trailers: [], messages, restBytes: 0 };
  let reader: MessageReader | undefined;
  let isReset = false;

  function take(message: WireMessage): void {
    if (messages.length < maxMessages) messages.push(message);
    else wire.omitted = (wire.omitted ?? 0) + 1;
  }

  /** What is wrong with a frame that carries something. */
  function overFault(got: string): Fault | undefined {
    if (wire.endFrame !== undefined) return fault('ended', got);
    return isReset ? fault('reset', got) : undefined;
  }

  function end(frame: number): void {
    wire.endFrame ??= frame;
  }

  return {
    wire,
    isOver: () => isReset || wire.endFrame !== undefined,
    block(headers, frame, endFrame) {
      const over = overFault('HEADERS');
      if (over) return over;
      const isInterim = from === 'server' && isInformational(headers);
      if (isInterim) return endFrame === undefined ? undefined : fault('informationalEnd', 'END_STREAM');
      const isFirst = wire.headersFrame === undefined;
      if (!isFirst && endFrame === undefined) return fault('noEndStream', 'HEADERS without END_STREAM');
      if (isFirst) {
        wire.headers = headers;
        wire.headersFrame = frame;
      }
      if (endFrame !== undefined) end(endFrame);
      // A request without a body has no trailers; a response of one block is "Trailers-Only".
      if (endFrame === undefined || (isFirst && from === 'client')) return undefined;
      wire.trailers = headers;
      wire.trailersFrame = frame;
      const details = headerValue(headers, 'grpc-status-details-bin');
      if (details !== undefined) wire.details = detailsOf(binaryOf(details));
      return undefined;
    },
    data(bytes, length, frame) {
      const over = overFault('DATA');
      if (over) return over;
      const hasHeaders = wire.headersFrame !== undefined;
      reader ??= makeMessageReader(
        { encoding: headerValue(wire.headers, 'grpc-encoding'), read: readOf() },
        take,
      );
      reader.read(bytes, length, frame);
      wire.restBytes = reader.restBytes();
      return hasHeaders ? undefined : fault('dataFirst', 'DATA');
    },
    end,
    reset() {
      isReset = true;
    },
  };
}

/** RFC 9110, 15.2: 1xx, "an interim response […] prior to completing the requested action". */
function isInformational(headers: readonly Header[]): boolean {
  return headerValue(headers, ':status')?.startsWith('1') ?? false;
}

/** "if the first byte is 0, then it is a true binary value" (gRFC G1), between ends that both allow it. */
function binaryOf(value: string): Buffer {
  return value.startsWith('\0') ? Buffer.from(value.slice(1), 'latin1') : Buffer.from(value, 'base64');
}

/** The value of the first field of that name. */
export function headerValue(headers: readonly Header[], name: string): string | undefined {
  for (const header of headers) if (header.name === name) return header.value;
  return undefined;
}
