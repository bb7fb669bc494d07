import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLines } from './lines.ts';

const limit = 16;

/** What a handler is told of a stream of these chunks, in order. */
async function told(
  chunks: readonly (string | Uint8Array)[],
  limitBytes = limit,
): Promise<readonly string[]> {
  const heard: string[] = [];
  const stream = Readable.from(
    chunks.map((chunk) => Buffer.from(chunk)),
    { objectMode: false },
  );
  readLines(stream, limitBytes, {
    onLine: (line) => void heard.push(line),
    onTooLong: () => void heard.push('(too long)'),
  });
  await new Promise((resolve) => stream.on('close', resolve));
  return heard;
}

const emoji = Buffer.from('👩‍👩‍👧‍👦\n');

describe('lines', () => {
  it.each<[string, readonly (string | Uint8Array)[], readonly string[]]>([
    ['nothing', [], []],
    ['one line', ['one\n'], ['one']],
    ['several a chunk', ['one\ntwo\nthree\n'], ['one', 'two', 'three']],
    ['one over several chunks', ['o', 'n', 'e', '\n'], ['one']],
    ['an end in a chunk of its own', ['one', '\n', 'two', '\n'], ['one', 'two']],
    ['ends in the middle of chunks', ['one\ntw', 'o\nthr', 'ee\n'], ['one', 'two', 'three']],
    ['a last line without an end', ['one\ntwo'], ['one', 'two']],
    ['a last line without an end over several chunks', ['one\nt', 'w', 'o'], ['one', 'two']],
    ['blank lines', ['\n\none\n\n'], ['', '', 'one', '']],
    ['a carriage return, which is blank to JSON', ['{}\r\n'], ['{}\r']],
    ['separators of lines that are none here', ['a\u2028b\u0085c\n'], ['a\u2028b\u0085c']],
    ['the same twice', ['one\n', 'one\n'], ['one', 'one']],
    ['as many bytes as may be', [`${'a'.repeat(16)}\n`, 'b\n'], ['a'.repeat(16), 'b']],
    ['one byte too many', [`${'a'.repeat(17)}\n`, 'b\n'], ['(too long)']],
    ['one byte too many over several chunks', ['a'.repeat(16), 'a', '\nb\n'], ['(too long)']],
    ['one byte too many behind good lines', [`b\n${'a'.repeat(17)}`, '\nb\n'], ['b', '(too long)']],
    ['too many bytes, not characters', ['ééééééééé\n'], ['(too long)']],
    ['too many bytes that never end', ['a'.repeat(17), 'a'.repeat(17)], ['(too long)']],
  ])('%s', async (_, chunks, lines) => {
    expect(await told(chunks)).toEqual(lines);
  });

  it.each(Array.from({ length: emoji.length - 1 }, (_, index) => index + 1))(
    'are whole when a chunk ends after %i bytes of a text',
    async (at) => {
      expect(await told([emoji.subarray(0, at), emoji.subarray(at)], 64)).toEqual(['👩‍👩‍👧‍👦']);
    },
  );

  it('end when the stream breaks', async () => {
    const heard: string[] = [];
    const stream = new Readable({ read() {} });
    readLines(stream, limit, { onLine: (line) => void heard.push(line), onTooLong() {} });
    stream.push('one\ntw');
    await new Promise((resolve) => stream.once('data', resolve));
    stream.destroy(new Error('read ECONNRESET'));
    await new Promise((resolve) => stream.once('close', resolve));
    expect(heard).toEqual(['one']);
  });
});
