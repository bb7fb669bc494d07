import { afterSilence, type Silence } from './patience.ts';

/** The value, or undefined when it does not come in time. Rejects as the promise does. */
export async function within<T>(promise: Promise<T>, ms: number, silence?: Silence): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const callOff = afterSilence(ms, () => resolve(undefined), silence);
  try {
    return await Promise.race([promise, late]);
  } finally {
    callOff();
  }
}
