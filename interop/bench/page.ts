/** What the results page costs: a run of 100,000 cells in one file, in a real browser. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { findChromium, launchChromium, noChromium } from '../browser/chromium.ts';
import { aPageFolder, pageText } from '../browser/page-file.ts';
import { recorded } from '../browser/recorded.ts';
import { multiplied } from '../fixtures/multiplied.ts';
import { median, say, seconds } from './say.ts';

interface PageCost {
  readonly cells: number;
  readonly bytes: number;
  /** From the navigation until the matrix is drawn, once for each round. */
  readonly drawnMs: readonly number[];
  /** The longest frame while the scenarios are scrolled from end to end. */
  readonly longestFrameMs: number;
}

const copies = { clients: 8, servers: 8, scenarios: 17 };

export async function page(rounds: number): Promise<void> {
  if (!findChromium()) return say('page', 'not run', '', noChromium);
  const { cells, bytes, drawnMs, longestFrameMs } = await pageCost(rounds);
  const what = `${cells} cells in a file of ${(bytes / 1e6).toFixed(1)} MB, median of ${rounds}`;
  say('page: until the matrix is drawn', seconds(median(drawnMs)), '≤ 2 s', what);
  say('page: longest frame of scrolling', `${Math.round(longestFrameMs)} ms`, '', 'scenarios × pairings');
}

async function pageCost(rounds: number): Promise<PageCost> {
  using folder = aPageFolder();
  const address = folder.put(await pageText(multiplied(recorded, copies)));
  const browser = await launchChromium();
  try {
    const drawnMs: number[] = [];
    for (let round = 0; round < rounds; round++) drawnMs.push(await drawn(browser, address));
    return {
      cells: copies.clients * copies.servers * copies.scenarios * 96,
      bytes: statSync(fileURLToPath(address)).size,
      drawnMs,
      longestFrameMs: await longestFrame(browser, address),
    };
  } finally {
    await browser.close();
  }
}

async function drawn(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage();
  await page.goto(address, { waitUntil: 'commit' });
  const ms = await page.evaluate<number>(`new Promise((done) => {
    const look = () => document.querySelector('.matrix .place') ? done(performance.now()) : requestAnimationFrame(look);
    look();
  })`);
  await page.close();
  return ms;
}

/** A screen's height a frame, down and then to the right. */
async function longestFrame(browser: Browser, address: string): Promise<number> {
  const page = await browser.newPage();
  await page.goto(`${address}#view=scenarios`);
  await page.locator('.one').first().waitFor();
  const ms = await page.evaluate<number>(`new Promise((done) => {
    const box = document.querySelector('.windowed');
    let last, longest = 0;
    const step = (now) => {
      if (last !== undefined) longest = Math.max(longest, now - last);
      last = now;
      const [x, y] = [box.scrollLeft, box.scrollTop];
      if (y + box.clientHeight < box.scrollHeight - 1) box.scrollTop = y + box.clientHeight / 2;
      else box.scrollLeft = x + box.clientWidth / 2;
      if (box.scrollTop === y && box.scrollLeft === x) done(longest);
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`);
  await page.close();
  return ms;
}
