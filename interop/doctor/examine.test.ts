import { describe, expect, it } from 'vitest';
import type { Check } from './check.ts';
import { examine } from './examine.ts';

const never = new AbortController().signal;

function check(name: string, run: () => Promise<string>, needs: readonly Check[] = []): Check {
  return { name, section: '', needs, hint: '', run };
}

describe('several checks at a time', () => {
  it('are told in their order, whichever ends first', async () => {
    const { promise: secondEnded, resolve } = Promise.withResolvers<void>();
    const first = check('first', async () => {
      await secondEnded;
      return '';
    });
    const second = check('second', async () => {
      resolve();
      return '';
    });
    const told: string[] = [];
    const results = await examine([first, second], never, (result) => void told.push(result.check.name), 2);
    expect(told).toEqual(['first', 'second']);
    expect(results.map(({ kind }) => kind)).toEqual(['passed', 'passed']);
  });

  it('begin when those that they need have passed, and not when one has not', async () => {
    const done: string[] = [];
    const slow = check('slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      done.push('slow');
      return '';
    });
    const behind = check('behind', async () => String(done), [slow]);
    const wrong = check('wrong', () => Promise.reject(new Error('no')));
    const lost = check('lost', async () => '', [wrong]);
    const results = await examine([slow, behind, wrong, lost], never, () => {}, 4);
    expect(results).toMatchObject([
      { kind: 'passed' },
      { kind: 'passed', remark: 'slow' },
      { kind: 'failed', problem: 'no' },
      { kind: 'untried', why: 'not tried: it needs "wrong"' },
    ]);
  });

  it('end when the signal stops them, and what was under way has no result', async () => {
    const stop = new AbortController();
    const before = check('before', async () => '');
    const hangs = check(
      'hangs',
      () => new Promise((_, reject) => stop.signal.addEventListener('abort', reject)),
      [before],
    );
    const stopping = async () => {
      stop.abort();
      return '';
    };
    const stops = check('stops', stopping, [before]);
    const waits = check('waits', async () => '', [hangs]);
    const results = await examine([before, hangs, stops, waits], stop.signal, () => {}, 3);
    expect(results.map((result) => result.check.name)).toEqual(['before']);
  });
});
