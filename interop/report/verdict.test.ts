import { describe, expect, it } from 'vitest';
import { aComparison } from '../fixtures/comparison.ts';
import { aCell, aFailure, aKnownFailure, anEnd, aResult, aStart } from '../fixtures/values.ts';
import type { RunEvent } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import { startFold } from '../outcome/matrix.ts';
import { verdict } from './verdict.ts';

const failed: Outcome = aFailure();
const cells = ['one', 'two', 'three', 'four'].map((word) => aCell(`a/b/pick/${word}`));

function of(...events: readonly RunEvent[]): string {
  const { matrix, add } = startFold();
  for (const event of events) add(event);
  return verdict(matrix);
}

function finished(word: string, outcome: Outcome = { kind: 'passed' }): RunEvent {
  return { type: 'cell-finished', result: aResult(`a/b/pick/${word}`, outcome) };
}

describe('the verdict', () => {
  it.each<[string, readonly RunEvent[]]>([
    ['0 of 0 planned cells passed; the log ends before the run does', []],
    ['0 of 4 planned cells passed; 4 missing; the log ends before the run does', [aStart(cells)]],
    ['0 of 0 planned cells passed in 1.2 s; nothing passed', [aStart([]), anEnd()]],
    [
      '0 of 1 planned cells passed in 1.2 s; 1 known failure; nothing passed',
      [
        aStart([aCell('a/b/pick/one', { known: 0 })], { ledger: [aKnownFailure()] }),
        finished('one', failed),
        anEnd(),
      ],
    ],
    [
      '1 of 4 planned cells passed in 1.2 s; 3 missing; stopped by SIGINT',
      [aStart(cells), finished('one'), anEnd({ stopped: 'SIGINT' })],
    ],
    [
      '4 of 4 planned cells passed in 1.2 s',
      [aStart(cells), ...['one', 'two', 'three', 'four'].map((word) => finished(word)), anEnd()],
    ],
    [
      '0 of 4 planned cells passed in 1.2 s; 1 unexpected result; 1 broken; 1 known failure; 1 unsupported; 1 problem',
      [
        aStart([...cells.slice(0, 3), aCell('a/b/pick/four', { known: 0 })], {
          ledger: [aKnownFailure()],
          problems: ['ledger entry 0 (server:b) expired on 2026-01-01: mend it or renew it with a reason'],
        }),
        finished('one', failed),
        finished('two', { kind: 'broken', by: 'server', stage: 'call', reason: 'b server ended' }),
        finished('three', { kind: 'unsupported', by: 'client', feature: 'timeout' }),
        finished('four', failed),
        anEnd(),
      ],
    ],
    [
      '0 of 4 planned cells passed in 1.2 s; 4 unexpected results',
      [aStart(cells), ...['one', 'two', 'three', 'four'].map((word) => finished(word, failed)), anEnd()],
    ],
  ])('%s', (sentence, events) => {
    expect(of(...events)).toBe(sentence);
  });

  it.each([
    [0, '1 of 1 planned cells passed in 1.2 s; no regression since 2026-11-20T14:03Z'],
    [1, '1 of 1 planned cells passed in 1.2 s; 1 regression since 2026-11-20T14:03Z'],
    [2, '1 of 1 planned cells passed in 1.2 s; 2 regressions since 2026-11-20T14:03Z'],
  ])('with %s regressions: %s', (regressions, sentence) => {
    const { matrix, add } = startFold();
    for (const event of [aStart(cells.slice(0, 1)), finished('one'), anEnd()]) add(event);
    expect(verdict(matrix, aComparison({ regressions }))).toBe(sentence);
  });
});
