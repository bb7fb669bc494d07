import type { Readable } from 'node:stream';

/** The end of what a program wrote on standard error. */
export interface Log {
  /** A place in the log, for `since`. */
  mark(): number;
  /** What came after the mark. Says so when the beginning was cut. */
  since(mark: number): string;
}

/** Reads the stream to its end and keeps the last `limitBytes` of it. */
export function keepLog(stream: Readable, limitBytes: number): Log {
  let kept = '';
  let dropped = 0;
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    kept += text;
    if (kept.length <= 2 * limitBytes) return;
    dropped += kept.length - limitBytes;
    kept = kept.slice(-limitBytes);
  });
  stream.on('error', () => {});
  return {
    mark: () => dropped + kept.length,
    since(mark) {
      const start = mark - dropped;
      const text = kept.slice(Math.max(0, start)).slice(-limitBytes);
      const cut = dropped + kept.length - mark - text.length;
      return cut > 0 ? `[${cut} characters cut]\n${text}` : text;
    },
  };
}
