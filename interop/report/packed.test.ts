import { describe, expect, it } from 'vitest';
import { collectGarbage } from '../fixtures/garbage.ts';
import { pack } from './packed.ts';

describe('a packed text', () => {
  it.each(['', 'é', 'Stitch '.repeat(9_999)])('is as it was', (text) => {
    expect(pack(text).text()).toBe(text);
  });

  it('takes no more than it needs', async () => {
    await collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    const all = Array.from({ length: 1_000 }, (_, index) => pack(`${index} `.repeat(1_000)));
    await collectGarbage();
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 20);
    expect(all.at(-1)?.text().length).toBe(4_000);
  });
});
