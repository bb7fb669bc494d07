import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { alone } from './lock.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stitch-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'built', 'alpha.lock');
const { signal } = new AbortController();

it('those that name the same act one after another, also when one fails', async () => {
  let acting = 0;
  const act = (index: number) => async () => {
    expect(++acting).toBe(1);
    await sleep(5);
    acting--;
    if (index === 2) throw new Error('it was not built');
    return index;
  };
  const all = await Promise.allSettled([0, 1, 2, 3, 4].map((index) => alone(file, signal, act(index))));
  expect(all.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.message))).toEqual([
    0,
    1,
    'it was not built',
    3,
    4,
  ]);
  expect(readdirSync(path.dirname(file))).toEqual([]);
});

it('a process that is gone holds nothing, however many find out at once', async () => {
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(file, `${pid} long ago`);
  let acting = 0;
  const act = async () => {
    expect(++acting).toBe(1);
    await sleep(2);
    acting--;
  };
  await Promise.all(Array.from({ length: 8 }, () => alone(file, signal, act)));
  expect(existsSync(file)).toBe(false);
});

it('who waits can be stopped, and takes nothing away', async () => {
  writeFileSync(file, `${process.pid} somebody else`);
  await expect(alone(file, AbortSignal.timeout(50), async () => {})).rejects.toThrow(/timeout/);
  expect(existsSync(file)).toBe(true);
});
