/** What peers say stays text, however much of it there is, and a page that is damaged says so. */
import { expect, it } from 'vitest';
import type { Events } from '../fixtures/runs.ts';
import {
  aCall,
  aCell,
  aFailure,
  anEnd,
  anEvidence,
  aRecord,
  aResult,
  aServed,
  aStart,
  askFor,
} from '../fixtures/values.ts';
import { aMessage, aResponse, crossed } from '../fixtures/wire.ts';
import { cellId } from '../model/cell.ts';
import type { LogLine } from '../model/log.ts';
import { describeInBrowser } from './describe.ts';
import { pageText } from './page-file.ts';
import { caller, recorded, saboteur } from './recorded.ts';

const attacks = [
  '<script>alert(1)</script>',
  '</template></script><script>alert(2)</script>',
  '<!-- <script>',
  '<img src=x onerror=alert(3)>',
  '"><svg onload=alert(4)>',
  'javascript:alert(5)',
  '{{data}} $\u007balert(6)} &lt;b&gt; &amp;',
  '\u0000\u0007\u0008\u007f\u0085',
  '\u001b[31mred\u001b[0m\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007',
  '\u202egnp.exe\u202c \u2066\u2069 \u2028 \u2029',
  '\ud800 alone, \udc00 too',
];
const attack = attacks.join(' ');

const client = `a"b'<i>&#x27;`;
const server = '史 \u202ex<template>';
const scenario = 'odd/<img src=x onerror=alert(7)>?#&=%2F';

/** A cell of which everything that can be said is hostile. */
function hostile(logs: { readonly client: readonly LogLine[]; readonly server: readonly LogLine[] }): Events {
  const cell = { ...aCell(''), client, server, scenario };
  const mismatch = { call: 0, what: attack, wanted: attack, got: attack } as const;
  const headers = attacks.map((text) => ({ key: 'x-a', text }));
  const responses = [{ json: { [attack]: attack } }, { problem: attack }];
  const evidence = anEvidence({
    call: aCall({ method: attack, steps: [askFor(attack)] }),
    client: aRecord({ message: attack, details: [attack], responses, headers, trailers: headers }),
    wire: crossed({
      response: aResponse({ messages: [aMessage({ [attack]: attack }, { problem: attack })] }),
    }),
    server: [aServed({ message: attack, requests: responses, responses, metadata: headers })],
    expect: { code: 0, message: attack, details: [attack], responses, headers, served: 'answered' },
  });
  const outcome = {
    ...aFailure([
      { ...mismatch, witness: 'client' },
      { ...mismatch, witness: 'both' },
    ]),
    blame: { side: 'server', because: attack },
  } as const;
  return [
    aStart([cell], {
      leftOut: attack,
      problems: [attack],
      scenarios: [
        {
          name: scenario,
          contract: attack,
          title: attack,
          source: { text: attack, link: 'javascript:alert(8)' },
        },
      ],
    }),
    { type: 'peer-built', peer: server, buildMs: 1, cached: true, artifact: attack },
    {
      type: 'peer-started',
      peer: server,
      role: 'server',
      startupMs: 1,
      implementation: { language: attack, languageVersion: attack, library: attack, libraryVersion: attack },
    },
    {
      type: 'cell-finished',
      result: {
        ...aResult(cellId(cell), outcome),
        client,
        server,
        scenario,
        evidence: { calls: [evidence], omitted: 0 },
        logs,
        reproduce: attack,
      },
    },
    anEnd(),
  ];
}

const lines = (count: number, length: number): readonly LogLine[] =>
  Array.from({ length: count }, (_, atMs) => ({
    atMs,
    text: `${atMs} ${attacks[atMs % attacks.length]} ${'x'.repeat(length)}`,
  }));

describeInBrowser('hostile words', (desk) => {
  it('stay words, in every view', async () => {
    const page = await desk.open(hostile({ client: lines(11, 0), server: lines(11, 0) }));
    const look = async () =>
      expect(
        await page.evaluate(() =>
          [
            ...document.querySelectorAll(
              '#page :is(script, img:not([src^=data]), svg, i, iframe, template, a)',
            ),
          ].map((each) => each.outerHTML),
        ),
      ).toEqual([]);
    await look();
    for (const view of ['Latency', 'Start-up', 'Scenarios × pairings', 'Matrix']) {
      await page.getByRole('button', { name: view, exact: true }).click();
      await look();
    }
    expect(await page.locator('.place').getAttribute('data-pairing')).toBe(`${client}/${server}`);
    await page.locator('.place').click();
    await look();
    await page.locator('.scenario-list .place-name').click();
    await page.locator('.log-lines').waitFor();
    await look();
    const text = await page.locator('section.detail').innerText();
    for (const each of attacks.slice(0, 7)) expect(text).toContain(each);
    for (const spelled of ['\\u001b[31mred', '\\u202egnp.exe', '\\u0000\\u0007'])
      expect(text).toContain(spelled);
    expect(await page.locator('.log-lines tbody tr').count()).toBe(22);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('place');
    await page.keyboard.press('/');
    await page.keyboard.type('<script>alert(9)</script>:x');
    expect(await page.locator('#query-problem').innerText()).not.toBe('');
    await look();
  });

  it('of 10 MB in 5,000 lines and in one leave the page quick, and are cut with a word', async () => {
    const page = await desk.open(
      hostile({ client: lines(5_000, 1_000), server: [{ atMs: 1, text: 'y'.repeat(5 << 20) }] }),
    );
    await page.locator('.place').click();
    const startedAt = performance.now();
    await page.locator('.scenario-list .place-name').click();
    await page.locator('.log-lines').waitFor();
    const openMs = performance.now() - startedAt;
    expect(await page.locator('.logs').innerText()).toContain(
      "4001 earlier lines are not drawn; the run's log has them.",
    );
    expect(await page.locator('.log-lines tbody tr').count()).toBe(1_000);
    const again = performance.now();
    await page.keyboard.press('Escape');
    await page.locator('.scenario-list').waitFor();
    expect(openMs).toBeLessThan(10_000);
    expect(performance.now() - again).toBeLessThan(5_000);
  });

  it('in one line are cut, and their length is told', async () => {
    const page = await desk.open(hostile({ client: [], server: [{ atMs: 1, text: 'y'.repeat(5 << 20) }] }));
    await page.locator('.place').click();
    await page.locator('.scenario-list .place-name').click();
    const said = page.locator('.log-lines .verbatim');
    expect(await said.innerText()).toBe(`${'y'.repeat(4_096)}… (${5 << 20} characters)`);
  });
});

describeInBrowser('a damaged page', (desk) => {
  it('that was cut says so', async () => {
    const text = await pageText(recorded);
    const cut = text.slice(0, text.indexOf('<template id="log">') + 2_000);
    const page = await desk.open(desk.files.put(cut));
    await page.locator('.cut').waitFor();
    expect(await page.locator('body').innerText()).toContain('This page is not whole: its end is missing');
  });

  it('whose log is damaged says so', async () => {
    const text = await pageText(recorded);
    const from = text.indexOf('<template id="log">') + 500;
    const page = await desk.open(desk.files.put(`${text.slice(0, from)}AAAA${text.slice(from + 4)}`));
    expect(await page.locator('.notice').innerText()).toMatch(/^The run in this page cannot be read: ./);
    const gone = await desk.open(
      desk.files.put(text.slice(0, from) + text.slice(text.indexOf('</template>', from))),
    );
    expect(await gone.locator('.notice').innerText()).toMatch(/^The run in this page cannot be read: ./);
    const none = await desk.open(
      desk.files.put(text.replaceAll('<template', '<!-- ').replaceAll('</template>', ' -->')),
    );
    expect(await none.locator('.notice').innerText()).toBe('No run lies in this page: open the log of one.');
  });

  it('of which a detail is damaged shows the rest', async () => {
    const text = await pageText(recorded);
    const from = text.indexOf('<template class="detail">') + 500;
    const broken = `${text.slice(0, from)}AAAA${text.slice(from + 4)}`;
    const page = await desk.open(desk.files.put(broken), { hash: `#at=${caller}/${saboteur}/pick/stitch` });
    expect(await page.locator('.notice').innerText()).toMatch(
      /^What its witnesses said cannot be read: this page is damaged/,
    );
    expect(await page.locator('.blame-box').innerText()).toContain(`blame: the ${saboteur} server`);
  });
});
