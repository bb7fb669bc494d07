import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { afterSilence, silenceOf, waitedForCoreMs } from './patience.ts';

describe('a limit of silence', () => {
  let elapsedMs = 0;
  beforeEach(() => {
    vi.useFakeTimers();
    elapsedMs = 0;
  });
  afterEach(() => void vi.useRealTimers());

  /** When a limit of 1,000 ms is over. */
  async function overAfter(silence: Parameters<typeof afterSilence>[2]): Promise<number> {
    let over: number | undefined;
    afterSilence(
      1_000,
      () => {
        over = elapsedMs;
      },
      silence,
    );
    while (over === undefined && elapsedMs < 60_000) {
      await vi.advanceTimersByTimeAsync(100);
      elapsedMs += 100;
    }
    return over ?? Infinity;
  }

  it('is over in time where every program has a core', async () => {
    expect(await overAfter({ isCrowded: () => false })).toBe(900);
  });

  it('is over as soon as no program waits for a core any more', async () => {
    expect(await overAfter({ isCrowded: () => elapsedMs < 2_200 })).toBe(2_400);
  });

  it('is over at three times as long, however busy the machine is', async () => {
    expect(await overAfter({ isCrowded: () => true })).toBe(2_900);
  });

  it('does not count what the program waited for a core', async () => {
    // It had none for two seconds.
    const waitedMs = () => Math.min(elapsedMs, 2_000);
    expect(await overAfter({ waitedMs, isCrowded: () => true })).toBe(2_500);
  });

  it('is over in time when the program has a core, however busy the machine is', async () => {
    expect(await overAfter({ waitedMs: () => 77, isCrowded: () => true })).toBe(900);
  });

  it('is over at five times as long for a program that never has a core', async () => {
    expect(await overAfter({ waitedMs: () => elapsedMs })).toBe(4_900);
  });

  it('begins again with what is heard', async () => {
    const quietMs = () => (elapsedMs < 3_000 ? 0 : elapsedMs - 3_000);
    expect(await overAfter({ quietMs, isCrowded: () => false })).toBe(4_000);
  });

  it('can be called off', async () => {
    const isOver = vi.fn();
    afterSilence(1_000, isOver, { isCrowded: () => false })();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(isOver).not.toHaveBeenCalled();
  });

  it('stops a signal', async () => {
    using silence = silenceOf(1_000);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(silence.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('what a process waited for a core', () => {
  it.runIf(existsSync('/proc/self/schedstat'))('is known, and is not of one that is gone', () => {
    expect(waitedForCoreMs(process.pid)).toBeGreaterThan(0);
    expect(waitedForCoreMs(2 ** 30)).toBeUndefined();
  });
});
