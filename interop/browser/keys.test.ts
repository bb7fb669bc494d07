/** All of the page without a mouse. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { describeInBrowser, hashOf } from './describe.ts';
import { caller, recorded, saboteur } from './recorded.ts';

/** What has the focus, as a reader would name it. */
function focus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: at } = document;
    return at?.getAttribute('data-pairing') || at?.id || at?.textContent || '';
  });
}

async function tabTo(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    if (await isThere()) return;
  }
  throw new Error(`40 times Tab, and the focus is on ${await focus(page)}`);
}

/** What is opened. */
const at = async (page: Page) => new URLSearchParams((await hashOf(page)).slice(1)).get('at') ?? '';

async function matrixOfPage(page: Page): Promise<readonly (readonly string[])[]> {
  return page
    .locator('.matrix tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('[data-pairing]')].map((each) => each.getAttribute('data-pairing') ?? ''),
      ),
    );
}

describeInBrowser('keys', (desk) => {
  it('lead from the matrix to a cell and back', async () => {
    const page = await desk.open(recorded);
    const grid = await matrixOfPage(page);
    const column = grid[0]?.findIndex((pairing) => pairing.endsWith(`/${saboteur}`)) ?? -1;
    await tabTo(page, async () => (await focus(page)) === grid[0]?.[0]);
    for (let step = 0; step < column; step++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await focus(page)).toBe(grid[1]?.[column]);
    // At the edge it stays where it is.
    for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await page.keyboard.press('ArrowUp');
    const pairing = `${caller}/${saboteur}`;
    expect(await focus(page)).toBe(pairing);

    await page.keyboard.press('Enter');
    expect(await at(page)).toBe(pairing);
    expect(await focus(page)).toBe(`${caller} client → ${saboteur} server`);
    await tabTo(page, async () => (await focus(page)).includes('pick/stitch'));
    await page.keyboard.press('Enter');
    expect(await at(page)).toBe(`${pairing}/pick/stitch`);
    expect(await focus(page)).toBe('pick/stitch');

    await page.keyboard.press('Escape');
    expect(await at(page)).toBe(pairing);
    await page.keyboard.press('Escape');
    expect(await at(page)).toBe('');
    expect(await focus(page)).toBe(pairing);
    // The one tab stop of the table went along.
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    expect(await focus(page)).toBe(pairing);

    for (const wanted of [pairing, `${pairing}/pick/stitch`, pairing, '']) {
      await page.goBack();
      expect(await at(page)).toBe(wanted);
    }
    expect(await page.locator('h2').first().innerText()).toBe('What is wrong');
  });

  it('ask: /, words, Escape, f, and back', async () => {
    const page = await desk.open(recorded);
    await page.keyboard.press('/');
    expect(await focus(page)).toBe('query');
    await page.keyboard.type(`server:${saboteur} f`);
    expect(await page.locator('#query').inputValue()).toBe(`server:${saboteur} f`);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    expect(await page.locator('.place').count()).toBe(3);
    await page.keyboard.press('Escape');
    expect(await focus(page)).not.toBe('query');
    await page.keyboard.press('f');
    expect(await page.locator('#query').inputValue()).toBe(`server:${saboteur} is:failed,broken,flaky`);
    expect(await page.locator('.place').allInnerTexts()).toEqual(
      Array(3).fill(expect.stringMatching(/^0\/6/)),
    );
    await page.keyboard.press('f');
    expect(await page.locator('#query').inputValue()).toBe(`server:${saboteur}`);
    await page.goBack();
    expect(await page.locator('#query').inputValue()).toBe(`server:${saboteur} is:failed,broken,flaky`);
  });

  it('go from failure to failure: n, p, round at both ends', async () => {
    const page = await desk.open(recorded);
    const seen: string[] = [];
    for (let count = 0; count < 22; count++) {
      await page.keyboard.press('n');
      seen.push(await at(page));
    }
    expect(new Set(seen).size).toBe(21);
    expect(seen[21]).toBe(seen[0]);
    await page.keyboard.press('p');
    expect(await at(page)).toBe(seen[20]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('p');
    expect(await at(page)).toBe(seen[20]);
  });

  it('are told: ?', async () => {
    const page = await desk.open(recorded);
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    expect(await dialog.isVisible()).toBe(true);
    await page.keyboard.press('n');
    expect(await at(page)).toBe('');
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(false);
    await page.keyboard.press('?');
    await page.keyboard.press('Enter');
    expect(await dialog.isVisible()).toBe(false);
  });

  it('move in every table of buttons', async () => {
    const page = await desk.open(recorded, { hash: '#view=scenarios' });
    const place = () => page.evaluate(() => document.activeElement?.getAttribute('data-place'));
    await tabTo(page, async () => (await place()) === '0,0');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await place()).toBe('1,1');
    await page.keyboard.press('Enter');
    expect((await at(page)).split('/')).toHaveLength(4);
    for (const view of ['Latency', 'Start-up', 'Matrix']) {
      await tabTo(page, async () => (await focus(page)) === view);
      await page.keyboard.press('Enter');
      expect(await page.locator('nav [aria-current]').innerText()).toBe(view);
    }
  });
});
