import { describe, expect, it } from 'vitest';
import { aPlannedCall } from '../fixtures/values.ts';
import type { Scenario } from '../model/scenario.ts';
import { largeBytes, makeRoom } from './room.ts';

const never = new AbortController().signal;

/** Who is in, in the order in which they came in. */
function visits(most: number, signal = never) {
  const room = makeRoom(most);
  const inside: string[] = [];
  return {
    inside,
    async come(name: string, bytes: number): Promise<Disposable> {
      const place = await room.enter(bytes, signal);
      inside.push(name);
      return place;
    },
  };
}

describe('room for large cells', () => {
  it('is for those who came first, and for so many bytes', async () => {
    const { inside, come } = visits(10);
    const first = await come('6', 6);
    const second = come('5', 5);
    const third = come('4', 4);
    expect(inside).toEqual(['6']);
    first[Symbol.dispose]();
    await Promise.all([second, third]);
    expect(inside).toEqual(['6', '5', '4']);
  });

  it('is all for one who needs more than there is', async () => {
    const { inside, come } = visits(10);
    const large = await come('99', 99);
    const small = come('1', 1);
    expect(inside).toEqual(['99']);
    large[Symbol.dispose]();
    await small;
    expect(inside).toEqual(['99', '1']);
  });

  it('is waited for until the run ends', async () => {
    const run = new AbortController();
    const { come } = visits(10, run.signal);
    await come('10', 10);
    const waiting = come('1', 1);
    run.abort(new Error('Ctrl-C'));
    await expect(waiting).rejects.toThrow('Ctrl-C');
  });

  it.each<[string, readonly Scenario['steps'][number][], number]>([
    ['none for a pause', [{ do: 'pause', ms: 1 }], 0],
    ['none for short ones', [calls(send(1_000))], 0],
    ['none for a hundred calls', [row(100)], 0],
    ['all that a call sends', [calls(send(700_000), send(600_000))], 1_300_000 + call],
    ['what calls send together', [calls(send(700_000)), calls(send(600_000))], 1_300_000 + 2 * call],
    ['what the answer is', [{ ...calls(), calls: [answered(2 << 20)] }], (2 << 20) + call],
    ['of equal ones in a row that of one', [calls({ ...send(2 << 20), times: 50 })], (2 << 20) + call],
    ['what is told of a thousand calls', [row(1_000)], 1_000 * call + 8],
  ])('is %s', (_, steps, bytes) => {
    expect(largeBytes({ steps })).toBe(bytes);
  });
});

/** What one call weighs. */
const call = 4_096;

function row(times: number) {
  return { do: 'calls', pace: 'in-turn', calls: [aPlannedCall({}, { steps: [send(8)], times })] } as const;
}

function send(length: number) {
  return { send: { json: {}, bytes: 'A'.repeat(length) } };
}

function calls(...steps: readonly (ReturnType<typeof send> & { readonly times?: number })[]) {
  return { do: 'calls', pace: 'in-turn', calls: [aPlannedCall({}, { steps })] } as const;
}

function answered(length: number) {
  return { ...aPlannedCall({}, { steps: [] }), script: { name: 'long', steps: [send(length)] } };
}
