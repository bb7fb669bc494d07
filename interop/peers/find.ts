import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { projectFolder, rootFolder } from '../folders.ts';
import type { Peer } from '../model/peer.ts';
import { readManifest } from './manifest.ts';

/** The folders in each of whose folders there may be a `peer.json`. */
export function placesOfPeers(root = rootFolder): readonly string[] {
  const [ours, own] = [path.join(root, 'peers'), path.join(projectFolder, 'peers')];
  return [...new Set([root, ours, ...(root === rootFolder ? [own] : [])])];
}

/**
 * Every peer that comes with the program, those of the folder in which one stands, and
 * those from elsewhere, by name. Throws a UsageError that names file and key for the first
 * manifest that is wrong, and for two peers of one name.
 */
export async function findPeers(root = rootFolder, more: readonly Peer[] = []): Promise<readonly Peer[]> {
  const folders = (await Promise.all(placesOfPeers(root).map(foldersOf))).flat();
  const files = folders.map((folder) => path.join(folder, 'peer.json')).filter((file) => existsSync(file));
  const found = await Promise.all(
    files.map(async (file) => readManifest(file, await readFile(file, 'utf8'))),
  );
  const isFound = (each: Peer) =>
    found.some(({ folder, name }) => folder === each.folder && name === each.name);
  // Who is named as well is the same one.
  const others = more.filter((each) => !isFound(each));
  const peers = [...found, ...others];
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
