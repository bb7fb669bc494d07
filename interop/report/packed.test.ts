import { describe, expect, it } from 'vitest';
import { pack } from './packed.ts';

describe('a packed text', () => {
  it.each(['', 'é', 'Stitch '.repeat(9_999)])('is as it was', (text) => {
    expect(pack(text).text()).toBe(text);
  });
});
