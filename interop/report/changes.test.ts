import { describe, expect, it } from 'vitest';
import { aCellChange, aComparison } from '../fixtures/comparison.ts';
import { aFailure, aResult } from '../fixtures/values.ts';
import type { Changes } from '../outcome/baseline.ts';
import type { PairingChange } from '../outcome/slower.ts';
import { changesHead, changesLines, changesText } from './changes.ts';
import type { Style } from './style.ts';

const plain: Style = (_, text) => text;
const id = 'a/b/pick/one';

function aPairing(more: Partial<PairingChange> = {}): PairingChange {
  return {
    client: 'a',
    server: 'b',
    change: 'slower',
    before: { ms: 0.7512, lowMs: 0.7223, highMs: 0.7812, calls: 160 },
    now: { ms: 1.2, lowMs: 1.15, highMs: 12.345, calls: 21 },
    ratio: 1.5678,
    ...more,
  };
}

const none = aComparison().counts;

describe('the head', () => {
  const run = 'since 2026-11-20T14:03Z (main.jsonl)';
  it.each<[string, Partial<Changes>]>([
    [`nothing changed ${run}`, {}],
    [
      `changed ${run}: 3 newly failing, 1 newly passing`,
      { counts: { ...none, 'newly-failing': 3, 'newly-passing': 1 } },
    ],
    [
      `changed ${run}: 1 newly missing, 2 otherwise changed, 4 new, 5 gone`,
      { counts: { ...none, 'newly-missing': 1, changed: 2, new: 4, gone: 5 } },
    ],
    [
      `changed ${run}: 1 pairing slower, 2 pairings faster`,
      {
        pace: {
          compared: 9,
          isShifted: false,
          pairings: [aPairing(), aPairing({ change: 'faster' }), aPairing({ change: 'faster' })],
        },
      },
    ],
    [`nothing changed ${run}; 1 cell not compared: one of the runs left cells out`, { notCompared: 1 }],
    [
      'nothing changed since an unknown time (x\\u001b.jsonl); that run did not finish',
      { since: { name: 'x\u001b.jsonl', at: '', complete: false } },
    ],
  ])('%s', (head, changes) => {
    expect(changesHead(aComparison(changes))).toBe(head);
  });
});

describe('a cell', () => {
  const failed = { standing: 'unexpected', result: aResult(id, aFailure()) } as const;
  const brokenBy = (reason: string) =>
    ({
      standing: 'broken',
      result: aResult(id, { kind: 'broken', by: 'server', stage: 'call', reason }),
    }) as const;
  const broken = brokenBy('b server ended\n  stderr: \u001b[31m');

  it.each([
    ['✕ a client → b server   pick/one   passed → failed   regression', aCellChange(id)],
    [
      '~ a client → b server   pick/one   passed → known failure   regression',
      aCellChange(id, { change: 'changed', now: { standing: 'known' } }),
    ],
    [
      '✓ a client → b server   pick/one   failed → passed',
      aCellChange(id, {
        change: 'newly-passing',
        isRegression: false,
        before: failed,
        now: { standing: 'ok' },
      }),
    ],
    [
      '✕ a client → b server   pick/one   failed → failed, for another reason\n  before: blame: undetermined: it is a test',
      aCellChange(id, { change: 'changed', isRegression: false, before: failed, now: failed }),
    ],
    [
      '✕ a client → b server   pick/one   broken → failed\n  before: broken at stage call: b server ended',
      aCellChange(id, { change: 'changed', isRegression: false, before: broken, now: failed }),
    ],
  ])('%s', (line, cell) => {
    expect(changesLines(aComparison({ cells: [cell] }), plain)).toEqual([line]);
  });

  it('that is new or gone was or is nothing', () => {
    const { now, before, ...cell } = aCellChange(id, { isRegression: false });
    const cells = [
      { ...cell, change: 'new', ...(now && { now }) },
      { ...cell, change: 'gone', ...(before && { before }) },
    ] as const;
    expect(changesLines(aComparison({ cells }), plain)).toEqual([
      '✕ a client → b server   pick/one   new → failed',
      '· a client → b server   pick/one   passed → gone',
    ]);
  });

  it('is one of twenty, and its reason is cut', () => {
    const long = brokenBy('x'.repeat(9_000));
    const cells = Array.from({ length: 23 }, () => aCellChange(id, { change: 'changed', before: long }));
    const lines = changesLines(aComparison({ cells }), plain);
    expect(lines).toHaveLength(21);
    expect(lines[0]?.length).toBeLessThan(350);
    expect(lines[20]).toBe('… and 3 more cells: --json has all');
  });
});

describe('a pairing', () => {
  const line =
    'a client → b server   slower: 1.57 times as long; median 0.751 ms (0.722 to 0.781, 160 calls) before, 1.2 ms (1.15 to 12.3, 21 calls) now';
  const told = (pace: Partial<Changes['pace']>) =>
    changesLines(aComparison({ pace: { compared: 9, isShifted: false, pairings: [], ...pace } }), plain);

  it('is told with its medians, how many calls, and the shift that all share', () => {
    expect(told({ sharedShift: 1.02, pairings: [aPairing()] })).toEqual([
      line,
      'all 9 pairings together: 1.02 times as long, as of a whole machine, and taken out',
    ]);
    expect(told({ compared: 3, pairings: [aPairing()] })).toEqual([
      line,
      'only 3 pairings compared: too few to tell a pairing from the machine',
    ]);
  });

  it('is one of ten', () => {
    const lines = told({ sharedShift: 1, pairings: Array.from({ length: 11 }, () => aPairing()) });
    expect(lines.slice(10)).toEqual([
      '… and 1 more pairing: --json has all',
      'all 9 pairings together: 1.00 times as long, as of a whole machine, and taken out',
    ]);
  });

  it('says nothing while none changed, but for the machine', () => {
    expect(told({ sharedShift: 1.02 })).toEqual([]);
    expect(told({ sharedShift: 1.5, isShifted: true })).toEqual([
      'all 9 pairings together: 1.50 times as long, as of a whole machine, and taken out',
    ]);
  });
});

it('the section of a terminal is set off, or one line', () => {
  expect(changesText(aComparison(), plain)).toBe('nothing changed since 2026-11-20T14:03Z (main.jsonl)');
  const counts = { ...none, 'newly-failing': 1 };
  expect(changesText(aComparison({ cells: [aCellChange(id)], counts }), plain)).toBe(
    [
      '',
      'changed since 2026-11-20T14:03Z (main.jsonl): 1 newly failing',
      '  ✕ a client → b server   pick/one   passed → failed   regression',
    ].join('\n'),
  );
});
