import { describe, expect, it } from 'vitest';
import { pack } from './packed.ts';

describe('a packed text', () => {
  it.each(['', 'é', 'Stitch '.repeat(9_999)])('is as it was', (text) => {
    const { characters, text: unpacked } = pack(text);
    expect(characters).toBe(text.length);
    expect(unpacked()).toBe(text);
  });
});
