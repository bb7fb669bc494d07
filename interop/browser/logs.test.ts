/** Another log: to look at, or to compare with. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { asBaseline, before, changed, type Events, inOrder, matrixOf, timeless } from '../fixtures/runs.ts';
import { compare } from '../outcome/baseline.ts';
import { changesHead } from '../report/changes.ts';
import { verdict } from '../report/verdict.ts';
import { describeInBrowser, hashOf } from './describe.ts';
import { pageText } from './page-file.ts';
import { recorded, recordedFile } from './recorded.ts';

const earlier = inOrder(timeless(await before()));
const later = inOrder(timeless(await changed()));

interface Log {
  readonly name: string;
  readonly text: string;
}

const asLog = (name: string, events: Events): Log => ({
  name,
  text: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
});

async function choose(page: Page, { name, text }: Log): Promise<void> {
  const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) };
  await page.locator('input[type=file]').setInputFiles(file);
}

async function drop(page: Page, log: Log): Promise<void> {
  const data = await page.evaluateHandle(({ name, text }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name));
    return transfer;
  }, log);
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
}

const sentence = async (page: Page) => (await page.locator('h1').innerText()).slice(2);

describeInBrowser('another log', (desk) => {
  it('that is dropped can be looked at', async () => {
    const page = await desk.open(later);
    await drop(page, { name: 'saboteur.jsonl', text: readFileSync(recordedFile, 'utf8') });
    const dialog = page.getByRole('dialog', { name: 'saboteur.jsonl' });
    await dialog.getByRole('button', { name: 'Look at it' }).click();
    await expect.poll(() => sentence(page)).toBe(verdict(matrixOf(recorded)));
    expect(await dialog.isVisible()).toBe(false);
  });

  it('that is opened can be compared with', async () => {
    const page = await desk.open(later);
    await choose(page, asLog('main.jsonl', earlier));
    await page.getByRole('button', { name: 'Compare this run with it' }).click();
    await page.getByRole('heading', { name: 'Changed since' }).waitFor();
    const changes = compare(asBaseline(earlier), asBaseline(later));
    expect(await page.locator('header').innerText()).toContain(changesHead(changes));
    expect(await page.locator('.changes > li').count()).toBe(changes.cells.length);
    expect(await page.getByText('regression', { exact: true }).count()).toBe(changes.regressions);
    expect(await sentence(page)).toBe(verdict(matrixOf(later)));
    const changedHere = changes.cells.filter(({ now }) => now).length;
    const planned = (await page.locator('.place .count').allInnerTexts()).map((text) =>
      Number(/\/(\d+)/.exec(text)?.[1]),
    );
    expect(planned.reduce((sum, each) => sum + each, 0)).toBe(changedHere);
    await page.getByRole('checkbox', { name: 'changed since only' }).uncheck();
    expect(await hashOf(page)).toBe('');
    expect(await page.locator('.place .count').first().innerText()).toMatch(/^4\/4/);
    // The same page, written with its baseline, opens so by itself.
    const written = await desk.open(later, { baseline: asBaseline(earlier) });
    expect(await hashOf(written)).toBe('#changed=1');
    expect(await written.locator('.changes').innerText()).toContain('passed → failed regression');
  });

  it('can be one that lies in a page, and one that was cut', async () => {
    const page = await desk.open(later);
    await choose(page, { name: 'report.html', text: await pageText(earlier) });
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect.poll(() => sentence(page)).toBe(verdict(matrixOf(earlier)));
    const { text } = asLog('cut.jsonl', later);
    await choose(page, { name: 'cut.jsonl', text: text.slice(0, -50) });
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect.poll(() => sentence(page)).toBe(verdict(matrixOf(later.slice(0, -1))));
  });

  it.each([
    ['words', 'hello\nworld\n', 'bad.jsonl, line 1: wanted the log of a run, which begins with run-started'],
    ['nothing', '', 'bad.jsonl is empty: wanted the log of a run'],
    [
      'another version',
      '{"type":"run-started","version":99}\n',
      'bad.jsonl: a log of version 99; this page reads version 4',
    ],
    ['another page', '<!doctype html><p>hello', 'bad.jsonl: a page without the log of a run'],
    [
      'a beginning that is none',
      '{"type":"run-started","version":4}\n',
      'bad.jsonl, line 1: not an event of a run',
    ],
    [
      'half a result',
      `${asLog('', later).text.split('\n')[0]}\n{"type":"cell-finished"}\n`,
      'bad.jsonl, line 2: not an event of a run',
    ],
  ])('that is %s is refused with a sentence, and the run stays', async (_, text, wanted) => {
    const page = await desk.open(later);
    await choose(page, { name: 'bad.jsonl', text });
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect.poll(() => page.locator('.notice').allInnerTexts()).toEqual([wanted]);
    expect(await sentence(page)).toBe(verdict(matrixOf(later)));
    await choose(page, asLog('good.jsonl', recorded));
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect.poll(() => sentence(page)).toBe(verdict(matrixOf(recorded)));
    expect(await page.locator('.notice').count()).toBe(0);
  });

  it('can be chosen again after Cancel', async () => {
    const page = await desk.open(later);
    for (const _ of [1, 2]) {
      await choose(page, asLog('main.jsonl', earlier));
      expect(await page.locator('input[type=file]').inputValue()).toBe('');
      await page.getByRole('button', { name: 'Cancel' }).click();
      expect(await page.getByRole('dialog').count()).toBe(0);
    }
    expect(await sentence(page)).toBe(verdict(matrixOf(later)));
  });
});
