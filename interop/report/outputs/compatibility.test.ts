import { expect, it } from 'vitest';
import { aCell, aFailure, aKnownFailure, aResult, aStart } from '../../fixtures/values.ts';
import type { RunEvent } from '../../model/event.ts';
import { compatibilityReporter } from './compatibility.ts';

const failed = aFailure([{ call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'UNKNOWN' }]);

function started(peer: string, libraryVersion: string): RunEvent {
  const implementation = { language: 'A', languageVersion: '1', library: 'lib', libraryVersion };
  return { type: 'peer-started', peer, role: 'client', implementation, startupMs: 1 };
}

it('has a table for each library, and what differs from today in words', async () => {
  const told: [string, boolean][] = [];
  const { on, end } = compatibilityReporter((...what) => told.push(what));
  const peers = ['a', 'a@1', 'a@2', 'b'].map((name) => ({ name, title: `Title of ${name}` }));
  const cells = [
    aCell('a/b/pick/one'),
    aCell('a/b/pick/listed', { known: 0 }),
    aCell('a@2/b/pick/one'),
    aCell('a@2/b/pick/listed'),
    aCell('a@1/b/pick/one'),
  ];
  const problem = 'a@1 server: at stage build: no such\n  release';
  const events: readonly RunEvent[] = [
    aStart(cells, { peers, ledger: [aKnownFailure()], launcher: { kind: 'process', why: 'a test' } }),
    { type: 'peer-built', peer: 'a@1', buildMs: 1, cached: false, problem },
    started('a', '3.0'),
    started('b', '7'),
    { type: 'cell-finished', result: aResult('a/b/pick/one') },
    { type: 'cell-finished', result: aResult('a/b/pick/listed', failed) },
    { type: 'cell-finished', result: aResult('a@2/b/pick/one', failed) },
    { type: 'cell-finished', result: aResult('a@2/b/pick/listed') },
  ];
  for (const event of events) await on(event);
  await end?.();
  const [[text, isWhole] = ['', true]] = told;
  expect(isWhole).toBe(false);
  expect(text).toContain('on 2026-01-01, as process: ');
  expect(text.slice(text.indexOf('## '))).toBe(`## Title of a

|  | b 7 |
| --- | --- |
| 3.0, today | ~ 1 |
| 1 | not built |
| 2 | ✕ 1 + 1 |

- 1 was not built: a@1 server: at stage build: no such
- 2 as client: \`pick/one\` with b: blame: undetermined: it is a test
- 2 as client: \`pick/listed\` with b passes, where today's fails

Played: \`pick/one\`, \`pick/listed\`.
`);
});
