/** Pictures of the page, as they were when somebody looked at them. */
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  asBaseline,
  before,
  changed,
  everyStanding,
  green,
  inOrder,
  timeless,
  unfinished,
} from '../fixtures/runs.ts';
import { rootFolder } from '../folders.ts';
import { describeInBrowser } from './describe.ts';
import { checkPicture, differenceOf, goldenFolder } from './pictures.ts';
import { caller, recorded, saboteur } from './recorded.ts';

const [greenRun, everyRun, cutRun, laterRun, earlierRun] = await Promise.all(
  [green, everyStanding, unfinished, changed, before].map(async (play) => inOrder(timeless(await play()))),
);
const baseline = earlierRun && asBaseline(earlierRun);

const pictures = {
  green: { events: greenRun },
  'every-standing': { events: everyRun },
  unfinished: { events: cutRun },
  changed: { events: laterRun, baseline },
  overview: { events: recorded },
  cell: { events: recorded, hash: `#at=${caller}/${saboteur}/pick/stitch`, part: 'section.detail' },
  scenarios: { events: recorded, hash: '#view=scenarios' },
  latency: { events: recorded, hash: '#view=latency' },
} as const;

/** The README shows these. */
const imagesFolder = path.join(rootFolder, 'docs', 'images');

/** `vitest -u` */
function isUpdate(): boolean {
  const { snapshotState } = expect.getState() as unknown as {
    readonly snapshotState: { readonly _updateSnapshot?: string };
  };
  return snapshotState._updateSnapshot === 'all';
}

async function pictureOf(page: Page, part?: string): Promise<Buffer> {
  await page.evaluate(() => document.fonts.ready);
  const looks = { animations: 'disabled', caret: 'hide' } as const;
  return part ? page.locator(part).screenshot(looks) : page.screenshot(looks);
}

/** What must not pass for the same picture. */
const changes: Readonly<Record<string, (place: HTMLElement | SVGElement) => void>> = {
  'of a failure': (place) => void place.classList.replace('ok', 'unexpected'),
  'of a known failure': (place) => void place.classList.replace('ok', 'known'),
  '4 px to the right': (place) => {
    place.style.transform = 'translateX(4px)';
  },
  '4 px further down': (place) => {
    place.style.transform = 'translateY(4px)';
  },
  missing: (place) => place.remove(),
  'without its bar': (place) => place.querySelector('.bar')?.remove(),
};

describeInBrowser('the picture', (desk) => {
  it.each(
    Object.entries(pictures).flatMap(([name, what]) =>
      (['light', 'dark'] as const).map((scheme) => [name, scheme, what] as const),
    ),
  )('of %s in %s is as it was', async (name, scheme, what) => {
    const page = await desk.open(what.events ?? [], {
      scheme,
      height: 640,
      ...('hash' in what && { hash: what.hash }),
      ...('baseline' in what && what.baseline && { baseline: what.baseline }),
    });
    const folder = name === 'overview' ? imagesFolder : goldenFolder;
    const part = 'part' in what ? what.part : undefined;
    checkPicture(path.join(folder, `${name}.${scheme}.png`), await pictureOf(page, part), isUpdate());
  });

  it.each(['light', 'dark'] as const)(
    'in %s is another one when a place of the matrix is',
    async (scheme) => {
      const page = await desk.open(recorded, { scheme });
      const wanted = await pictureOf(page);
      expect(differenceOf(wanted, await pictureOf(page))).toBeUndefined();
      for (const [what, change] of Object.entries(changes)) {
        await page.reload();
        await page.locator('.place.ok').first().evaluate(change);
        const difference = differenceOf(wanted, await pictureOf(page));
        expect([what, difference?.sentence]).toEqual([
          what,
          expect.stringMatching(/^\d+ pixels of a square of 32 differ/),
        ]);
      }
    },
  );

  it('of another size is another one', async () => {
    const [page, larger] = [await desk.open(recorded), await desk.open(recorded, { height: 801 })];
    expect(differenceOf(await pictureOf(page), await pictureOf(larger))?.sentence).toBe(
      'wanted 1280 × 800 pixels, got 1280 × 801',
    );
  });
});
