// Durations as lines carry them.
import type { Duration } from './types.ts';

/** Milliseconds of "1.5s"; throws a sentence when it is no duration. */
export function parseDuration(text: unknown): number {
  if (typeof text !== 'string' || !/^-?\d{1,12}(\.\d{1,9})?s$/.test(text)) {
    throw new Error(`wanted a duration like "1.5s", got ${JSON.stringify(text)}`);
  }
  return Number(text.slice(0, -1)) * 1000;
}

/** "1.500000s" of 1500 milliseconds. */
export function formatDuration(ms: number): Duration {
  return `${(ms / 1000).toFixed(6)}s`;
}
