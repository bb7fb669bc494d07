import { describe, expect, it } from 'vitest';
import { aCell, anEnd, aStart } from '../fixtures/values.ts';
import type { RunEvent } from '../model/event.ts';
import { multiplex, type Reporter } from './reporter.ts';

const events = [aStart([aCell('a/b/pick/one')]), anEnd()];

function keeping(name: string) {
  const kept: (RunEvent['type'] | 'end')[] = [];
  const reporter: Reporter = {
    name,
    on: (event) => void kept.push(event.type),
    end: () => void kept.push('end'),
  };
  return { reporter, kept };
}

/** Gives two events to three reporters, of which the middle one is bad. */
async function told(bad: Reporter) {
  const [before, after] = [keeping('before'), keeping('after')];
  const complaints: string[] = [];
  const all = multiplex([before.reporter, bad, after.reporter], (sentence) => void complaints.push(sentence));
  for (const event of events) await all.on(event);
  await all.end?.();
  expect(all.failures).toEqual(complaints);
  return { complaints, before: before.kept, after: after.kept };
}

const everything = ['run-started', 'run-finished', 'end'];

describe('several reporters', () => {
  it('get every event and the end', async () => {
    const good = keeping('good');
    const { complaints, before, after } = await told(good.reporter);
    expect(complaints).toEqual([]);
    expect([before, good.kept, after]).toEqual([everything, everything, everything]);
  });

  it('need no end', async () => {
    expect((await told({ name: 'short', on() {} })).complaints).toEqual([]);
  });

  it.each<[string, (fail: () => never, calls: string[]) => Reporter, readonly string[]]>([
    [
      'at an event',
      (fail, calls) => ({
        name: 'bad',
        on(event) {
          calls.push(event.type);
          return fail();
        },
        end: () => void calls.push('end'),
      }),
      ['run-started'],
    ],
    [
      'at an event, later',
      (fail, calls) => ({
        name: 'bad',
        async on(event) {
          calls.push(event.type);
          await new Promise(setImmediate);
          fail();
        },
        end: () => void calls.push('end'),
      }),
      ['run-started'],
    ],
    [
      'at the end',
      (fail, calls) => ({
        name: 'bad',
        on: (event) => void calls.push(event.type),
        async end() {
          calls.push('end');
          fail();
        },
      }),
      everything,
    ],
  ])('go on when one throws %s, which is named and asked no more', async (_, make, asked) => {
    const calls: string[] = [];
    const fail = (): never => {
      throw new Error('EPIPE: broken pipe');
    };
    const { complaints, before, after } = await told(make(fail, calls));
    expect(complaints).toEqual(['the bad reporter failed and is switched off: EPIPE: broken pipe']);
    expect(calls).toEqual(asked);
    expect([before, after]).toEqual([everything, everything]);
  });
});
