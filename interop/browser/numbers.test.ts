/** Every number on the page is that of the one tally. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  changed,
  type Events,
  everyStanding,
  green,
  matrixOf,
  twentyRounds,
  unfinished,
} from '../fixtures/runs.ts';
import type { RunEvent } from '../model/event.ts';
import { callsOf, quantile } from '../outcome/latency.ts';
import { type Standing, standings, tally } from '../outcome/matrix.ts';
import { latenciesOf, startTimings } from '../outcome/timings.ts';
import { headline } from '../report/headline.ts';
import { countPlaces, worstOf } from '../report/places.ts';
import { looks } from '../report/standing.ts';
import { verdict } from '../report/verdict.ts';
import { describeInBrowser } from './describe.ts';
import { recorded } from './recorded.ts';

const runs: Readonly<Record<string, () => Events | Promise<Events>>> = {
  recorded: () => recorded,
  green,
  'every standing': everyStanding,
  'twenty rounds': twentyRounds,
  unfinished,
  changed,
};

/** How the strip calls them. */
const word = (standing: Standing) => (standing === 'known' ? 'known' : looks[standing].word);

async function namesOf(page: Page, selector: string): Promise<readonly string[]> {
  return page
    .locator(selector)
    .evaluateAll((found) => found.map((each) => each.getAttribute('aria-label') ?? each.textContent ?? ''));
}

describeInBrowser('numbers of the page', (desk) => {
  it.each(Object.entries(runs))('of the run %s are those of its tally', async (_, play) => {
    const events = await play();
    const matrix = matrixOf(events);
    const numbers = tally(matrix);
    const page = await desk.open(events);
    expect(await page.locator('h1').innerText()).toMatch(/^[✓✕] /);
    expect((await page.locator('h1').innerText()).slice(2)).toBe(verdict(matrix));
    expect(await page.title()).toContain(verdict(matrix));
    if (matrix.started) expect(await page.locator('header').innerText()).toContain(headline(matrix.started));
    expect((await namesOf(page, '.counts button')).map((name) => name.trim())).toEqual([
      `${numbers.planned} planned`,
      ...standings.map((each) => `${looks[each].glyph} ${numbers[each]} ${word(each)}`),
    ]);
    const wanted = [...countPlaces(matrix)].map(([pairing, { planned, counts }]) => {
      const [client, server] = pairing.split('/');
      const told = standings
        .filter((each) => counts.has(each))
        .map((each) => `${counts.get(each)} ${looks[each].word}`)
        .join(', ');
      return `${client} client, ${server} server: ${counts.get('ok') ?? 0}/${planned} ${looks[worstOf({ planned, counts })].word}: ${told}`;
    });
    expect((await namesOf(page, '.matrix .place')).toSorted()).toEqual(wanted.toSorted());
    expect(wanted.length).toBeGreaterThan(0);
    if (matrix.problems.length > 0) {
      const told = await page.locator('.problems li').allInnerTexts();
      expect(told).toEqual(matrix.problems.map((problem) => `✕ ${problem}`));
    }
  });

  it('of latencies are the quantiles of its timings', async () => {
    const { timings, add } = startTimings();
    const events = recorded.map(withManyCalls);
    for (const event of events) add(event);
    const page = await desk.open(events, { hash: '#view=latency' });
    const shown = await namesOf(page, '.place.latency');
    const wanted = [...timings.latencies.keys()].map((pairing) => {
      const counts = latenciesOf(timings, pairing);
      const [median, p90, p99] = [0.5, 0.9, 0.99].map((share) => text(quantile(counts, share) ?? Number.NaN));
      const [client, server] = pairing.split('/');
      return `${client} client, ${server} server: ${median} ${p90} · ${p99} ${callsOf(counts)} calls`;
    });
    expect(shown.toSorted()).toEqual(wanted.toSorted());
    expect(shown.length).toBeGreaterThan(8);
  });
});

/** So many calls that each quantile is another one. */
function withManyCalls(event: RunEvent, index: number): RunEvent {
  if (event.type !== 'cell-finished' || !event.result.latencies) return event;
  const latencies = Array.from({ length: 100 }, (_, call) => [(call + 1) * (1 + index / 100), 1] as const);
  return { ...event, result: { ...event.result, latencies } };
}

function text(ms: number): string {
  return ms < 100 ? ms.toPrecision(2) : String(Math.round(ms));
}
