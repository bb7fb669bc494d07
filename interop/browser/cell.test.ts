/** One cell on the page: who is wrong, what proves it, and how to see it again. */
import { expect, it } from 'vitest';
import { type Events, matrixOf, twentyRounds } from '../fixtures/runs.ts';
import { aCell, aFailure, aLog, anEnd, anEvidence, aResult, aStart } from '../fixtures/values.ts';
import { aWire } from '../fixtures/wire.ts';
import { cellId } from '../model/cell.ts';
import { type Witness, wireOf } from '../model/evidence.ts';
import { proofOf } from '../model/outcome.ts';
import { outcomeText } from '../report/failure.ts';
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

  it('can be seen again, and says what both sides are made of', async () => {
    const page = await desk.open(recorded, { hash: `#at=${id}` });
    expect(await page.locator('.reproduce code').innerText()).toBe(result.reproduce);
    expect(result.reproduce).toContain(`client:${caller} server:${saboteur} scenario:pick/stitch`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).click();
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
    const { path, ...call } = anEvidence({ wire: aWire() });
    const [client, wire, server] = path as readonly [Witness, Witness, Witness];
    const hopped = { ...call, path: [client, wire, wire, server] };
    const cell = aCell('alpha/beta/pick/stitch');
    const evidence = { calls: [hopped], omitted: 0 };
    const events: Events = [
      aStart([cell]),
      { type: 'cell-finished', result: { ...aResult(cellId(cell), aFailure()), evidence } },
      anEnd(),
    ];
    const page = await desk.open(events, { hash: '#at=alpha/beta/pick/stitch' });
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
