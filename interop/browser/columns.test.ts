/** Releases of one library stand beside each other, and behind one head where there are many. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { aCell, aFailure, anEnd, aResult, aStart } from '../fixtures/values.ts';
import type { RunEvent } from '../model/event.ts';
import { describeInBrowser, hashOf } from './describe.ts';

const red = 'a/alpha@1/pick/one';

/** Two clients with these servers; one release fails one cell. */
function runOf(servers: readonly string[]): readonly RunEvent[] {
  const ids = ['a', 'b'].flatMap((client) =>
    servers.flatMap((server) => ['one', 'two'].map((word) => `${client}/${server}/pick/${word}`)),
  );
  return [
    aStart(ids.map((id) => aCell(id))),
    ...ids.map(
      (id) => ({ type: 'cell-finished', result: aResult(id, id === red ? aFailure() : undefined) }) as const,
    ),
    anEnd(),
  ];
}

const few = runOf(['alpha', 'beta', 'alpha@1', 'alpha@2']);
const many = runOf(['alpha', 'alpha@1', 'alpha@2', ...Array.from({ length: 13 }, (_, index) => `s${index}`)]);

async function heads(page: Page): Promise<readonly string[]> {
  const all = await page.locator('.matrix thead th').allInnerTexts();
  return all.slice(1).map((text) => text.replaceAll(/[^a-z0-9@ ]/g, '').trim());
}

describeInBrowser('columns', (desk) => {
  it('of one library fold and open, in a link too, and a folded one shows the worst', async () => {
    const page = await desk.open(few);
    expect(await heads(page)).toEqual(['alpha', 'alpha@1', 'alpha@2', 'beta']);
    await page.getByRole('button', { name: 'alpha', exact: true }).click();
    expect(await heads(page)).toEqual(['alpha 3', 'beta']);
    expect(await hashOf(page)).toBe('#folds=!server:alpha');
    const first = page.locator('.place').first();
    expect(await first.getAttribute('aria-label')).toMatch(/^a client, alpha 3 servers: 5\/6 failed: /);
    const other = await desk.open(few, { hash: await hashOf(page) });
    expect(await heads(other)).toEqual(['alpha 3', 'beta']);
    await first.click();
    expect(await heads(page)).toEqual(['alpha', 'alpha@1', 'alpha@2', 'beta']);
    expect(await hashOf(page)).toBe('#folds=server:alpha');
  });

  it('are folded at first where there are many, and arrow keys pass over what is folded', async () => {
    const page = await desk.open(many);
    expect((await heads(page)).slice(0, 2)).toEqual(['alpha 3', 's0']);
    await page.locator('.place').first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('.place:focus').getAttribute('data-pairing')).toBe('a/s0');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    expect((await heads(page)).slice(0, 4)).toEqual(['alpha', 'alpha@1', 'alpha@2', 's0']);
  });

  it('of a cell that a link opens are pointed out, folded or not', async () => {
    const page = await desk.open(many, { hash: `#at=${red}` });
    expect(await page.locator('section.detail h2').innerText()).toBe('pick/one');
    expect(await page.locator('.place.open').getAttribute('aria-label')).toContain('alpha 3 servers');
  });
});
