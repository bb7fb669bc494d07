import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** What becomes of a stream that is read line by line. */
export interface LineHandler {
  onLine(line: string): void;
  /** A line grew past the limit. What follows is not read. */
  onTooLong(): void;
}

/** Lines that are being read. */
export interface Reading {
  /** For so long nothing more has come of a line that has begun; Infinity: none has. */
  quietMs(): number;
}

const newline = 10;

/**
 * Hands over each line of the stream, as UTF-8 without its end. A last line
 * without an end is handed over too. Keeps at most `limitBytes`.
 */
export function readLines(stream: Readable, limitBytes: number, handler: LineHandler): Reading {
  const decoder = new StringDecoder('utf8');
  /** What has come of the line at hand, and so many bytes of it. A chunk is let go when it is read: long lines have many. */
  let text = '';
  let length = 0;
  let stopped = false;
  let heardAt = 0;

  function take(part: Buffer): void {
    length += part.length;
    if (length <= limitBytes) text += decoder.write(part);
    else {
      stopped = true;
      text = '';
      handler.onTooLong();
    }
  }

  function finish(): void {
    const line = text + decoder.end();
    text = '';
    length = 0;
    handler.onLine(line);
  }

  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    heardAt = performance.now();
    while (!stopped) {
      const end = chunk.indexOf(newline, start);
      if (end < 0) break;
      take(chunk.subarray(start, end));
      if (!stopped) finish();
      start = end + 1;
    }
    if (!stopped && start < chunk.length) take(chunk.subarray(start));
  });
  stream.on('end', () => {
    if (!stopped && length > 0) finish();
  });
  // A stream that breaks has ended: the program's end tells the reason.
  stream.on('error', () => {});
  return { quietMs: () => (length > 0 && !stopped ? performance.now() - heardAt : Infinity) };
}
