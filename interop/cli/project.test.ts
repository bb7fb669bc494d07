import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';
import { projectIn } from './project.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stitch-project-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function configured(content: unknown): void {
  writeFileSync(
    path.join(folder, 'stitch.config.json'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
}

const here = (word: string) => path.relative(process.cwd(), path.join(folder, word));

describe('what a folder says of a run', () => {
  it('is nothing, where there is nothing', async () => {
    expect(await projectIn(folder)).toEqual({ contracts: [] });
  });

  it('is the contracts that are in it', async () => {
    for (const name of ['b', 'a', 'none'])
      mkdirSync(path.join(folder, 'contracts', name), { recursive: true });
    for (const name of ['b', 'a']) writeFileSync(path.join(folder, 'contracts', name, 'contract.yaml'), '');
    expect((await projectIn(folder)).contracts).toEqual([here('contracts/a'), here('contracts/b')]);
  });

  it('is what its settings say, found from where one stands', async () => {
    configured({
      contracts: ['api', 'reflect:127.0.0.1:1'],
      peers: ['x/peer.json', 'alpha@1.2'],
      servers: { mine: '127.0.0.1:50051', other: '127.0.0.1:1' },
      only: ['alpha'],
      out: 'left',
    });
    const project = await projectIn(folder);
    expect(readOptions([], project)).toMatchObject({
      contracts: [here('api'), 'reflect:127.0.0.1:1'],
      peers: [here('x/peer.json'), 'alpha@1.2'],
      servers: ['mine=127.0.0.1:50051', 'other=127.0.0.1:1'],
      only: ['alpha'],
      out: path.join(folder, 'left'),
    });
    const words = ['--contract', 'b', '--server', 'mine=127.0.0.1:2', '--only', 'beta', '--out', 'here'];
    expect(readOptions(words, project)).toMatchObject({
      contracts: ['b'],
      servers: ['other=127.0.0.1:1', 'mine=127.0.0.1:2'],
      only: ['beta'],
      out: path.resolve('here'),
    });
    // It plays nothing, and so asks for nothing to be played.
    expect(readOptions(['doctor'], project)).toMatchObject({ contracts: [], peers: [], servers: [] });
  });

  it.each([
    [{ colour: 'red' }, 'the file: unknown key "colour"'],
    [{ only: 'alpha' }, 'only: must be array'],
    [{ servers: { mine: 1 } }, 'servers.mine: must be string'],
    ['{', 'Expected property name'],
  ])('is a sentence where they are wrong: %j', async (content, says) => {
    configured(content);
    await expect(projectIn(folder)).rejects.toThrow(`${here('stitch.config.json')}: ${says}`);
  });
});

it.each([
  ['2', /^--shard: wanted one of so many, as in 2\/8, got 2$/],
  ['9/8', /got 9\/8$/],
])('--shard %s is none', (word, says) => {
  expect(() => readOptions(['--shard', word])).toThrow(says);
  expect(() => readOptions(['watch', '--shard', '1/2'])).toThrow('--shard: watch has no parts');
});
