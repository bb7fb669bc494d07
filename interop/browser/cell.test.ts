/** One cell on the page: who is wrong, what proves it, and how to see it again. */
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Events, matrixOf, twentyRounds } from '../fixtures/runs.ts';
import { aCell, aFailure, aLog, anEnd, anEvidence, aResult, aStart } from '../fixtures/values.ts';
import { aFrame, aMessage, aRequest, aResponse, aWire, crossed } from '../fixtures/wire.ts';
import { cellId } from '../model/cell.ts';
import { type Witness, wireOf } from '../model/evidence.ts';
import { proofOf } from '../model/outcome.ts';
import type { WireEvidence, WireHandshake } from '../model/wire.ts';
import { outcomeText } from '../report/failure.ts';
import { handshakeLines } from '../report/frame.ts';
import { duration } from '../report/text.ts';
import { describeInBrowser, hashOf } from './describe.ts';
import { caller, recorded, saboteur } from './recorded.ts';

const id = `${caller}/${saboteur}/pick/stitch`;
const result = matrixOf(recorded).notable.find((each) => cellId(each) === id);
if (!result) throw new Error(`the recorded run has no failure at ${id}`);

/** A failed cell whose sides both wrote on standard error. */
function talkative(client: readonly string[], server: readonly string[]): Events {
  const logs = {
    client: aLog(...client).map((line) => ({ ...line, atMs: line.atMs * 2 })),
    server: aLog(...server).map((line) => ({ ...line, atMs: line.atMs * 2 + 1 })),
  };
  const cell = aCell('alpha/beta/pick/stitch');
  return [
    aStart([cell]),
    { type: 'cell-finished', result: { ...aResult(cellId(cell), aFailure()), logs } },
    anEnd(),
  ];
}

/** A failed cell with a call that crossed these wires. */
function eventsOf(...wires: readonly WireEvidence[]): Events {
  const { path, ...call } = anEvidence();
  const [client, server] = path as readonly [Witness, Witness];
  const cell = aCell('alpha/beta/pick/stitch');
  const hops = wires.map((crossed) => ({ at: 'wire', crossed }) as const);
  const evidence = { calls: [{ ...call, path: [client, ...hops, server] }], omitted: 0 };
  return [
    aStart([cell]),
    { type: 'cell-finished', result: { ...aResult(cellId(cell), aFailure()), evidence } },
    anEnd(),
  ];
}

/** Two requests, and a response behind the second. */
const aChat = crossed({
  frames: (['client', 'client', 'server', 'client', 'server', 'server'] as const).map((from, number) =>
    aFrame(number, from, number % 2 ? 'DATA' : 'HEADERS'),
  ),
  request: aRequest({
    messages: [aMessage({ name: 'Cyber' }), aMessage({ name: 'Stitch' }, { frame: 3 })],
    endFrame: 3,
  }),
  response: aResponse({ messages: [aMessage({ n: 1 }, { frame: 4 })], trailersFrame: 5, endFrame: 5 }),
});

const aHandshake: WireHandshake = {
  connection: 1,
  serverName: 'localhost',
  offers: ['h2'],
  versions: ['TLS 1.3', 'TLS 1.2'],
  version: 'TLS 1.3',
  suite: 'TLS_AES_128_GCM_SHA256',
  protocol: 'h2',
  serverCertificates: ['expired'],
  alerts: [{ from: 'server', name: 'certificate_expired', atMs: 3 }],
  clientBytes: 0,
  serverBytes: 0,
};

async function boxOf(place: Locator): Promise<number> {
  return place
    .locator('.verbatim')
    .first()
    .evaluate((each) => each.getBoundingClientRect().left);
}

describeInBrowser('a cell', (desk) => {
  it('says which side is wrong, and why', async () => {
    const page = await desk.open(recorded, { hash: `#at=${id}` });
    const sentence = await page.locator('.blame-box .said').innerText();
    expect(sentence).toBe(outcomeText(result));
    expect(sentence).toContain(`blame: the ${saboteur} server:`);
    expect(sentence).toContain('as it crossed: OK {name: "Stitch", id: 8');
    expect(await page.locator('section.detail .where').innerText()).toBe(
      `✕ failed ${caller} client → ${saboteur} server, ${duration(result.durationMs)}`,
    );
    const source = await page.locator('.source').innerText();
    expect(source).toContain('Stitch is answered with id 7');
    expect(source).toContain('of the contract manage');
  });

  it('has what was wanted beside what each witness says', async () => {
    const page = await desk.open(recorded, { hash: `#at=${id}` });
    expect(await page.locator('.witnesses thead th').allInnerTexts()).toEqual([
      'wanted',
      'client says',
      'on the wire',
      'server says',
    ]);
    const response = page.locator('.witnesses tr', { has: page.locator('th', { hasText: /^response$/ }) });
    const [right, wrong] = [7, 8].map((n) => `{name: "Stitch", id: ${n}, skill: "making annoyed noise"}`);
    expect(await response.locator('td').allTextContents()).toEqual([
      right,
      `✕ not as wanted: ${wrong}`,
      `✕ not as wanted: ${wrong}`,
      right,
    ]);
    // Where the two contradict each other, each has its own words.
    const contradiction = page.locator('.witnesses tr', { hasText: 'the same of both' });
    expect(await contradiction.locator('td').nth(1).innerText()).toContain(
      `as the client says it came: OK ${wrong}`,
    );
    expect(await contradiction.locator('td').nth(3).innerText()).toContain(
      `as the server says it sent it: OK ${right}`,
    );
  });

  it('draws the conversation, and marks the frame that proves it', async () => {
    const page = await desk.open(recorded, { hash: `#at=${id}` });
    const proof = page.locator('.conversation tr.proof');
    expect(await proof.count()).toBe(1);
    expect(await proof.innerText()).toMatch(/proof\s+DATA, 37 bytes/);
    expect(await proof.innerText()).toContain('{"name":"Stitch","id":8,"skill":"making annoyed noise"}');
    expect(await proof.locator('.arrow').innerText()).toContain('from the server');
    const at = proofOf(result.outcome);
    const [call] = result.evidence.calls;
    const frames = (call && wireOf(call)?.streams[at?.stream ?? -1]?.frames) ?? [];
    const rows = page.locator('.conversation tbody tr');
    expect(await rows.count()).toBe(frames.length);
    const times = await rows.locator('.time').allInnerTexts();
    expect(times).toEqual(frames.map(({ atMs }) => atMs.toFixed(2)));
    expect(times[frames.findIndex(({ number }) => number === at?.frame)]).toBe(
      await proof.locator('.time').innerText(),
    );
  });

  it('marks the fields in which messages differ, and by more than colour', async () => {
    const page = await desk.open(recorded, { hash: `#at=${id}` });
    const fields = page.locator('.witnesses .field');
    expect(await fields.locator('th').allInnerTexts()).toEqual(['id']);
    expect(await fields.locator('td').allTextContents()).toEqual([
      '7',
      '✕ not as wanted: 8',
      '✕ not as wanted: 8',
      '7',
    ]);
  });

  it('draws a stream as a ladder in time, and its frames for who asks', async () => {
    const page = await desk.open(eventsOf(aChat), { hash: '#at=alpha/beta/pick/stitch' });
    const rungs = page.locator('.ladder li');
    expect(await rungs.allInnerTexts()).toEqual([
      expect.stringMatching(/10\.00\s+from the client:\s+\/Manage\/PickOne/),
      expect.stringMatching(/11\.00\s+from the client:\s+1: {name: "Cyber"}/),
      expect.stringMatching(/12\.00\s+from the server:\s+headers/),
      expect.stringMatching(/13\.00\s+from the client:\s+2: {name: "Stitch"}/),
      expect.stringMatching(/13\.00\s+from the client:\s+the end/),
      expect.stringMatching(/14\.00\s+from the server:\s+1: {n: 1}/),
      expect.stringMatching(/15\.00\s+from the server:\s+OK/),
    ]);
    const [client, server] = [await boxOf(rungs.nth(1)), await boxOf(rungs.nth(5))];
    expect(client).toBeLessThan(server);
    await rungs.nth(1).locator('summary').click();
    expect(await rungs.nth(1).locator('pre').innerText()).toBe('{\n  "name": "Cyber"\n}');
    expect(await page.locator('.conversation').isVisible()).toBe(false);
    await page.locator('.frames > summary').click();
    expect(await page.locator('.conversation tbody tr').count()).toBe(6);
  });

  it('has the handshake in the words of the terminal', async () => {
    const page = await desk.open(eventsOf(aWire({ handshakes: [aHandshake] })), {
      hash: '#at=alpha/beta/pick/stitch',
    });
    const [title, ...lines] = handshakeLines(aHandshake);
    expect(await page.locator('.handshake figcaption').innerText()).toBe(title);
    expect(await page.locator('.handshake li').allInnerTexts()).toEqual(lines);
    expect(lines).toContain('server: alert certificate_expired');
  });

  it('can be seen again, and says what both sides are made of', async () => {
    const page = await desk.open(recorded, { hash: `#at=${id}` });
    expect(await page.locator('.reproduce code').innerText()).toBe(result.reproduce);
    expect(result.reproduce).toContain(`client:${caller} server:${saboteur} scenario:pick/stitch`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(result.reproduce);
    const makers = await page.locator('.makers').innerText();
    for (const event of recorded) {
      if (event.type === 'peer-built' && [caller, saboteur].includes(event.peer))
        expect(makers).toContain(event.artifact);
      if (event.type !== 'peer-started') continue;
      const { library, libraryVersion } = event.implementation;
      if ((event.role === 'client' ? caller : saboteur) === event.peer)
        expect(makers).toContain(`${library} ${libraryVersion}`);
    }
    expect(makers.match(/messages are made at run time/g)).toHaveLength(2);
  });

  it('has one more column, and one more conversation, for one more hop', async () => {
    const page = await desk.open(eventsOf(aWire(), aWire()), { hash: '#at=alpha/beta/pick/stitch' });
    expect(await page.locator('.witnesses thead th').allInnerTexts()).toEqual([
      'wanted',
      'client says',
      'on wire 1',
      'on wire 2',
      'server says',
    ]);
    expect(await page.locator('.conversation caption').allInnerTexts()).toEqual(
      [1, 2].map((n) => `On the wire: wire ${n}, connection 1, stream 1; milliseconds since the cell began`),
    );
  });

  it('has the logs of both sides on one clock', async () => {
    const events = talkative(['dialling', 'sent', 'got 8'], ['listening', 'answering']);
    const page = await desk.open(events, { hash: '#at=alpha/beta/pick/stitch' });
    const lines = await page
      .locator('.log-lines tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent)),
      );
    expect(lines).toEqual([
      ['0.00', 'dialling', ''],
      ['1.00', '', 'listening'],
      ['2.00', 'sent', ''],
      ['3.00', '', 'answering'],
      ['4.00', 'got 8', ''],
    ]);
  });

  it('has each of its rounds, the one that tells first', async () => {
    const page = await desk.open(await twentyRounds(), { hash: '#at=alpha/beta/pick/stitch' });
    const rounds = page.locator('.rounds button');
    expect(await rounds.count()).toBe(20);
    const failed = await rounds.evaluateAll((all) =>
      all.flatMap((each) => (each.getAttribute('aria-label')?.endsWith('failed') ? [each.textContent] : [])),
    );
    expect(failed.toSorted()).toEqual(['20 ✕', '3 ✕', '7 ✕']);
    expect(await page.locator('.rounds [aria-pressed=true]').innerText()).toMatch(/^(?:3|7|20) ✕$/);
    expect(await page.locator('section.detail').innerText()).toContain('it passed in 17 of 20 rounds');
    await rounds.filter({ hasText: '4 ✓' }).first().click();
    await page.locator('.blame-box').waitFor({ state: 'detached' });
    expect(await hashOf(page)).toContain('round=');
  });
});
