import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import type { Program } from '../launch/program.ts';
import { openHosts } from './hosted.ts';

vi.mock('node:child_process', { spy: true });

const honest = { lie: undefined, keyLog: undefined };

async function firstLineOf({ stdout }: Program): Promise<string> {
  const [text] = (await once(stdout, 'data')) as [Buffer];
  return String(text);
}

it('has another host where one died, and tells that all who were in it are gone', async () => {
  await using hosts = openHosts();
  const first = hosts.start('client', honest);
  expect(await firstLineOf(first)).toContain('"ready"');
  const [child] = vi.mocked(fork).mock.results;
  child?.value.kill('SIGABRT');
  expect(await first.ended).toEqual({ how: 'signal SIGKILL', clean: false });
  const second = hosts.start('client', honest);
  expect(await firstLineOf(second)).toContain('"ready"');
  await second.kill();
  expect(await second.ended).toEqual({ how: 'signal SIGKILL', clean: false });
});
