/** A run that goes on, in a browser. */
import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { allSorts, inOrder } from '../fixtures/runs.ts';
import { describeInBrowser } from './describe.ts';
import { aLiveRun, isFinished } from './live-run.ts';
import { recorded } from './recorded.ts';

async function boxes(page: Page): Promise<readonly string[]> {
  return page.locator('.place').evaluateAll((all) =>
    all.map((each) => {
      const { x, y, width, height } = each.getBoundingClientRect();
      return `${each.getAttribute('data-pairing')} ${[x, y, width, height].map(Math.round)}`;
    }),
  );
}

const ended = (page: Page) => page.locator('progress').getAttribute('value');

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
