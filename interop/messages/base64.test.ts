import { describe, expect, it } from 'vitest';
import { setFromBase64 } from './base64.ts';

function read(text: string, room = 16) {
  const bytes = new Uint8Array(room).fill(9);
  const told = setFromBase64.call(bytes.subarray(1), text);
  return { ...told, bytes: [...bytes.subarray(0, told.written + 2)] };
}

describe('base64', () => {
  it.each([
    ['', []],
    ['AAEC', [0, 1, 2]],
    ['AAE=', [0, 1]],
    ['/+8=', [255, 239]],
  ])('%j is read at once', (text, bytes) => {
    expect(read(text)).toEqual({ read: text.length, written: bytes.length, bytes: [9, ...bytes, 9] });
  });

  it.each(['AAE', 'AA E', '_-8=', 'AA==AAEC', 'AAE=\n', 'ÄÄEC'])(
    '%j is left to whoever reads more than that',
    (text) => {
      expect(read(text)).toEqual({ read: 0, written: 0, bytes: [9, 9] });
    },
  );
});
