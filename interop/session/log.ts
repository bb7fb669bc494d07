import type { Readable } from 'node:stream';
import { onClock } from '../model/clock.ts';
import type { LogLine } from '../model/log.ts';

/** The end of what a program wrote on standard error. */
export interface Log {
  /** A place in the log, for `since`. */
  mark(): number;
  /** All of it. Says so when the beginning was cut. */
  text(): string;
  /**
   * The lines that came after the mark, with the time since `originMs` (on the clock
   * of `performance.now`) at which each began to come. What was cut has a line of its own.
   */
  since(mark: number, originMs: number): readonly LogLine[];
}

/** Lines that `since` gives at most, and times that are kept: an empty line must not cost more than a full one. */
const keptLines = 2_048;

/** A piece in which a line begins, or that came first after a mark. */
interface Piece {
  /** Characters before it. */
  readonly start: number;
  /** On the clock of `performance.now`. */
  readonly atMs: number;
}

/** Reads the streams to their ends and keeps the last `limitBytes` of what comes, as it comes. */
export function keepLog(stream: Readable, limitBytes: number, ...more: readonly Readable[]): Log {
  let kept = '';
  let dropped = 0;
  let marked = 0;
  let pieces: Piece[] = [];

  function add(text: string): void {
    const start = dropped + kept.length;
    if (start === marked || kept.endsWith('\n') || text.slice(0, -1).includes('\n'))
      pieces.push({ start, atMs: performance.now() });
    if (pieces.length > 2 * keptLines) pieces = pieces.slice(-keptLines);
    kept += text;
    if (kept.length <= 2 * limitBytes) return;
    dropped += kept.length - limitBytes;
    kept = kept.slice(-limitBytes);
  }

  /** What is there of what came after that place; at most the limit. */
  function behind(start: number): string {
    return kept.slice(Math.max(0, start - dropped)).slice(-limitBytes);
  }

  for (const each of [stream, ...more]) {
    each.setEncoding('utf8');
    each.on('data', add);
    each.on('error', () => {});
  }
  return {
    mark() {
      marked = dropped + kept.length;
      return marked;
    },
    text() {
      const text = behind(0);
      const cut = dropped + kept.length - text.length;
      return cut > 0 ? `${cutText(cut)}\n${text}` : text;
    },
    since(mark, originMs) {
      // Where no time is known any more, the text is not given either.
      const text = behind(Math.max(mark, pieces[0]?.start ?? 0));
      const places = placesOf(text, dropped + kept.length - text.length).slice(-keptLines);
      const lines = timed(places, pieces, originMs);
      const cut = (places[0]?.start ?? mark) - mark;
      return lines[0] && cut > 0 ? [{ ...lines[0], text: cutText(cut) }, ...lines] : lines;
    },
  };
}

function cutText(count: number): string {
  return `[${count} characters cut]`;
}

interface Place {
  /** Characters before the line. */
  readonly start: number;
  readonly line: string;
}

/** The lines of the text that begins at `start`. */
function placesOf(text: string, start: number): readonly Place[] {
  if (text === '') return [];
  let next = start;
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const place = { start: next, line };
      next += line.length + 1;
      return place;
    });
}

/** Each line began to come with the last piece that starts no later than it. */
function timed(places: readonly Place[], pieces: readonly Piece[], originMs: number): readonly LogLine[] {
  let index = 0;
  return places.map(({ start, line }) => {
    while ((pieces[index + 1]?.start ?? Infinity) <= start) index++;
    return { atMs: onClock(pieces[index]?.atMs ?? originMs, originMs), text: line };
  });
}
