import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from './digest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stitch-digest-'));
  write('src/main.txt', 'one');
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), content);
}

describe('the digest of a folder', () => {
  it.each([
    ['src/main.txt', 'two'],
    ['src/more.txt', ''],
    ['src/build/deep.txt', 'a folder named like an output, but not at the top'],
  ])('changes with %s', async (name, content) => {
    const before = await digestOf([folder], ['build']);
    write(name, content);
    expect(await digestOf([folder], ['build'])).not.toBe(before);
  });

  it.each([
    'build/program',
    'node_modules/a/index.js',
    'src/node_modules/a/index.js',
    'src/__pycache__/a',
    '.test_cache/a',
  ])('does not change with %s', async (name) => {
    const before = await digestOf([folder], ['build/']);
    write(name, 'made');
    expect(await digestOf([folder], ['build/'])).toBe(before);
  });

  it('tells a name from a content', async () => {
    write('a', 'bc');
    const before = await digestOf([folder], []);
    rmSync(path.join(folder, 'a'));
    write('ab', 'c');
    expect(await digestOf([folder], [])).not.toBe(before);
  });
});
