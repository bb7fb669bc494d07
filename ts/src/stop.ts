// How the program is told to stop, and how long it may take.
import { setTimeout as delay } from 'node:timers/promises';

/** How long calls in flight may take to finish after the program was told to stop. */
const graceMs = 5_000;

/** Resolves on the first SIGTERM or SIGINT. A second one ends the process as usual. */
export function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

/** Resolves when `finished` does, or when the grace time is over. */
export async function graceFor(finished: Promise<unknown>): Promise<void> {
  await Promise.race([finished, delay(graceMs, undefined, { ref: false })]);
}
