/** A run that goes on, in a browser. */
import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { buildPage } from '../cli/page-bundle.ts';
import { allSorts, type Events, inOrder } from '../fixtures/runs.ts';
import type { RunEvent } from '../model/event.ts';
import { livePage } from '../report/outputs/html.ts';
import { openLive } from '../report/outputs/live.ts';
import { logReporter } from '../report/outputs/log.ts';
import { describeInBrowser } from './describe.ts';
import { recorded } from './recorded.ts';

/** The run of a log, told event by event to whoever looks. */
async function aLiveRun(folder: string, events: Events) {
  const file = path.join(folder, `live-${performance.now()}.jsonl`);
  const log = logReporter(file);
  const live = await openLive({ log: file, page: async () => livePage(await buildPage()), port: 0 });
  const left = [...events];
  let finished = 0;
  return {
    /** Results that were told. */
    get finished() {
      return finished;
    },
    url: live.url,
    /** Tells the events up to and with the next one that the condition holds for; without one, all. */
    async until(holds: (event: RunEvent) => boolean = () => false): Promise<void> {
      for (let event = left.shift(); event; event = left.shift()) {
        await log.on(event);
        await live.reporter.on(event);
        if (isFinished(event)) finished += 1;
        if (holds(event)) return;
      }
    },
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await log.end?.();
    },
  };
}

async function boxes(page: Page): Promise<readonly string[]> {
  return page.locator('.place').evaluateAll((all) =>
    all.map((each) => {
      const { x, y, width, height } = each.getBoundingClientRect();
      return `${each.getAttribute('data-pairing')} ${[x, y, width, height].map(Math.round)}`;
    }),
  );
}

const ended = (page: Page) => page.locator('progress').getAttribute('value');
const isFinished = ({ type }: RunEvent) => type === 'cell-finished';

describeInBrowser('a live run', (desk) => {
  it.each([
    ['all sorts', async () => inOrder(await allSorts())],
    ['the recorded one', async () => recorded],
  ])('of %s is planned, played and settled in one place, and ends as its file', async (_, play) => {
    const events = await play();
    const run = await aLiveRun(desk.files.folder, events);
    await run.until(({ type }) => type === 'run-started');
    const page = await desk.open(run.url);
    const start = events.find(({ type }) => type === 'run-started');
    const cells = start?.type === 'run-started' ? start.cells : [];
    expect(await page.locator('h1').innerText()).toBe(
      `… Running: 0 of ${cells.length} planned cells have ended`,
    );
    const pairings = new Set(cells.map(({ client, server }) => `${client}/${server}`));
    expect(await page.locator('.place.missing').count()).toBe(pairings.size);
    const style = await page
      .locator('.place.missing')
      .first()
      .evaluate((each) => getComputedStyle(each).borderStyle);
    expect(style).toBe('dashed');
    const before = await boxes(page);

    await run.until(({ type }) => type === 'cell-started');
    await page.locator('.place.busy').first().waitFor();
    while (run.finished < cells.length) {
      await run.until(isFinished);
      if (run.finished % 7 > 0 && run.finished < cells.length) continue;
      await expect.poll(() => ended(page)).toBe(String(run.finished));
      expect(await boxes(page)).toEqual(before);
    }
    // Every cell is settled, and nothing has moved.
    expect(await page.locator('.busy').count()).toBe(0);

    await run.until();
    await run[Symbol.asyncDispose]();
    await page.locator('progress').waitFor({ state: 'detached' });
    const file = await desk.open(events);
    for (const hash of ['', '#view=scenarios', '#view=latency', '#view=start-up']) {
      const html = [];
      for (const each of [page, file]) {
        await each.evaluate((to) => {
          location.hash = to;
        }, hash);
        html.push(await each.locator('#page').evaluate((root) => root.innerHTML));
      }
      expect(html[0]).toBe(html[1]);
    }
  });

  it('goes on where it was when its connection is lost', async () => {
    const asked: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];
    const note = (told: unknown) => {
      const each = told as (typeof asked)[number];
      if (each.request.url === '/events') asked.push(each);
    };
    diagnostics.subscribe('http.server.request.start', note);
    await using run = await aLiveRun(desk.files.folder, recorded);
    await run.until(isFinished);
    const page = await desk.open(run.url, { expected: /ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION/ });
    await expect.poll(() => ended(page)).toBe('1');
    asked.at(-1)?.response.destroy();
    await page.getByText('The harness does not answer; it is asked again.').waitFor();
    await run.until(isFinished);
    await expect.poll(() => ended(page)).toBe('2');
    await page.getByText('The harness does not answer').waitFor({ state: 'detached' });
    diagnostics.unsubscribe('http.server.request.start', note);
    expect(asked).toHaveLength(2);
    const line = recorded.findIndex(isFinished) + 1;
    expect(asked[1]?.request.headers['last-event-id']).toBe(`1.${line}`);
    await run.until();
    await page.locator('progress').waitFor({ state: 'detached' });
    expect(await page.locator('.problems').count()).toBe(0);
  });
});
