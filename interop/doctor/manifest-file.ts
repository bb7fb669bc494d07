import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import type { Peer } from '../model/peer.ts';
import { placesOfPeers } from '../peers/find.ts';
import { readManifest } from '../peers/manifest.ts';
import { namesVersion, peerOfVersion } from '../peers/version.ts';

/** The manifest of the peer to be examined: it may be wrong in every other way. */
export interface ManifestFile {
  /** Absolute path of its `peer.json`. */
  readonly file: string;
  /** The manifests of all other peers. */
  readonly others: readonly string[];
  /** The peer of the manifest. Throws a UsageError that says what is wrong with it. */
  peer(): Peer;
}

/**
 * A peer of the tree (`alpha`), one in another version of its library (`alpha@1.60.0`), or one from
 * elsewhere (`../mine/peer.json`). Throws a UsageError when there is none.
 */
export function manifestFileOf(word: string): ManifestFile {
  if (namesVersion(word)) {
    const file = manifestNamed(word.split('@')[0] ?? '');
    const peer = peerOfVersion(word, [file.peer()]);
    return { ...file, peer: () => peer };
  }
  return word.includes('/') || word.endsWith('.json')
    ? manifestAt(path.resolve(word), word)
    : manifestNamed(word);
}

function manifestAt(file: string, word: string): ManifestFile {
  if (existsSync(file) && path.basename(file) === 'peer.json') return manifestIn(file, manifests());
  throw new UsageError(`doctor ${word}: wanted a peer's name, or the path of a peer.json that is there`);
}

function manifestIn(file: string, files: readonly string[]): ManifestFile {
  return {
    file,
    others: files.filter((each) => each !== file),
    peer: () => readManifest(file, readFileSync(file, 'utf8')),
  };
}

/** The manifest whose folder or `name` is that. Throws a UsageError that lists what there is. */
function manifestNamed(name: string): ManifestFile {
  const files = manifests();
  const file =
    files.find((each) => folderName(each) === name) ??
    files.find((each) => readFileSync(each, 'utf8').includes(`"name": ${JSON.stringify(name)}`));
  if (file) return manifestIn(file, files);
  throw new UsageError(
    `no peer is named ${name}; there are ${files.map(folderName).join(' ')}\n  hint: npm run interop -- new ${name} makes one`,
  );
}

function folderName(file: string): string {
  return path.basename(path.dirname(file));
}

/** Where peers/find.ts looks for them as well. */
function manifests(): readonly string[] {
  return placesOfPeers()
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(folder, entry.name, 'peer.json')),
    )
    .filter((file) => existsSync(file))
    .toSorted();
}
