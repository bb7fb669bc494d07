import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readKeyLogs } from './key-logs.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stitch-keys-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const random = (byte: number) => Buffer.alloc(32, byte);
const line = (byte: number) => `CLIENT_TRAFFIC_SECRET_0 ${random(byte).toString('hex')} ${'0f'.repeat(32)}\n`;

it('reads files as they grow, be it within a line, and whoever asks at once', async () => {
  const [one, other] = [path.join(folder, 'one'), path.join(folder, 'other')];
  writeFileSync(one, line(1).slice(0, 50));
  writeFileSync(other, `# a comment\n${line(2)}`);
  const logs = readKeyLogs();
  logs.add(one);
  logs.add(other);
  logs.add(undefined);
  logs.add(path.join(folder, 'not there'));
  const has = (byte: number) => logs.secrets(random(byte), 'CLIENT_TRAFFIC_SECRET_0').length > 0;
  await logs.read();
  expect([has(1), has(2)]).toEqual([false, true]);
  appendFileSync(one, `${line(1).slice(50)}${line(3)}`);
  await Promise.all([logs.read(), logs.read(), logs.read()]);
  appendFileSync(one, line(4));
  await logs.read();
  expect([1, 3, 4, 5].map(has)).toEqual([true, true, true, false]);
  expect(logs.secrets(random(1), 'SERVER_TRAFFIC_SECRET_0')).toEqual([]);
});

it('gives what each of them tells of a connection: one may be wrong', async () => {
  const [wrong, right] = [path.join(folder, 'wrong'), path.join(folder, 'right')];
  writeFileSync(wrong, line(7).replace(/0f(?=0f)/g, 'aa'));
  writeFileSync(right, line(7));
  const logs = readKeyLogs();
  logs.add(wrong);
  logs.add(right);
  await logs.read();
  expect(logs.secrets(random(7), 'CLIENT_TRAFFIC_SECRET_0').map((secret) => secret[0])).toEqual([0xaa, 0x0f]);
});
