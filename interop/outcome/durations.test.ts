import { describe, expect, it } from 'vitest';
import { aCell, aResult, aStart } from '../fixtures/values.ts';
import type { RunEvent } from '../model/event.ts';
import { type DurationsByLauncher, estimate, startDurations } from './durations.ts';

const one = 'a/b/pick/one';
const two = 'a/b/pick/two';

function finished(id: string, durationMs: number): RunEvent {
  return { type: 'cell-finished', result: { ...aResult(id), durationMs } };
}

function ended(durationMs: number, stopped?: string): RunEvent {
  return { type: 'run-finished', at: '2026-01-01T00:01:00.000Z', durationMs, ...(stopped && { stopped }) };
}

/** What is known after a run with these events. */
function known(before: DurationsByLauncher, ...events: readonly RunEvent[]): DurationsByLauncher {
  const durations = startDurations(before);
  for (const event of [aStart([aCell(one), aCell(two)]), ...events]) durations.add(event);
  return durations.known();
}

describe('how long cells took', () => {
  const first = known({}, finished(one, 30), finished(two, 10), ended(20));

  it('is kept by the way in which peers were launched', () => {
    expect(first).toEqual({
      memory: { at: '2026-01-01T00:00:00.000Z', sideBySide: 2, largest: 2, cells: { [one]: 30, [two]: 10 } },
    });
  });

  it('is what they took last, and a smaller run says nothing of how much goes on side by side', () => {
    const { memory } = known(first, finished(one, 50), ended(50));
    expect(memory).toMatchObject({ sideBySide: 2, largest: 2, cells: { [one]: 50, [two]: 10 } });
  });

  it('is nothing new of a run that did not end', () => {
    expect(known(first, finished(one, 50))).toBe(first);
    const { memory } = known(first, finished(one, 50), finished(two, 50), ended(10, 'SIGINT'));
    expect(memory).toMatchObject({ sideBySide: 2, cells: { [one]: 50, [two]: 50 } });
  });

  it.each<readonly [readonly string[], object | undefined]>([
    [[one, two], { ms: 20, known: 2 }],
    [[one], { ms: 15, known: 1 }],
    [[one, 'a/b/pick/new'], { ms: 30, known: 1 }],
    [[one, 'a/b/pick/new', 'a/b/pick/newer'], undefined],
    [[], undefined],
  ])('says what a run of %j will take', (ids, wanted) => {
    const { memory } = first;
    if (wanted) expect(estimate(ids, memory)).toMatchObject(wanted);
    else expect(estimate(ids, memory)).toBeUndefined();
  });

  it('says nothing where nothing was played', () => {
    expect(estimate([one], undefined)).toBeUndefined();
    expect(estimate([one], known({}, finished(one, 1), ended(10, 'SIGINT')).memory)).toBeUndefined();
  });
});
