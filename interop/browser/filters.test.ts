/** What the reader asks for stands in the address, and a link shows what its sender saw. */
import { expect, it } from 'vitest';
import { everyStanding, inOrder, matrixOf, timeless } from '../fixtures/runs.ts';
import { standings, tally } from '../outcome/matrix.ts';
import { looks } from '../report/standing.ts';
import { describeInBrowser, hashOf } from './describe.ts';
import { recorded } from './recorded.ts';

const events = inOrder(timeless(await everyStanding()));
const numbers = tally(matrixOf(events));

describeInBrowser('filters', (desk) => {
  it('a count asks for its cells, and once more for all', async () => {
    const page = await desk.open(events);
    const sum = async () => {
      const texts = await page.locator('.place .count').allInnerTexts();
      return texts.reduce((total, text) => total + Number(/\/(\d+)/.exec(text)?.[1]), 0);
    };
    expect(await sum()).toBe(numbers.planned);
    for (const standing of standings) {
      const count = page.locator(`.counts button.${standing}`);
      await count.click();
      expect([standing, await sum()]).toEqual([standing, numbers[standing]]);
      expect(await count.getAttribute('aria-pressed')).toBe('true');
      const word = standing === 'unexpected' ? 'failed' : standing;
      expect(await hashOf(page)).toBe(`#q=is:${word}`);
      expect(await page.locator('#query').inputValue()).toBe(`is:${word}`);
      await count.click();
      expect(await hashOf(page)).toBe('');
    }
    await page.locator('.counts button.broken').click();
    await page.locator('.counts button.flaky').click();
    expect(await sum()).toBe(numbers.broken + numbers.flaky);
    await page.getByRole('button', { name: /planned$/ }).click();
    expect(await sum()).toBe(numbers.planned);
  });

  it('a count that is pointed at points its cells out', async () => {
    const page = await desk.open(events);
    await page.locator('.counts button.flaky').hover();
    const marked = await page
      .locator('.place.pointed-out')
      .evaluateAll((all) => all.map((each) => each.getAttribute('data-pairing')));
    expect(marked).toEqual(['alpha/gamma']);
    await page.locator('h1').hover();
    expect(await page.locator('.pointed-out').count()).toBe(0);
  });

  it('the same link shows the same', async () => {
    const page = await desk.open(events);
    await page.locator('#query').fill('server:gamma is:failed,flaky');
    await page.getByRole('button', { name: 'Scenarios × pairings' }).click();
    await page.locator('.one.flaky').click();
    const hash = await hashOf(page);
    expect(hash).toContain('view=scenarios');
    expect(hash).toContain('at=alpha/gamma/pick/stitch');
    const link = await desk.open(events, { hash });
    for (const part of ['.view', 'section.detail', '.tools'])
      expect([part, await link.locator(part).innerText()]).toEqual([
        part,
        await page.locator(part).innerText(),
      ]);
    expect(await link.locator('#query').inputValue()).toBe('server:gamma is:failed,flaky');
  });

  it('a word that does not exist is explained, and hides nothing', async () => {
    const page = await desk.open(events);
    const before = await page.locator('.view').innerText();
    await page.locator('#query').fill('colour:red');
    expect(await page.locator('#query-problem').innerText()).toBe(
      'query word "colour:red": wanted client:, server:, scenario:, contract: or is:, got colour:',
    );
    expect(await page.locator('.view').innerText()).toBe(before);
    expect(await page.locator('#query').getAttribute('aria-invalid')).toBe('true');
    await page.locator('#query').fill('client:alpha');
    expect(await page.locator('#query-problem').isVisible()).toBe(false);
    expect(await page.locator('.matrix tbody tr').first().innerText()).toContain('alpha');
  });

  it('a contract is asked for by its name, and stands beside scenarios where there are several', async () => {
    const page = await desk.open(recorded, { hash: '#view=scenarios' });
    const rows = page.locator('.scenarios tbody th');
    const all = await rows.allInnerTexts();
    expect(all).toContain('manage pick/stitch');
    expect(all).toContain('streams streams/chat-one');
    await page.locator('#query').fill('contract:streams');
    expect(await rows.allInnerTexts()).toEqual(['streams streams/chat-one']);
    const one = await desk.open(events, { hash: '#view=scenarios' });
    expect(await one.locator('.scenarios tbody th').allInnerTexts()).toContain('pick/stitch');
  });

  it('an address that names what is not there says so', async () => {
    const page = await desk.open(events, { hash: '#at=alpha/omega/pick/stitch' });
    expect(await page.locator('section.detail').innerText()).toBe(
      'This run has no cell alpha/omega/pick/stitch.',
    );
    const pairing = await desk.open(events, { hash: '#at=alpha/omega' });
    expect(await pairing.locator('section.detail').innerText()).toBe('This run has no pairing alpha/omega.');
  });

  it('no count rests on its colour', async () => {
    const page = await desk.open(events, { isForcedColours: true });
    for (const standing of standings) {
      const text = await page.locator(`.counts button.${standing}`).innerText();
      expect(text).toContain(looks[standing].glyph);
    }
    const places = page.locator('.place');
    for (const text of await places.allInnerTexts()) expect(text).toMatch(/\d+\/\d+ [✓✕!≈~–·]/);
    const named = await places.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
    const words = standings.map((standing) => looks[standing].word).join('|');
    for (const name of named) expect(name).toMatch(new RegExp(`: \\d+/\\d+ (?:${words}): \\d+ (?:${words})`));
    await page.getByRole('button', { name: 'Scenarios × pairings' }).click();
    const cells = page.locator('.one');
    for (const text of await cells.allInnerTexts()) expect(text.trim()).toMatch(/^[✓✕!≈~–·]$/);
    const names = await cells.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
    for (const name of names) expect(name).toMatch(new RegExp(`: (?:${words})$`));
    expect(names.length).toBeGreaterThan(20);
  });
});
