// Lines in. node:readline will not do: it also ends a line at U+2028 and
// U+2029, which JSON leaves as they are inside a string.
import type { Readable } from 'node:stream';

const lineFeed = 0x0a;

/**
 * Calls `onLine` for each line that `input` carries, UTF-8 without its line feed;
 * lines may be megabytes long. Resolves when the input has ended, and rejects,
 * reading no further, with what `onLine` throws.
 */
export async function readLines(input: Readable, onLine: (line: string) => void): Promise<void> {
  let pieces: Buffer[] = [];
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      const line = Buffer.concat([...pieces, chunk.subarray(start, end)]).toString();
      pieces = [];
      start = end + 1;
      if (line.trim() !== '') onLine(line);
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
  }
  const rest = Buffer.concat(pieces).toString();
  if (rest.trim() !== '') onLine(rest);
}
