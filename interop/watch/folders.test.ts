import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldersBelow } from '../launch/digest.ts';
import { type FolderWatch, watchFolders } from './folders.ts';

let root = '';
let folders: FolderWatch;

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'stitch-folders-'));
  mkdirSync(path.join(root, 'src/deep'), { recursive: true });
  mkdirSync(path.join(root, 'build'));
  writeFileSync(path.join(root, 'src/deep/main.txt'), 'one');
  folders = watchFolders();
  await open();
});

afterEach(() => {
  folders[Symbol.dispose]();
  rmSync(root, { recursive: true, force: true });
});

async function open(): Promise<void> {
  folders.open(await foldersBelow(root, ['build']));
}

/** Whether something is noticed within the time. */
function isNoticed(withinMs: number): Promise<boolean> {
  return folders.settled(AbortSignal.timeout(withinMs)).then(
    () => true,
    () => false,
  );
}

describe('folders', () => {
  it.each<[string, () => void]>([
    ['a file that is written', () => writeFileSync(path.join(root, 'src/deep/main.txt'), 'two')],
    ['a file that grows', () => appendFileSync(path.join(root, 'src/deep/main.txt'), 'more')],
    ['a new file', () => writeFileSync(path.join(root, 'src/new.txt'), '')],
    ['a file that goes', () => rmSync(path.join(root, 'src/deep/main.txt'))],
    ['a new folder', () => mkdirSync(path.join(root, 'src/new'))],
    [
      'a file that replaces another, as editors do',
      () => {
        writeFileSync(path.join(root, 'build/main.txt'), 'two');
        renameSync(path.join(root, 'build/main.txt'), path.join(root, 'src/deep/main.txt'));
      },
    ],
  ])('tell of %s', async (_, act) => {
    const noticed = isNoticed(5_000);
    act();
    expect(await noticed).toBe(true);
    expect(await isNoticed(400)).toBe(false);
  });

  it('tell of what happened when nobody waited', async () => {
    writeFileSync(path.join(root, 'src/new.txt'), '');
    await sleep(100);
    expect(await isNoticed(5_000)).toBe(true);
  });

  it('tell nothing of those that are passed over', async () => {
    writeFileSync(path.join(root, 'build/program'), 'made');
    expect(await isNoticed(500)).toBe(false);
  });

  it('tell when it is over, and not before', async () => {
    const startedAt = performance.now();
    const noticed = isNoticed(10_000);
    for (let n = 0; n < 8; n++) {
      appendFileSync(path.join(root, 'src/deep/main.txt'), 'more');
      await sleep(100);
    }
    expect(await noticed).toBe(true);
    expect(performance.now() - startedAt).toBeGreaterThan(900);
  });

  it('are watched again when they were removed and made again under the same name', async () => {
    rmSync(path.join(root, 'src'), { recursive: true });
    mkdirSync(path.join(root, 'src/deep'), { recursive: true });
    expect(await isNoticed(5_000)).toBe(true);
    await open();
    expect(await isNoticed(400)).toBe(false);
    writeFileSync(path.join(root, 'src/deep/main.txt'), 'again');
    expect(await isNoticed(5_000)).toBe(true);
  });

  it('that are not there are passed over', async () => {
    folders.open([path.join(root, 'nowhere'), root]);
    writeFileSync(path.join(root, 'new.txt'), '');
    expect(await isNoticed(5_000)).toBe(true);
  });
});
