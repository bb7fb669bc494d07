import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { findPeers } from './find.ts';

let root = '';

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'stitch-find-'));
});

afterEach(() => rm(root, { recursive: true }));

async function put(folder: string, name: string, more: object = {}): Promise<void> {
  const manifest = {
    name,
    title: name,
    args: [],
    server: { features: [] },
    process: { command: ['a'] },
    ...more,
  };
  await mkdir(path.join(root, folder), { recursive: true });
  await writeFile(path.join(root, folder, 'peer.json'), JSON.stringify(manifest));
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

describe('the peers', () => {
  it('are none in an empty folder', async () => {
    expect(await findPeers(root)).toEqual([]);
  });

  it("are the root's folders and those of peers/ that hold a manifest, by name", async () => {
    await put('gamma', 'gamma');
    await put('peers/beta-folder', 'beta');
    await put('peers/alpha', 'alpha');
    await put('peers/deeper/still', 'never');
    await mkdir(path.join(root, 'docs'));
    await writeFile(path.join(root, 'peers', 'README.md'), '');
    const peers = await findPeers(root);
    expect(peers.map((peer) => [peer.name, path.relative(root, peer.folder)])).toEqual([
      ['alpha', 'peers/alpha'],
      ['beta', 'peers/beta-folder'],
      ['gamma', 'gamma'],
    ]);
  });

  it('have names of their own', async () => {
    await put('alpha', 'alpha');
    await put('peers/other', 'alpha');
    expect(await messageOf(findPeers(root))).toBe(
      'alpha/peer.json and peers/other/peer.json: name: both are "alpha"; names are unique',
    );
  });

  it('are all checked: a manifest that is wrong leaves none out in silence', async () => {
    await put('peers/alpha', 'alpha');
    await put('peers/beta', 'beta', { langauge: 'x' });
    expect(await messageOf(findPeers(root))).toBe(
      `${path.relative(process.cwd(), root)}/peers/beta/peer.json: the manifest: unknown key "langauge"`,
    );
  });

  it('of the project are there, and each says how it runs', async () => {
    const peers = await findPeers();
    expect(peers.length).toBeGreaterThanOrEqual(3);
    for (const peer of peers) expect(peer.process ?? peer.container).toBeDefined();
  });
});
