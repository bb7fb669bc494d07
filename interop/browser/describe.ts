/** Tests in a real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { Events } from '../fixtures/runs.ts';
import type { Baseline } from '../outcome/baseline.ts';
import { findChromium, launchChromium, noChromium } from './chromium.ts';
import { fixLooks } from './looks.ts';
import { aPageFolder, type PageFolder } from './page-file.ts';
import { type Watched, watch } from './watch.ts';

export interface Reader {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  readonly isForcedColours?: boolean;
  /** Behind the address, with its `#`. */
  readonly hash?: string;
  readonly baseline?: Baseline;
  /** Console errors that belong to the test. */
  readonly expected?: RegExp;
}

export interface Desk {
  readonly files: PageFolder;
  /** Opens the page of these events, or at an address, and waits until it is drawn. */
  open(what: Events | string, reader?: Reader): Promise<Page>;
}

/**
 * A block of tests with one browser. What a page does that it should not fails the
 * test that opened it. Without a browser the tests are left out, which is said; in
 * CI they fail instead: what did not run is never green.
 */
export function describeInBrowser(name: string, tests: (desk: Desk) => void): void {
  const isLeftOut = findChromium() === undefined && !process.env.CI;
  if (isLeftOut) process.stderr.write(`${name}: left out, ${noChromium}\n`);
  describe.skipIf(isLeftOut)(isLeftOut ? `${name} (left out: ${noChromium})` : name, () => {
    let browser: Browser;
    let files: PageFolder;
    let opened: { readonly context: BrowserContext; readonly watched: Watched }[] = [];

    beforeAll(async () => {
      files = aPageFolder();
      browser = await launchChromium();
    });
    afterAll(async () => {
      await browser?.close();
      files?.[Symbol.dispose]();
    });
    afterEach(async () => {
      const complaints = opened.flatMap(({ watched }) => watched.complaints);
      await Promise.all(opened.map(({ context }) => context.close()));
      opened = [];
      expect(complaints).toEqual([]);
    });

    async function open(what: Events | string, reader: Reader = {}): Promise<Page> {
      const { width = 1280, height = 800, scheme = 'light', hash = '', isForcedColours } = reader;
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        reducedMotion: 'reduce',
        forcedColors: isForcedColours ? 'active' : 'none',
        locale: 'en-GB',
        timezoneId: 'UTC',
      });
      context.setDefaultTimeout(30_000);
      opened.push({ context, watched: await watch(context, reader.expected) });
      await fixLooks(context);
      const page = await context.newPage();
      const address = typeof what === 'string' ? what : await files.pageOf(what, reader.baseline);
      await page.goto(`${address}${hash}`);
      await drawn(page);
      return page;
    }

    tests({
      get files() {
        return files;
      },
      open,
    });
  });
}

/** Waits until the page shows a run, or says why it does not. */
export async function drawn(page: Page): Promise<void> {
  await page.locator('h1, .notice, .cut').first().waitFor();
  await page.getByText('Reading …').waitFor({ state: 'detached' });
}

/** Asked in the page: the driver hears of a new address later. */
export function hashOf(page: Page): Promise<string> {
  return page.evaluate(() => location.hash);
}
