/** A peer of the tree, built with another version of its library. */
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { protoFolder, rootFolder, workFolder } from '../folders.ts';
import type { Command, Peer, VersionSpec } from '../model/peer.ts';

/** Whether a word of `--peer` means one: `alpha@1.60.0`. */
export function namesVersion(word: string): boolean {
  return /^[a-z][a-z0-9-]*@/.test(word);
}

/**
 * The peer of that word among those of the tree, under the word as its name. It is
 * built in a copy of its folder, so that both can be in one run. Throws a UsageError
 * that says what was wanted.
 */
export function peerOfVersion(word: string, tree: readonly Peer[]): Peer {
  const [name = '', version = ''] = word.split('@');
  const peer = tree.find((each) => each.name === name);
  if (!peer) {
    const names = tree.map((each) => each.name).join(' ');
    throw new UsageError(`${word}: no peer is named ${name}; there are ${names}`);
  }
  if (!/^[0-9A-Za-z][0-9A-Za-z.+-]*$/.test(version) || word.split('@').length > 2)
    throw new UsageError(`${word}: wanted a version behind the @, as in ${name}@1.2.3`);
  const spec = peer.version;
  if (!spec)
    throw new UsageError(
      `${word}: the manifest of ${name} has no "version": it does not say how another one is built`,
    );
  return versioned(peer, spec, word, version);
}

function versioned(peer: Peer, spec: VersionSpec, word: string, version: string): Peer {
  const { container, process: asProcess, version: _, ...rest } = peer;
  return {
    ...rest,
    name: word,
    title: `${peer.title} ${version}`,
    folder: copyOf(peer, word),
    ...(asProcess && {
      process: { ...asProcess, build: spec.build.map((command) => filled(command, version)) },
    }),
    ...(container &&
      spec.argument && {
        container: { ...container, folder: peer.folder, arguments: { [spec.argument]: version } },
      }),
  };
}

function filled([program, ...args]: Command, version: string): Command {
  return [program, ...args.map((arg) => arg.replaceAll('{version}', version))];
}

/** The copy lies as deep as the folder does in the tree, beside a copy of proto/: what is told relative to it holds. */
function copyOf(peer: Peer, word: string): string {
  const root = path.join(workFolder, 'versions', word);
  const copy = path.join(root, path.relative(rootFolder, peer.folder));
  const outputs = new Set(peer.process?.outputs.map((output) => path.join(peer.folder, output)));
  mkdirSync(root, { recursive: true });
  cpSync(peer.folder, copy, { recursive: true, filter: (file) => !outputs.has(file) });
  cpSync(protoFolder, path.join(root, 'proto'), { recursive: true });
  return copy;
}
