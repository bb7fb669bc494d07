/** Axe finds nothing, on no view, in no scheme, on no width. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { asBaseline, before, changed, everyStanding, inOrder, timeless } from '../fixtures/runs.ts';
import { describeInBrowser } from './describe.ts';
import { caller, recorded, saboteur } from './recorded.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Its findings as sentences. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run({
      resultTypes: ['violations'],
    }),
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
  );
}

const cell = `${caller}/${saboteur}/pick/stitch`;
const every = inOrder(timeless(await everyStanding()));
const later = inOrder(timeless(await changed()));
const baseline = asBaseline(inOrder(timeless(await before())));

const readers = {
  light: { width: 1280 },
  dark: { width: 1280, scheme: 'dark' },
  '320 px': { width: 320 },
} as const;

describeInBrowser('access', (desk) => {
  it.each(Object.entries(readers))('in %s', async (_, reader) => {
    const page = await desk.open(recorded, reader);
    const found: string[] = [];
    const look = async (view: string) =>
      void found.push(...(await findings(page)).map((each) => `${view}: ${each}`));
    await look('overview');
    for (const hash of [
      `#at=${caller}/${saboteur}`,
      `#at=${cell}`,
      '#view=scenarios',
      '#view=latency',
      '#view=start-up',
    ]) {
      await page.evaluate((to) => {
        location.hash = to;
      }, hash);
      await page.getByText('Reading …').waitFor({ state: 'detached' });
      await look(hash);
    }
    await page.locator('.legend summary').click();
    await look('legend');
    await page.keyboard.press('?');
    await look('keys');
    expect(found).toEqual([]);
  });

  it.each(Object.entries(readers))('in %s, every standing and what has changed', async (_, reader) => {
    for (const page of [await desk.open(every, reader), await desk.open(later, { ...reader, baseline })]) {
      expect(await findings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Scenarios × pairings' }).click();
      await page.locator('.counts button.broken').click();
      expect(await findings(page)).toEqual([]);
    }
  });
});
