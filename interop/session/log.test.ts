import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { keepLog } from './log.ts';

const limit = 10;

function aLog() {
  const stream = new PassThrough();
  const log = keepLog(stream, limit);
  const write = async (chunk: string | Uint8Array): Promise<void> => {
    stream.write(chunk);
    await new Promise(setImmediate);
  };
  return { stream, log, write };
}

describe('the log of a program', () => {
  it('is empty at first', () => {
    const { log } = aLog();
    expect(log.mark()).toBe(0);
    expect(log.since(0)).toBe('');
  });

  it('gives what came after a mark', async () => {
    const { log, write } = aLog();
    await write('one ');
    const mark = log.mark();
    await write('two ');
    expect(log.since(mark)).toBe('two ');
    expect(log.since(0)).toBe('one two ');
    expect(log.since(log.mark())).toBe('');
  });

  it('gives the end of what is too long, and says how much was cut', async () => {
    const { log, write } = aLog();
    await write('0123456789');
    expect(log.since(0)).toBe('0123456789');
    await write('a');
    expect(log.since(0)).toBe('[1 characters cut]\n123456789a');
  });

  it('counts what it has thrown away', async () => {
    const { log, write } = aLog();
    await write('x'.repeat(15));
    const mark = log.mark();
    await write('0123456789');
    await write('abcdefghij');
    expect(log.since(0)).toBe('[25 characters cut]\nabcdefghij');
    expect(log.since(mark)).toBe('[10 characters cut]\nabcdefghij');
    expect(log.mark()).toBe(35);
  });

  it('keeps a mark that lies in what was thrown away apart from one behind it', async () => {
    const { log, write } = aLog();
    const marks: number[] = [];
    for (let index = 0; index < 10; index++) {
      marks.push(log.mark());
      await write(`${index}_`.repeat(3));
    }
    expect(marks).toEqual([0, 6, 12, 18, 24, 30, 36, 42, 48, 54]);
    expect(log.since(marks[9] ?? 0)).toBe('9_9_9_');
    expect(log.since(marks[8] ?? 0)).toBe('[2 characters cut]\n8_8_9_9_9_');
    expect(log.since(marks[0] ?? 0)).toBe('[50 characters cut]\n8_8_9_9_9_');
  });

  it('is whole when a chunk ends in the middle of a character', async () => {
    const { log, write } = aLog();
    const bytes = Buffer.from('é');
    await write(bytes.subarray(0, 1));
    await write(bytes.subarray(1));
    expect(log.since(0)).toBe('é');
  });

  it('outlives a stream that breaks', async () => {
    const { stream, log, write } = aLog();
    await write('one');
    stream.destroy(new Error('read ECONNRESET'));
    await new Promise(setImmediate);
    expect(log.since(0)).toBe('one');
  });
});
