import { expect, it } from 'vitest';
import { until, within } from './until.ts';

const never = new Promise<never>(() => {});

it('gives the value, or nothing when that comes too late', async () => {
  const { signal } = new AbortController();
  expect(await until(signal, Promise.resolve(7))).toBe(7);
  expect(await within(1_000, signal, Promise.resolve(7))).toBe(7);
  expect(await within(10, signal, never)).toBe(undefined);
});

it('rejects with the reason of a signal that stops it, before or meanwhile', async () => {
  const controller = new AbortController();
  const waits = [until(controller.signal, never), within(10_000, controller.signal, never)];
  controller.abort('SIGINT');
  for (const wait of waits) await expect(wait).rejects.toBe('SIGINT');
  await expect(until(controller.signal, Promise.resolve(7))).rejects.toBe('SIGINT');
});
