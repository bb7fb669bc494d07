/** A page is small enough for a mail. */
import { expect, it } from 'vitest';
import { multiplied } from '../fixtures/multiplied.ts';
import { matrixOf } from '../fixtures/runs.ts';
import { tally } from '../outcome/matrix.ts';
import { describeInBrowser } from './describe.ts';
import { pageText } from './page-file.ts';
import { recorded } from './recorded.ts';

describeInBrowser('size', (desk) => {
  it('of 5,000 cells with their evidence is below a megabyte', async () => {
    const events = [...multiplied(recorded, { clients: 3, servers: 3, scenarios: 6 })];
    const numbers = tally(matrixOf(events));
    expect(numbers).toMatchObject({ planned: 54 * 96, ok: 54 * 72, unexpected: 54 * 21, problems: [] });
    expect(numbers.planned).toBeGreaterThan(5_000);
    const text = await pageText(events);
    process.stdout.write(`${numbers.planned} cells: ${Buffer.byteLength(text)} bytes\n`);
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    const page = await desk.open(desk.files.put(text));
    expect(await page.locator('.place').count()).toBe(9 * 12);
    // What tells why a cell failed is never left out.
    await page.locator('.failures .place-name').last().click();
    await page.locator('.conversation').first().waitFor();
  });
});
