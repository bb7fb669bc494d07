/** What is wrong is told once, by cause, and what proves it is one click away. */
import { expect, it } from 'vitest';
import { asBaseline, before, changed, everyStanding, inOrder, timeless } from '../fixtures/runs.ts';
import { describeInBrowser } from './describe.ts';

const every = inOrder(timeless(await everyStanding()));
const later = inOrder(timeless(await changed()));
const baseline = asBaseline(inOrder(timeless(await before())));

describeInBrowser('the list of what is wrong', (desk) => {
  it('says nothing twice, and leads to a cell that proves it', async () => {
    const page = await desk.open(every);
    const causes = page.locator('.failures > li');
    expect(await causes.count()).toBeGreaterThan(3);
    const said = await page
      .locator('.failures .said, .failures > li > .place-name:first-child, .known-failures .place-name')
      .allInnerTexts();
    expect(new Set(said).size).toBe(said.length);
    const first = causes.first();
    expect(await first.innerText()).toContain('gamma server fails unknown/empty with 3 of 3 clients');
    await first.locator('.place-name').last().click();
    expect(await page.locator('section.detail h2').innerText()).toBe('unknown/empty');
    await page.goBack();
    await first.locator('.place-name').first().click();
    expect(await page.locator('#query').inputValue()).toBe('server:gamma scenario:unknown/empty');
  });

  it('says since when, with a baseline', async () => {
    const page = await desk.open(later, { baseline, hash: '#view=matrix' });
    const since = await page.locator('.failures .since').allInnerTexts();
    expect(since.length).toBe(await page.locator('.failures > li').count());
    expect(since.join('\n')).toMatch(/^since main\.jsonl, where (?:it|\d of \d cells) passed$/m);
    expect(since).toContain('not planned in main.jsonl');
    await page.locator('.switch input').check();
    expect(await page.locator('.failures').count()).toBe(0);
    expect(await page.locator('.changes > li').count()).toBeGreaterThan(0);
  });
});
