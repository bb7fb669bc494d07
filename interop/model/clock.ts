/**
 * A time of `performance.now` on the clock of what began at `originMs` of it, to
 * 0.01 ms: these clocks mean no more. Negative: it was before.
 */
export function onClock(nowMs: number, originMs: number): number {
  // Plus zero, since -0 is another value than 0.
  return Math.round((nowMs - originMs) * 100) / 100 + 0;
}
