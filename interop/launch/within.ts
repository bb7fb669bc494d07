import { afterSilence } from './patience.ts';

/** The value, or undefined when it does not come in time. Rejects as the promise does. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const callOff = afterSilence(ms, () => resolve(undefined));
  try {
    return await Promise.race([promise, late]);
  } finally {
    callOff();
  }
}
