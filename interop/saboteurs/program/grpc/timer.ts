import { setTimeout as sleep } from 'node:timers/promises';

/** Longest time that the platform's timer takes: a longer one would end at once. */
const longestMs = 2 ** 31 - 1;

/** A timer of any length. */
export function startTimer(ms: number, then: () => void): { stop(): void } {
  let timer: NodeJS.Timeout;
  let leftMs = ms;
  function wait(): void {
    const nowMs = Math.min(leftMs, longestMs);
    leftMs -= nowMs;
    timer = setTimeout(() => (leftMs > 0 ? wait() : then()), nowMs);
  }
  wait();
  return { stop: () => clearTimeout(timer) };
}

/** So long, or until the signal. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal && { signal }).catch(() => {});
}
