import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { untilMark } from './marked.ts';

const mark = 'ended 123 ';

/** What is passed on, and what stands behind the mark, of a stream that brings these pieces. */
async function cut(pieces: readonly string[], isEnding = false) {
  const [source, into] = [new PassThrough(), new PassThrough()];
  const found = untilMark(source, mark, into);
  for (const piece of pieces) {
    source.write(piece);
    await new Promise(setImmediate);
  }
  if (isEnding) source.end();
  const passed = await text(into);
  return [passed, await found];
}

it.each([
  ['in one piece', ['all that it said\nended 123 7\n']],
  ['in pieces', ['all that it said\nen', 'ded 1', '23', ' ', '7', '\n']],
  ['byte by byte', [...'all that it said\nended 123 7\n']],
])('ends at the mark, %s', async (_, pieces) => {
  expect(await cut(pieces)).toEqual(['all that it said\n', '7']);
});

it('passes on what only begins like the mark', async () => {
  expect(await cut(['ended 12', '4 ended ', 'ended ended 123 0\n'])).toEqual(['ended 124 ended ended ', '0']);
});

it('passes on what there is at once', async () => {
  const [source, into] = [new PassThrough(), new PassThrough()];
  void untilMark(source, mark, into);
  source.write('begun\n');
  const [said] = await new Promise<readonly Buffer[]>((resolve) =>
    into.once('data', (...all) => resolve(all)),
  );
  expect(String(said)).toBe('begun\n');
});

it('says so when the stream ends without it', async () => {
  expect(await cut(['what it said, and ended 12'], true)).toEqual(['what it said, and ended 12', undefined]);
});

it('waits for whoever reads what is passed on', async () => {
  const [source, into] = [new PassThrough(), new PassThrough({ highWaterMark: 10 })];
  const found = untilMark(source, mark, into);
  const long = 'x'.repeat(200_000);
  source.write(`${long}ended 123 0\n`);
  expect(await text(into)).toBe(long);
  expect(await found).toBe('0');
});
