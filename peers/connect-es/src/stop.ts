// How the program is told to stop, and how long it may take.
import { setTimeout as delay } from 'node:timers/promises';

/** Resolves on SIGTERM or SIGINT. */
export const told = new Promise<void>((resolve) => {
  process.once('SIGTERM', () => resolve());
  process.once('SIGINT', () => resolve());
});

/** Resolves when `finished` does, but after five seconds at the latest. */
export const graceFor = (finished: Promise<unknown>) => Promise.race([finished, delay(5_000)]);
