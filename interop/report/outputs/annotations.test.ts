import { describe, expect, it } from 'vitest';
import { aCell, aFailure, anEnd, aResult, aStart } from '../../fixtures/values.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import { annotationsReporter } from './annotations.ts';

function told(events: readonly RunEvent[]): readonly string[] {
  let text = '';
  const reporter = annotationsReporter((more) => {
    text += more;
  });
  for (const event of events) void reporter.on(event);
  void reporter.end?.();
  return text.split('\n').slice(0, -1);
}

function finished(id: string, outcome: Outcome, more = {}): RunEvent {
  return { type: 'cell-finished', result: { ...aResult(id, outcome), ...more } };
}

describe('annotations', () => {
  it('are none when all is well', () => {
    const cell = aCell('a/b/pick/one');
    expect(told([aStart([cell]), finished('a/b/pick/one', { kind: 'passed' }), anEnd()])).toEqual([]);
  });

  it('are the verdict and the failures, in which nobody else can write commands', () => {
    const cells = ['a/b/pick/one', 'a/b/pick/two', 'a/b/pick/three', 'a/b/pick/four'];
    const reason = 'b server ended: 100 %\r\n::error::hacked\n\u001b[31m';
    const broken = { kind: 'broken', by: 'server', stage: 'ready', reason } as const;
    const [, , , last = ''] = cells;
    expect(
      told([
        aStart([...cells.slice(0, 3).map((id) => aCell(id)), aCell(last, { known: 0 })]),
        finished('a/b/pick/one', aFailure(), { reproduce: 'npm run interop -- a,b' }),
        finished('a/b/pick/two', broken),
        finished('a/b/pick/three', broken),
        finished(last, { kind: 'passed' }),
        anEnd(),
      ]),
    ).toEqual([
      '::error title=interop::0 of 4 planned cells passed in 1.2 s; 2 unexpected results; 2 broken',
      '::error title=a client → b server   pick/one::blame: undetermined: it is a test%0Aagain: npm run interop -- a,b',
      '::error title=a client → b server   pick/two::broken at stage ready: b server ended: 100 %25%0A::error::hacked%0A\\u001b[31m%0A… and 1 more for the same reason',
      '::error title=a client → b server   pick/four::it passed, but the ledger lists it as a known failure: delete the entry',
    ]);
  });

  it('are ten at the most', () => {
    const cells = Array.from({ length: 30 }, (_, index) => aCell(`a/b/pick/${index}`));
    const events = cells.map(({ scenario }) => finished(`a/b/${scenario}`, aFailure()));
    expect(told([aStart(cells), ...events, anEnd()])).toHaveLength(10);
  });
});
