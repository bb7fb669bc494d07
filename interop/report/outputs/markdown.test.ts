import { describe, expect, it } from 'vitest';
import { aCell, aFailure, aKnownFailure, aLog, anEnd, aResult, aStart } from '../../fixtures/values.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Outcome } from '../../model/outcome.ts';
import { markdownReporter } from './markdown.ts';

function told(events: readonly RunEvent[]): string {
  let text = '';
  const reporter = markdownReporter((more) => {
    text += more;
  });
  for (const event of events) void reporter.on(event);
  void reporter.end?.();
  return text;
}

function finished(id: string, outcome: Outcome, more = {}): RunEvent {
  return { type: 'cell-finished', result: { ...aResult(id, outcome), ...more } };
}

const broken: Outcome = { kind: 'broken', by: 'server', stage: 'ready', reason: 'b server did not start' };

describe('the Markdown page', () => {
  it('has the verdict, the matrix, who is to blame, and what failed, to unfold', () => {
    const cells = ['a/a/pick/one', 'a/b/pick/one', 'b/a/pick/one', 'b/b/pick/one'].map((id) => aCell(id));
    const failed = aFailure([{ call: 0, witness: 'client', what: 'status', wanted: 'OK', got: 'NOT_FOUND' }]);
    const text = told([
      aStart(cells, { ledger: [] }),
      finished('a/a/pick/one', { kind: 'passed' }),
      finished('a/b/pick/one', broken),
      finished('b/a/pick/one', failed),
      finished('b/b/pick/one', broken),
      anEnd(),
    ]);
    expect(text.split('\n')).toEqual([
      '## ✕ 1 of 4 planned cells passed in 1.2 s; 1 unexpected result; 2 broken',
      '',
      '| client ╲ server | a | b |',
      '| --- | --- | --- |',
      '| a | 1 ✓ | 1 ! |',
      '| b | 1 ✕ | 1 ! |',
      '',
      '✕ failed   ! broken',
      '',
      '- b server fails pick/one with 2 of 2 clients, itself included',
      '',
      '<details><summary>✕ a client → b server   pick/one</summary>',
      '',
      '```text',
      '! a client → b server   pick/one',
      '  pick/one is as it should be.',
      '  broken at stage ready: b server did not start',
      '  … and 1 more cell for the same reason',
      '```',
      '',
      '</details>',
      '',
      '<details><summary>✕ b client → a server   pick/one</summary>',
      '',
      '```text',
      '✕ b client → a server   pick/one',
      '  pick/one is as it should be.',
      '  blame: undetermined: it is a test',
      '  status',
      '    wanted  OK',
      '    client  NOT_FOUND',
      '```',
      '',
      '</details>',
      '',
    ]);
  });

  it('keeps known failures folded, and says that all is well', () => {
    const text = told([
      aStart([aCell('a/b/pick/one', { known: 0 }), aCell('a/b/pick/two')], { ledger: [aKnownFailure()] }),
      finished('a/b/pick/one', aFailure()),
      finished('a/b/pick/two', { kind: 'passed' }),
      anEnd(),
    ]);
    expect(text).toMatch(/^## ✓ 1 of 2 planned cells passed in 1\.2 s; 1 known failure\n/);
    expect(text).toContain(
      '<details><summary>1 known failure</summary>\n\n- \\~ known: server:b (1 cell): it is so',
    );
  });

  it('lets nobody write Markdown or HTML but itself', () => {
    const reason = 'b server said:\n```\n</details><script>alert(1)</script>\n````\n# | `x`';
    const text = told([
      aStart([aCell('a/b/pick/one')], { problems: ['<b>*bold*</b> [link](http://x) | pipe'] }),
      finished('a/b/pick/one', { ...broken, reason }),
      anEnd(),
    ]);
    const [before = '', code = ''] = text.split('`````text\n');
    expect(before).toContain('- \\<b\\>\\*bold\\*\\</b\\> \\[link\\](http://x) \\| pipe');
    expect(code).toContain('</details><script>alert(1)</script>');
    expect(code).toMatch(/\n`````\n\n<\/details>\n$/);
  });

  it('stays below the size that GitHub takes, and says what is left out', () => {
    const cells = Array.from({ length: 400 }, (_, index) => aCell(`a/b/pick/${index}`));
    const logs = { client: aLog(...Array<string>(12).fill('ä'.repeat(2_000))), server: [] };
    const text = told([
      aStart(cells),
      ...cells.map((cell) => finished(`a/b/${cell.scenario}`, aFailure(), { logs })),
      anEnd(),
    ]);
    const shown = text.match(/<details>/g)?.length ?? 0;
    expect(Buffer.byteLength(text)).toBeLessThan(900 * 1024);
    expect(Buffer.byteLength(text)).toBeGreaterThan(800 * 1024);
    expect(text).toContain(`… and ${400 - shown} more cells: there is no more room here, the log has them.`);
  });
});
