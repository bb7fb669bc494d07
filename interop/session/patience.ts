import type { Limits } from '../launch/launcher.ts';
import type { Call } from '../model/call.ts';

const mebi = 1024 * 1024;

/** So long the end of a call is waited for. A mebibyte more is a tenth more of the time: on a machine that has nothing to spare it takes that long. */
export function patienceMs({ carriedBytes = 0 }: Call, { callMs }: Limits): number {
  return Math.round(callMs * (1 + carriedBytes / mebi / 10));
}

/** The same of a program that is started for these calls: it has to come up first. */
export function patienceOnceMs(calls: readonly Call[], limits: Limits): number {
  return calls.reduce((sum, call) => sum + patienceMs(call, limits), limits.callMs);
}
