import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepLog } from './log.ts';

let now = 0;
beforeEach(() => {
  now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

function aLog(limit = 10) {
  const stream = new PassThrough();
  const log = keepLog(stream, limit);
  const write = async (chunk: string | Uint8Array, atMs = now): Promise<void> => {
    now = atMs;
    stream.write(chunk);
    await new Promise(setImmediate);
  };
  const textsSince = (mark: number) => log.since(mark, 0).map(({ text }) => text);
  return { stream, log, write, textsSince };
}

describe('the log of a program', () => {
  it('is empty at first', () => {
    const { log } = aLog();
    expect(log.mark()).toBe(0);
    expect(log.text()).toBe('');
    expect(log.since(0, 0)).toEqual([]);
  });

  it('gives what came after a mark', async () => {
    const { log, write, textsSince } = aLog();
    await write('one ');
    const mark = log.mark();
    await write('two ');
    expect(textsSince(mark)).toEqual(['two ']);
    expect(log.text()).toBe('one two ');
    expect(textsSince(log.mark())).toEqual([]);
  });

  it('gives the end of what is too long, and says how much was cut', async () => {
    const { log, write, textsSince } = aLog();
    await write('0123456789');
    expect(log.text()).toBe('0123456789');
    await write('a');
    expect(log.text()).toBe('[1 characters cut]\n123456789a');
    expect(textsSince(0)).toEqual(['[1 characters cut]', '123456789a']);
  });

  it('counts what it has thrown away', async () => {
    const { log, write, textsSince } = aLog();
    await write('x'.repeat(15));
    const mark = log.mark();
    await write('0123456789');
    await write('abcdefghij');
    expect(log.text()).toBe('[25 characters cut]\nabcdefghij');
    expect(textsSince(mark)).toEqual(['[10 characters cut]', 'abcdefghij']);
    expect(log.mark()).toBe(35);
  });

  it('keeps a mark that lies in what was thrown away apart from one behind it', async () => {
    const { log, write, textsSince } = aLog();
    const marks: number[] = [];
    for (let index = 0; index < 10; index++) {
      marks.push(log.mark());
      await write(`${index}_`.repeat(3));
    }
    expect(marks).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48, 54]);
    expect(textsSince(marks[9] ?? 0)).toEqual(['9_9_9_']);
    expect(textsSince(marks[8] ?? 0)).toEqual(['[2 characters cut]', '8_8_9_9_9_']);
    expect(textsSince(marks[0] ?? 0)).toEqual(['[50 characters cut]', '8_8_9_9_9_']);
  });

  it('is whole when a chunk ends in the middle of a character', async () => {
    const { log, write } = aLog();
    const bytes = Buffer.from('é');
    await write(bytes.subarray(0, 1));
    await write(bytes.subarray(1));
    expect(log.text()).toBe('é');
  });

  it('outlives a stream that breaks', async () => {
    const { stream, log, write } = aLog();
    await write('one');
    stream.destroy(new Error('read ECONNRESET'));
    await new Promise(setImmediate);
    expect(log.text()).toBe('one');
  });
});

describe('a line of the log', () => {
  it('has the time of its first piece, since the time that is given, to 0.01 ms', async () => {
    const { log, write } = aLog(100);
    await write('on', 1000.123);
    await write('e', 1001);
    await write('\ntw', 1002);
    await write('o\n', 1003);
    await write('\nfour', 1004);
    expect(log.since(0, 1000)).toEqual([
      { atMs: 0.12, text: 'one' },
      { atMs: 2, text: 'two' },
      { atMs: 4, text: '' },
      { atMs: 4, text: 'four' },
    ]);
    expect(log.since(0, 1003)[0]).toEqual({ atMs: -2.88, text: 'one' });
  });

  it('that a mark divides has the time of what came after the mark', async () => {
    const { log, write } = aLog(100);
    await write('on', 1000);
    const mark = log.mark();
    await write('e', 1001);
    await write('\ntwo', 1002);
    expect(log.since(mark, 1000)).toEqual([
      { atMs: 1, text: 'e' },
      { atMs: 2, text: 'two' },
    ]);
    expect(log.since(0, 1000)[0]).toEqual({ atMs: 0, text: 'one' });
  });

  it('is one of several of the same time when they were written together', async () => {
    const { stream, log } = aLog(100);
    for (const text of ['a\n', 'b', '\n', 'c\nd\n']) stream.write(text);
    await new Promise(setImmediate);
    expect(log.since(0, 1000)).toEqual(['a', 'b', 'c', 'd'].map((text) => ({ atMs: 0, text })));
  });

  it('that says what was cut has the time of the first that was not', async () => {
    const { log, write } = aLog();
    await write('0123456789\n', 1001);
    await write('abcdefghi\n', 1002);
    expect(log.since(0, 1000)).toEqual([
      { atMs: 2, text: '[11 characters cut]' },
      { atMs: 2, text: 'abcdefghi' },
    ]);
  });

  it('is cut where its times were forgotten, since it was divided too often', async () => {
    const { log, write } = aLog(64 * 1024);
    for (let index = 0; index < 4097; index++) {
      log.mark();
      await write('x', 1000 + index);
    }
    expect(log.since(0, 1000)).toEqual([
      { atMs: 2049, text: '[2049 characters cut]' },
      { atMs: 2049, text: 'x'.repeat(2048) },
    ]);
  });

  it('is one of the last 2048, however short they are', async () => {
    const together = aLog(64 * 1024);
    await together.write('\n'.repeat(5000));
    const mark = together.log.mark();
    await together.write('a\nb');
    expect(together.textsSince(0)).toEqual([
      '[2954 characters cut]',
      ...Array<string>(2046).fill(''),
      'a',
      'b',
    ]);
    expect(together.textsSince(mark)).toEqual(['a', 'b']);

    const { log, write } = aLog(64 * 1024);
    const lines = Array.from({ length: 5000 }, (_, atMs) => ({ atMs, text: `${atMs}` }));
    for (const { atMs, text } of lines) await write(`${text}\n`, 1000 + atMs);
    expect(log.since(0, 1000).slice(1)).toEqual(lines.slice(-2048));
    expect(log.text()).toBe(lines.map(({ text }) => `${text}\n`).join(''));
  });
});
