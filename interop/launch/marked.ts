import type { Readable, Writable } from 'node:stream';

/**
 * Passes on what a stream brings up to a mark, ends there, and gives what stands between the mark
 * and the end of its line. The stream stays as it is, for what comes behind the mark. Undefined:
 * it ended without the mark.
 */
export async function untilMark(source: Readable, mark: string, into: Writable): Promise<string | undefined> {
  let held: Buffer = Buffer.alloc(0);
  const found = await new Promise<string | undefined>((resolve) => {
    if (source.readableEnded) return resolve(undefined);
    const done = (word: string | undefined) => {
      source.off('data', take).off('end', end).off('close', end);
      resolve(word);
    };
    const end = () => done(undefined);
    const pass = (bytes: Buffer) => {
      if (bytes.length === 0 || into.destroyed || into.write(bytes)) return;
      source.pause();
      into.once('drain', () => source.resume());
    };
    const take = (chunk: Buffer) => {
      const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
      const at = bytes.indexOf(mark);
      const behind = at < 0 ? -1 : bytes.indexOf('\n', at + mark.length);
      const passed = at >= 0 ? at : bytes.length - begunAtEnd(bytes, mark);
      pass(bytes.subarray(0, passed));
      held = bytes.subarray(passed);
      if (behind < 0) return;
      held = Buffer.alloc(0);
      done(bytes.toString('utf8', at + mark.length, behind));
    };
    source.on('data', take).on('end', end).on('close', end);
    source.resume();
  });
  into.end(held);
  return found;
}

/** How many bytes at the end may be the beginning of the mark. */
function begunAtEnd(bytes: Buffer, mark: string): number {
  for (let length = Math.min(mark.length - 1, bytes.length); length > 0; length--)
    if (bytes.subarray(-length).equals(Buffer.from(mark.slice(0, length)))) return length;
  return 0;
}
