// How the program is told to stop, and how long it may take.
import { once } from 'node:events';
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

/**
 * Resolves when `finished` does, when the grace time is over, or when nothing is
 * left that the process could wait for: grpc-js does not always call back from
 * tryShutdown (seen once in some hundred stops, on a busy machine), and Node would
 * then end with exit code 13, for a top-level await that nothing can settle.
 */
export async function graceFor(finished: Promise<unknown>): Promise<void> {
  await Promise.race([finished, once(process, 'beforeExit'), delay(graceMs, undefined, { ref: false })]);
}
