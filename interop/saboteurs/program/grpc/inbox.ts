import type { Http2Stream } from 'node:http2';
import { Code } from '../../../model/status.ts';
import { decodeFrame, type Frame, prefixBytes } from './frame.ts';
import { StatusError } from './status-error.ts';

/** The messages that come on a stream, read from it when they are asked for. */
export interface Inbox {
  /** Undefined: there are no more. Rejects with a StatusError when there is one that cannot be taken. */
  next(): Promise<Frame | undefined>;
}

export function makeInbox(stream: Http2Stream, limitBytes: number): Inbox {
  let parts: Buffer[] = [];
  let length = 0;
  let isOver = stream.readableEnded || stream.destroyed;
  let wake = () => {};

  /** The first message, when it is whole. Throws a StatusError as soon as its prefix says that it is too large. */
  function cut(): Frame | undefined {
    if (length < prefixBytes) return undefined;
    if ((parts[0]?.length ?? 0) < prefixBytes) parts = [Buffer.concat(parts)];
    const size = parts[0]?.readUInt32BE(1) ?? 0;
    if (size > limitBytes)
      throw new StatusError(Code.RESOURCE_EXHAUSTED, `a message of ${size} bytes is too large`);
    if (length < prefixBytes + size) return undefined;
    const bytes = Buffer.concat(parts);
    parts = [bytes.subarray(prefixBytes + size)];
    length -= prefixBytes + size;
    return decodeFrame(bytes);
  }

  function end(): void {
    isOver = true;
    wake();
  }

  stream.on('data', (part: Buffer) => {
    parts.push(part);
    length += part.length;
    stream.pause();
    wake();
  });
  stream.pause();
  stream.on('end', end);
  stream.on('close', end);

  return {
    async next() {
      for (;;) {
        const frame = cut();
        if (frame) return frame;
        if (isOver) {
          if (length > 0) throw new StatusError(Code.INTERNAL, 'the stream ends within a message');
          return undefined;
        }
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        stream.resume();
        await promise;
      }
    },
  };
}
