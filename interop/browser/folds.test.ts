/** Many scenarios are folded by contract and group, and what must be seen is open. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { multiplied } from '../fixtures/multiplied.ts';
import { describeInBrowser, hashOf } from './describe.ts';
import { caller, recorded, saboteur } from './recorded.ts';

const many = [...multiplied(recorded, { clients: 1, servers: 1, scenarios: 4 })];
const pairing = `${caller}-0/${saboteur}-0`;

/** The heads of the rows in sight. */
function heads(page: Page): Promise<readonly string[]> {
  return page.locator('.scenarios tbody th').evaluateAll((all) => all.map((each) => each.textContent ?? ''));
}

const groupHead = (page: Page, name: string) => page.locator('.fold', { hasText: name });

describeInBrowser('folded scenarios', (desk) => {
  it('show counts and what is worst, and open with what is red', async () => {
    const page = await desk.open(many, { hash: '#view=scenarios&q=!streams', height: 1400 });
    const all = await heads(page);
    expect(all).toContain('pick/* 8');
    expect(all).toContain('pick/stitch-0');
    expect(await groupHead(page, 'pick/*').getAttribute('aria-expanded')).toBe('true');
    const green = await desk.open(many, { hash: `#view=scenarios&q=!server:${saboteur}-0%20!metadata` });
    expect(await heads(green)).toEqual([
      'manage 20',
      'pick/* 8',
      'unknown/* 4',
      'deadline/* 4',
      'gzip/* 4',
      'streams 4',
      'streams/* 4',
    ]);
    const name = await green.locator('.several').nth(9).getAttribute('aria-label');
    expect(name).toMatch(/ client, .* server, pick\/\*: 8 passed$/);
    expect(await green.locator('.several').nth(9).innerText()).toBe('8✓');
    await groupHead(green, 'pick/*').click();
    expect(await heads(green)).toContain('pick/stitch-3');
    await groupHead(green, 'manage').click();
    expect(await heads(green)).toEqual(['manage 20', 'streams 4', 'streams/* 4']);
  });

  it('stay as the reader turned them, in a link too', async () => {
    const page = await desk.open(many, { hash: '#view=scenarios' });
    const before = await hashOf(page);
    await groupHead(page, 'pick/*').click();
    expect(await hashOf(page)).toBe(`${before}&folds=!manage/pick`);
    const other = await desk.open(many, { hash: await hashOf(page) });
    expect(await heads(other)).toEqual(await heads(page));
    expect(await heads(other)).not.toContain('pick/stitch-0');
    await groupHead(page, 'pick/*').click();
    expect(await hashOf(page)).toBe(`${before}&folds=manage/pick`);
  });

  it('are those of a pairing too, what must be seen first', async () => {
    const page = await desk.open(many, { hash: `#at=${pairing}` });
    const groups = page.locator('.groups > li > .fold');
    const opened = await groups.evaluateAll((all) =>
      all.map((each) => `${each.textContent?.trim()} ${each.getAttribute('aria-expanded')}`),
    );
    expect(opened[0]).toMatch(/^✕.* failed true$/);
    expect(opened.at(-1)).toMatch(/^✓.* passed false$/);
    expect(opened.filter((each) => each.startsWith('✕')).every((each) => each.endsWith('true'))).toBe(true);
    expect(opened.filter((each) => each.startsWith('✓')).every((each) => each.endsWith('false'))).toBe(true);
    await groups.last().click();
    expect(await groups.last().getAttribute('aria-expanded')).toBe('true');
  });

  it('are opened without a mouse', async () => {
    const page = await desk.open(many, { hash: `#view=scenarios&q=!server:${saboteur}-0` });
    const place = () => page.evaluate(() => document.activeElement?.getAttribute('data-place'));
    await page.locator('[data-place="0,-1"]').focus();
    await page.keyboard.press('ArrowDown');
    expect(await place()).toBe('1,-1');
    await page.keyboard.press('Enter');
    expect(await heads(page)).toContain('pick/stitch-0');
    await page.keyboard.press('ArrowDown');
    expect(await place()).toBe('2,0');
    await page.keyboard.press('ArrowUp');
    expect(await place()).toBe('1,0');
    await page.keyboard.press('ArrowLeft');
    expect(await place()).toBe('1,-1');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await hashOf(page)).toMatch(/at=[^/]+\/[^/]+&folds=manage\/pick$/);
  });
});
