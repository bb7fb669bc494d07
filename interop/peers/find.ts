import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { rootFolder } from '../folders.ts';
import type { Peer } from '../model/peer.ts';
import { readManifest } from './manifest.ts';

/**
 * Every peer of the project: the folders of the root and of `peers/` that hold a
 * `peer.json`, and those from elsewhere, by name. Throws a UsageError that names file and key for the first
 * manifest that is wrong, and for two peers of one name.
 */
export async function findPeers(root = rootFolder, more: readonly Peer[] = []): Promise<readonly Peer[]> {
  const folders = [...(await foldersOf(root)), ...(await foldersOf(path.join(root, 'peers')))];
  const files = folders.map((folder) => path.join(folder, 'peer.json')).filter((file) => existsSync(file));
  const own = await Promise.all(files.map(async (file) => readManifest(file, await readFile(file, 'utf8'))));
  const peers = [...own, ...more];
  for (const [name, same] of Map.groupBy(peers, (peer) => peer.name)) {
    const where = same.map(
      (peer) => peer.address ?? path.relative(root, path.join(peer.folder, 'peer.json')),
    );
    if (same.length > 1)
      throw new UsageError(
        `${where.join(' and ')}: name: both are ${JSON.stringify(name)}; names are unique`,
      );
  }
  return peers.toSorted((a, b) => a.name.localeCompare(b.name));
}

async function foldersOf(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name));
}
