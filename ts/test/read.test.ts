import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { readLines } from '../src/lines/read.ts';

async function linesOf(...chunks: (string | Buffer)[]): Promise<string[]> {
  const lines: string[] = [];
  await readLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), (line) => lines.push(line));
  return lines;
}

test('a line ends at a line feed, and nowhere else', async () => {
  assert.deepEqual(await linesOf('a\u2028b\u2029c\rd\ne\n'), ['a\u2028b\u2029c\rd', 'e']);
});

test('a character may be cut by the end of a chunk', async () => {
  const bytes = Buffer.from('😀\n');
  assert.deepEqual(await linesOf(bytes.subarray(0, 2), bytes.subarray(2)), ['😀']);
});

test('empty lines are no lines, and the last needs no line feed', async () => {
  assert.deepEqual(await linesOf('\n \na\n\nb'), ['a', 'b']);
});

test('a line may be megabytes long', async () => {
  const piece = 'x'.repeat(65_536);
  const [line] = await linesOf(...Array<string>(128).fill(piece), '\n');
  assert.equal(line?.length, 128 * 65_536);
});

test('what the reader of a line throws ends the reading', async () => {
  const read = readLines(Readable.from([Buffer.from('a\nb\n')]), (line) => {
    throw new Error(`no ${line}`);
  });
  await assert.rejects(read, { message: 'no a' });
});
