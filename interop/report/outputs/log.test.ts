import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../errors.ts';
import { aCell, anEnd, aStart, messageOf } from '../../fixtures/values.ts';
import { logReporter } from './log.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'stitch-log-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const events = [aStart([aCell('a/b/pick/one')]), anEnd()];

describe('the log', () => {
  it('is one JSON object a line, written as things happen', async () => {
    const file = path.join(folder, 'deep', 'down', 'run.jsonl');
    const log = logReporter(file);
    expect(readFileSync(file, 'utf8')).toBe('');
    const written: string[] = [];
    for (const event of events) {
      log.on(event);
      written.push(readFileSync(file, 'utf8'));
    }
    await log.end?.();
    const lines = events.map((event) => `${JSON.stringify(event)}\n`);
    expect(written).toEqual([lines[0], lines.join('')]);
  });

  it('replaces an older one', async () => {
    const file = path.join(folder, 'run.jsonl');
    writeFileSync(file, 'something older and longer than what comes\n'.repeat(100));
    const log = logReporter(file);
    log.on(anEnd());
    await log.end?.();
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(anEnd())}\n`);
  });

  it('has lines of any length', async () => {
    const file = path.join(folder, 'run.jsonl');
    const log = logReporter(file);
    const long = aStart([], { leftOut: '史'.repeat(1_000_000) });
    log.on(long);
    await log.end?.();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(long);
  });

  it.each<[string, () => string, RegExp]>([
    ['its folder is a file', () => path.join(aFile(), 'run.jsonl'), /: (EEXIST|ENOTDIR): .*$/],
    ['it is a folder', () => folder, /: EISDIR: illegal operation on a directory, open '.*'$/],
  ])('says before anything starts that %s', (_, file, reason) => {
    const name = file();
    const message = messageOf(() => logReporter(name));
    const start = `the log ${path.relative(process.cwd(), name)} cannot be written`;
    expect(message.slice(0, start.length)).toBe(start);
    expect(message.slice(start.length)).toMatch(reason);
    expect(() => logReporter(name)).toThrow(UsageError);
  });

  it.runIf(existsSync('/dev/full'))('says before anything starts that there is no room', () => {
    expect(messageOf(() => logReporter('/dev/full'))).toBe(
      `the log ${path.relative(process.cwd(), '/dev/full')} cannot be written: ENOSPC: no space left on device, write`,
    );
    expect(() => logReporter('/dev/full')).toThrow(UsageError);
  });

  it('may go to a device that keeps nothing', async () => {
    const log = logReporter('/dev/null');
    log.on(anEnd());
    await log.end?.();
  });

  function aFile(): string {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    return file;
  }
});
