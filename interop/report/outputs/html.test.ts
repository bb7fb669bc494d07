/** What lies in the page; how it looks is tested in a browser. */
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildPage } from '../../cli/page-bundle.ts';
import { aCall, aCell, aFailure, anEnd, anEvidence, aResult, aStart, askFor } from '../../fixtures/values.ts';
import { cellId } from '../../model/cell.ts';
import type { CellResult, RunEvent } from '../../model/event.ts';
import { type DetailLine, join, type PageEvent } from '../page-data.ts';
import { htmlReporter, livePage } from './html.ts';

const shell = { before: '<before>', after: '<after>' };

async function pageOf(events: readonly RunEvent[], baseline?: { name: string; events: readonly RunEvent[] }) {
  const written: string[] = [];
  const reporter = htmlReporter(
    (text) => void written.push(text),
    async () => shell,
    baseline,
  );
  for (const event of events) await reporter.on(event);
  const early = [...written];
  await reporter.end?.();
  return { early, page: written.at(-1) ?? '' };
}

/** The texts of the templates with that attribute. */
function templatesOf(page: string, attribute: string): readonly string[] {
  const found = page.matchAll(new RegExp(`<template ${attribute}[^>]*>([^<]*)</template>`, 'g'));
  return Array.from(found, ([, base64 = '']) => gunzipSync(Buffer.from(base64, 'base64')).toString());
}

function linesOf<T>(text: string | undefined): readonly T[] {
  return (text ?? '').split('\n').map((line) => JSON.parse(line) as T);
}

/** The log that is in the page, put together again. */
function logOf(page: string): readonly RunEvent[] {
  const chunks = templatesOf(page, 'class="detail"').map((text) => linesOf<DetailLine>(text));
  return linesOf<PageEvent>(templatesOf(page, 'id="log"')[0]).map((event) => {
    if (event.type !== 'cell-finished') return event;
    const { result, chunk, type } = event;
    const line = chunks[chunk ?? -1]?.find(([id, round]) => id === cellId(result) && round === result.round);
    if (!line) throw new Error(`${cellId(result)} has no detail`);
    return { type, result: join(result, line[2]) };
  });
}

const text = '</template></script><!-- \u202e \u0000 史迪奇';

function finished(id: string, more: Partial<CellResult> = {}): RunEvent {
  const evidence = { calls: [anEvidence()], omitted: 0 };
  return { type: 'cell-finished', result: { ...aResult(id), evidence, ...more } };
}

const ids = ['a/b/pick/two', 'a/b/pick/one', 'b/b/pick/two', 'b/b/pick/one'];
const events: readonly RunEvent[] = [
  aStart(
    ids.map((id) => aCell(id)),
    { rounds: 2 },
  ),
  ...ids.flatMap((id) => [
    { type: 'cell-started', ...aCell(id), round: 1 } as const,
    finished(id),
    finished(id, {
      round: 2,
      outcome: aFailure([{ call: 0, witness: 'client', what: 'reply', wanted: '7', got: text }]),
      logs: { client: [{ atMs: 1.5, text }], server: [] },
    }),
  ]),
  anEnd(),
];

describe('the page', () => {
  it('has the whole log but what only tells of progress', async () => {
    const { page } = await pageOf(events);
    expect(logOf(page)).toEqual(events.filter((event) => event.type !== 'cell-started'));
    expect(page.startsWith('<before>\n<template')).toBe(true);
    expect(page.endsWith('</template>\n<after>')).toBe(true);
    expect(page).not.toContain('</script>');
  });

  it('says that it is none yet, from the first event on', async () => {
    const { early } = await pageOf(events);
    expect(early).toHaveLength(1);
    expect(early[0]).toContain('The run is going on, or it was killed');
  });

  it('leaves details of cells that passed out once there are too many, and no others', async () => {
    const many = Array.from({ length: 160 }, (_, index) => `a/b/pick/${index}`);
    const large = {
      calls: [anEvidence({ call: aCall({ steps: [askFor('x'.repeat(50_000))] }) })],
      omitted: 0,
    };
    const { page } = await pageOf([
      aStart(many.map((id) => aCell(id))),
      ...many.map((id, index) =>
        finished(id, { evidence: large, outcome: index % 2 === 0 ? { kind: 'passed' } : aFailure() }),
      ),
    ]);
    const chunks = templatesOf(page, 'class="detail"').map((text) => linesOf<DetailLine>(text));
    const kept = linesOf<PageEvent>(templatesOf(page, 'id="log"')[0]).flatMap((event) => {
      if (event.type !== 'cell-finished' || event.chunk === undefined) return [];
      expect(chunks[event.chunk]?.map(([id]) => id)).toContain(cellId(event.result));
      return [event.result.outcome.kind];
    });
    expect(kept.filter((kind) => kind === 'failed')).toHaveLength(80);
    const passed = kept.filter((kind) => kind === 'passed').length;
    expect(passed).toBeGreaterThan(20);
    expect(passed).toBeLessThan(80);
    expect(chunks.length).toBeGreaterThan(5);
  });

  it('has the run that it is compared with, without details, and its name stays a name', async () => {
    const name = '"><script>alert(1)</script>.jsonl';
    const { page } = await pageOf(events, { name, events });
    const baseline = linesOf<PageEvent>(templatesOf(page, 'id="baseline"')[0]);
    expect(baseline).toHaveLength(events.length - ids.length);
    expect(JSON.stringify(baseline)).not.toContain('evidence');
    expect(page).not.toContain('<script>');
    expect(await livePage(shell, { name, events })).toContain('<template id="live"></template>');
  });

  it('lets in its own script and its own style, and nothing else', async () => {
    const { before, after } = await buildPage();
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(before)?.[1] ?? '';
    const sha = (content: string | undefined) =>
      `'sha256-${createHash('sha256')
        .update(content ?? '')
        .digest('base64')}'`;
    const script = sha(/<script>([\s\S]*)<\/script>/.exec(after)?.[1]);
    const style = sha(/<style>([\s\S]*)<\/style>/.exec(before)?.[1]);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${script}`,
      `style-src ${style}`,
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(`${before}${after}`.match(/<script/gi)).toHaveLength(1);
    expect(`${before}${after}`).not.toMatch(/\b(?:src|href)="(?!data:)/);
  });
});
