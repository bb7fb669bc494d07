import type { Silence } from '../launch/patience.ts';
import { within as inTime } from '../launch/within.ts';

/** The promise's value; rejects with the signal's reason as soon as that stops. */
export async function until<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop);
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The promise's value, or undefined when it does not come within so long. */
export function within<T>(
  ms: number,
  signal: AbortSignal,
  promise: Promise<T>,
  silence?: Silence,
): Promise<T | undefined> {
  return until(signal, inTime(promise, ms, silence));
}
