/** A link to a cell shows that cell to who gets it. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { multiplied } from '../fixtures/multiplied.ts';
import { inOrder, twentyRounds } from '../fixtures/runs.ts';
import { cellId } from '../model/cell.ts';
import { describeInBrowser, hashOf } from './describe.ts';
import { aLiveRun } from './live-run.ts';
import { caller, recorded, saboteur } from './recorded.ts';

const cell = `${caller}/${saboteur}/pick/stitch`;
const title = 'section.detail h2';

/** The heading of what is opened is in the upper half of what the reader sees. */
async function expectInSight(page: Page): Promise<void> {
  const { y } = (await page.locator(title).boundingBox()) ?? { y: Number.NaN };
  const height = page.viewportSize()?.height ?? 0;
  expect(y).toBeGreaterThanOrEqual(0);
  expect(y).toBeLessThan(height / 2);
}

describeInBrowser('the address', (desk) => {
  it.each([320, 700, 1280])('of a cell shows it, on %i px', async (width) => {
    const page = await desk.open(recorded, { width, hash: `#at=${cell}` });
    expect(await page.locator(title).innerText()).toBe('pick/stitch');
    await expectInSight(page);
  });

  it('shows it below a matrix of many servers, too', async () => {
    const many = [...multiplied(recorded, { clients: 3, servers: 3, scenarios: 1 })];
    const hash = `#at=${caller}-1/${saboteur}-2/pick/stitch-0`;
    const page = await desk.open(many, { hash });
    expect(await page.locator('main.wide').count()).toBe(1);
    expect(await page.locator(title).innerText()).toBe('pick/stitch-0');
    await expectInSight(page);
  });

  it('has the round and the filter, and can be copied', async () => {
    const events = inOrder(await twentyRounds());
    const hash = '#q=client:alpha&at=alpha/beta/pick/stitch&round=7';
    const page = await desk.open(events, { hash });
    expect(await page.locator('.rounds [aria-pressed=true]').innerText()).toBe('7 ✕');
    expect(await page.locator('#query').inputValue()).toBe('client:alpha');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('copied').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(page.url());
    expect(copied).toMatch(new RegExp(`\\.html${hash}$`));
    const other = await desk.open(copied);
    expect(await other.locator('section.detail').innerText()).toBe(
      (await page.locator('section.detail').innerText()).replace('copied\n', ''),
    );
  });

  it('shows the cell while the run goes on, and once it is over', async () => {
    await using run = await aLiveRun(desk.files.folder, recorded);
    await run.until(({ type }) => type === 'run-started');
    const page = await desk.open(`${run.url}#at=${cell}`);
    expect(await page.locator(title).innerText()).toBe('pick/stitch');
    expect(await page.locator('section.detail').innerText()).toContain('It has not been played yet.');
    await run.until((event) => event.type === 'cell-finished' && cellId(event.result) === cell);
    await page.locator('.blame-box').waitFor();
    await run.until();
    await page.locator('progress').waitFor({ state: 'detached' });
    expect(await page.locator(title).innerText()).toBe('pick/stitch');
  });

  it('is gone back and forth in', async () => {
    const page = await desk.open(recorded);
    await page.locator(`[data-pairing="${caller}/${saboteur}"]`).click();
    await page.locator('.scenario-list button', { hasText: 'pick/stitch' }).click();
    await page.goBack();
    expect(await hashOf(page)).toBe(`#at=${caller}/${saboteur}`);
    expect(await page.locator(title).innerText()).toBe(`${caller} client → ${saboteur} server`);
    await page.goForward();
    expect(await hashOf(page)).toBe(`#at=${cell}`);
    expect(await page.locator(title).innerText()).toBe('pick/stitch');
  });
});
