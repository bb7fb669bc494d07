/** From a narrow phone to a wide screen, and on paper. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { everyStanding, inOrder, matrixOf, timeless } from '../fixtures/runs.ts';
import { aCell, aFailure, anEnd, aResult, aStart } from '../fixtures/values.ts';
import { cellId } from '../model/cell.ts';
import { failureGroups } from '../report/failure.ts';
import { describeInBrowser } from './describe.ts';
import { caller, recorded, saboteur } from './recorded.ts';

const hashes = [
  '',
  `#at=${caller}/${saboteur}`,
  `#at=${caller}/${saboteur}/pick/stitch`,
  '#view=scenarios',
  '#view=latency',
  '#view=start-up',
];

/** What reaches over the edge of the page, and buttons that lie on each other. */
function faults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const name = (each: Element) => `${each.tagName} ${each.className} ${each.textContent?.slice(0, 40)}`;
    const all = [...document.querySelectorAll('#page *')].filter(
      (each) => !each.closest('.scroller') && each.checkVisibility(),
    );
    const over = all
      .filter((each) => each.getBoundingClientRect().right > width + 1)
      .map((each) => `over the edge: ${name(each)}`);
    const buttons = all.filter((each) => each.matches('button, input:not(.unseen), h1, h2, .open'));
    const boxes = buttons.map((each) => each.getBoundingClientRect());
    const on = boxes.flatMap((a, index) =>
      boxes.flatMap((b, other) =>
        other > index &&
        a.left < b.right - 1 &&
        b.left < a.right - 1 &&
        a.top < b.bottom - 1 &&
        b.top < a.bottom - 1
          ? [`on each other: ${name(buttons[index] as Element)}, ${name(buttons[other] as Element)}`]
          : [],
      ),
    );
    const { scrollWidth } = document.documentElement;
    const cut = [...document.querySelectorAll('.place, .one, .counts button')]
      .filter((each) => each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
      .map((each) => `cut off: ${name(each)}`);
    return [...(scrollWidth > width ? [`the page is ${scrollWidth} wide`] : []), ...over, ...on, ...cut];
  });
}

/** How many pages a PDF has. */
function pagesOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

const manyCells = Array.from({ length: 30 * 32 }, (_, index) =>
  aCell(`client-${Math.floor(index / 32)}/server-${index % 32}/pick/one`),
);
/** Thirty clients and two servers more. */
const many = [
  aStart(manyCells),
  ...manyCells.map((cell) => ({ type: 'cell-finished', result: aResult(cellId(cell)) }) as const),
  anEnd(),
];

describeInBrowser('widths', (desk) => {
  it.each([320, 700, 1100, 2560])(
    '%s px: nothing scrolls sideways, lies on something or is cut off',
    async (width) => {
      const page = await desk.open(recorded, { width });
      for (const hash of hashes) {
        await page.evaluate((to) => {
          location.hash = to;
        }, hash);
        await page.getByText('Reading …').waitFor({ state: 'detached' });
        expect([hash, ...(await faults(page))]).toEqual([hash]);
      }
    },
  );

  it('on 320 px, with every standing and a long ledger', async () => {
    const page = await desk.open(inOrder(timeless(await everyStanding())), { width: 320 });
    expect(await faults(page)).toEqual([]);
  });

  it.each([320, 1280])('%s px: 30 × 32 scroll in their own frame, and both heads stay', async (width) => {
    const page = await desk.open(many, { width });
    const seen = await page.locator('.view .scroller').evaluate((box) => {
      box.scrollIntoView();
      box.scrollTo(500, 300);
      const { left, top } = box.getBoundingClientRect();
      const at = (x: number, y: number) =>
        document.elementFromPoint(left + x, top + y)?.closest('th')?.className ?? 'none';
      const heads = [...box.querySelectorAll('thead th')].map((head) => head.getBoundingClientRect().top);
      const names = [...box.querySelectorAll('tbody th')].map((head) => head.getBoundingClientRect().left);
      return {
        corner: at(4, 4),
        tops: [...new Set(heads.map((each) => Math.round(each - top)))],
        lefts: [...new Set(names.map((each) => Math.round(each - left)))],
        isScrolled: box.scrollTop > 0 && box.scrollLeft > 0,
        page: document.documentElement.scrollWidth,
      };
    });
    expect(seen).toEqual({ corner: 'corner', tops: [0], lefts: [0], isScrolled: true, page: width });
  });

  it('on paper there are all failures, and nothing to press', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `alpha/beta/pick/${index}`);
    const events = [
      aStart(ids.map((id) => aCell(id))),
      ...ids.map((id) => ({ type: 'cell-finished', result: aResult(id, aFailure()) }) as const),
      anEnd(),
    ];
    const page = await desk.open(events);
    expect(await page.locator('.failures > li').count()).toBe(50);
    await page.emulateMedia({ media: 'print' });
    expect(failureGroups(matrixOf(events))).toHaveLength(120);
    await expect.poll(() => page.locator('.failures > li').count()).toBe(120);
    for (const hidden of ['.tools', 'footer button', '.open', 'section.detail > button'])
      expect([hidden, await page.locator(hidden).filter({ visible: true }).count()]).toEqual([hidden, 0]);
    for (const shown of ['h1', '.counts', '.matrix', '.failures > li:last-child'])
      expect([shown, await page.locator(shown).isVisible()]).toEqual([shown, true]);
  });

  it('on paper there are all rows and columns of the scenarios, and none over the edge', async () => {
    const page = await desk.open(many, { width: 700, height: 500, hash: '#view=scenarios' });
    const drawn = () => page.locator('.scenarios tbody .one').count();
    expect(await drawn()).toBeLessThan(200);
    await page.emulateMedia({ media: 'print' });
    await expect.poll(drawn).toBe(30 * 32);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(700);
    await page.emulateMedia({ media: 'screen' });
    await expect.poll(drawn).toBeLessThan(200);
  });

  it('what is printed is laid out when all of it has been drawn', async () => {
    const page = await desk.open(many, { hash: '#view=scenarios' });
    // Three tables, and no two of them fit on one page.
    expect(pagesOf(await page.pdf())).toBeGreaterThanOrEqual(3);
    expect(await page.locator('.scenarios').count()).toBe(1);
  });

  it('on paper there is what is folded on the screen', async () => {
    const page = await desk.open(inOrder(timeless(await everyStanding())));
    const entries = page.locator('.known-failures > li');
    expect(await entries.first().isVisible()).toBe(true);
    await page.locator('.known > summary').click();
    expect(await entries.first().isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await entries.first().isVisible()).toBe(true);
  });
});
