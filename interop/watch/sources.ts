import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { protoFolder } from '../folders.ts';
import { digestOf, foldersBelow } from '../launch/digest.ts';
import type { Peer } from '../model/peer.ts';
import { placesOfPeers } from '../peers/find.ts';

/** Digests of all that peers are built of, by name. The same as builds go by. */
export type Digests = ReadonlyMap<string, string>;

export async function digestsOf(peers: readonly Peer[]): Promise<Digests> {
  return new Map(
    await Promise.all(
      peers.map(async (peer) => {
        const folders = peer.address ? [] : [peer.folder, protoFolder];
        return [peer.name, await digestOf(folders, outputsOf(peer))] as const;
      }),
    ),
  );
}

/** The peers of `now` whose digest is another one than before. */
export function changedPeers(before: Digests, now: Digests): ReadonlySet<string> {
  return new Set([...now].flatMap(([name, digest]) => (before.get(name) === digest ? [] : [name])));
}

/** The folders whose changes may change a digest, and those where peers appear. */
export async function foldersOf(peers: readonly Peer[]): Promise<readonly string[]> {
  const places = placesOfPeers();
  const own = await Promise.all(
    [
      foldersBelow(protoFolder, []),
      ...peers.map((peer) => foldersBelow(peer.folder, outputsOf(peer))),
      ...places.map(withChildren),
    ].map((listed) => listed.catch(unlessGone)),
  );
  return [...new Set(own.flat())];
}

/** The folder and those directly in it. */
async function withChildren(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !/^(?:\.|node_modules$)/.test(entry.name));
  return [folder, ...folders.map((entry) => path.join(folder, entry.name))];
}

function outputsOf(peer: Peer): readonly string[] {
  return peer.process?.outputs ?? [];
}

function unlessGone(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
