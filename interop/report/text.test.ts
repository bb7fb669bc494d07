import { describe, expect, it } from 'vitest';
import { count, duration, printable } from './text.ts';

describe('printable', () => {
  it.each([
    ['an escape sequence', '\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m'],
    ['a title for the terminal', '\u001b]0;gotcha\u0007', '\\u001b]0;gotcha\\u0007'],
    ['a control sequence of one character', '\u009b2J', '\\u009b2J'],
    ['a carriage return', 'failed\rpassed', 'failed\\u000dpassed'],
    ['a backspace', 'no\b\byes', 'no\\u0008\\u0008yes'],
    ['a NUL', 'Sti\0tch', 'Sti\\u0000tch'],
    ['DEL', 'a\u007fb', 'a\\u007fb'],
    ['the next-line character', 'a\u0085b', 'a\\u0085b'],
    ['a line separator', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['a right-to-left override', 'a\u202egnp.exe', 'a\\u202egnp.exe'],
  ])('spells out %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('spells out every character that controls direction', () => {
    const all = /^\p{Bidi_Control}$/u;
    const controls = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).filter((each) =>
      all.test(each),
    );
    expect(controls).toHaveLength(12);
    expect(controls.filter((each) => printable(each) === each)).toEqual([]);
  });

  it('spells out every control character but the tab and the line break', () => {
    const codes = Array.from({ length: 256 }, (_, code) => code);
    const kept = codes.filter((code) => printable(String.fromCharCode(code)).length === 1);
    expect(kept).toEqual(
      codes.filter((code) => code === 9 || code === 10 || (code >= 32 && code < 127) || code >= 160),
    );
  });

  it('leaves a stack trace what it is, whoever ends its lines', () => {
    const trace = 'Exception in thread "main"\r\n\tat a.b.C(C.src:7)\r\n\tat a.b.D(D.src:8)\r';
    expect(printable(trace)).toBe('Exception in thread "main"\n\tat a.b.C(C.src:7)\n\tat a.b.D(D.src:8)');
  });

  it.each([
    'a plain sentence: 100%',
    'first\nsecond',
    '\tindented\tin\tcolumns',
    '找不到實驗',
    'gone 👩‍👩‍👧‍👦 fishing 🎣',
    'é e\u0301 ß ∞ …',
  ])('leaves %j as it is', (text) => {
    expect(printable(text)).toBe(text);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [280.4, '280 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [4096, '4.1 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 0 s'],
    [60_000, '1 min 0 s'],
    [119_499, '1 min 59 s'],
    [119_600, '2 min 0 s'],
    [185_000, '3 min 5 s'],
    [3_600_000, '60 min 0 s'],
  ])('of %f ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});

it.each([
  [0, '0 cells'],
  [1, '1 cell'],
  [2, '2 cells'],
])('counts %i', (n, text) => {
  expect(count(n, 'cell')).toBe(text);
});
