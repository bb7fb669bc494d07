import { expect, it } from 'vitest';
import { makeRandom } from '../fixtures/random.ts';
import { paddedBase64, utf8Of } from './bytes.ts';

const random = makeRandom(7);
const anyText = (length: number, characters: string) =>
  Array.from({ length }, () => characters[random.below(characters.length)]).join('');

it('bytes that were written as base64 in any way are what the platform reads', () => {
  const written = ['AAEC', 'AAE', 'AA', 'A', '', 'AA==', 'AAE=', '-_-_', '+/+/', 'A A\tE', 'A=AAA', '*'];
  const drawn = Array.from({ length: 500 }, () => anyText(random.below(20), 'ABab01+/-_= \t*'));
  for (const text of [...written, ...drawn])
    expect([text, paddedBase64(text)]).toEqual([text, Buffer.from(text, 'base64').toString('base64')]);
});

it('bytes are read as UTF-8, and what is none is told as such', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
  const drawn = Array.from({ length: 500 }, () => anyText(random.below(20), bytes));
  for (const latin1 of ['', 'abc', '\u00e5\u008f\u00b2', '\u00ef\u00bb\u00bfa', ...drawn])
    expect([latin1, utf8Of(latin1)]).toEqual([latin1, Buffer.from(latin1, 'latin1').toString('utf8')]);
});
