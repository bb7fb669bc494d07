/** Waits that end: with the run, and with the cell they are in. */

/** Longer than any cell takes on a machine that has nothing to spare. */
export const cellMs = 120_000;

/** A cell took longer than a cell may. */
export class CellBound extends Error {
  override readonly name = 'CellBound';
}

/** The promise's value; rejects with the signal's reason as soon as that stops. What the promise comes to then is nobody's business. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  promise.catch(() => {});
  stopped.catch(() => {});
  try {
    return await Promise.race([stopped, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The same; rejects as well, with a CellBound, when the cell takes longer than a cell may. */
export async function inCell<T>(promise: Promise<T>, signal: AbortSignal, ms = cellMs): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new CellBound(`the cell did not end within ${ms / 1000} s, whatever of it did: its bound`)),
    ms,
  );
  late.catch(() => {});
  try {
    return await orAborted(Promise.race([late, promise]), signal);
  } finally {
    clearTimeout(timer);
  }
}
