/** What the command line names itself: peers from elsewhere, servers that run already, contracts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from '../contract/contract.ts';
import type { Cell } from '../model/cell.ts';
import type { Peer } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { namesVersion } from '../peers/version.ts';
import { type Options, tlsOptions } from './options.ts';
import { isWordFor } from './server-tls.ts';

type Named = Pick<Options, 'peers' | 'servers'>;

/** A word of the command line brought this peer: whoever names one wants it to take part. */
export function isNamed(peer: Peer, { peers, servers }: Named): boolean {
  return peers.some((word) => isOfFile(word, peer)) || servers.some((word) => isAtAddress(word, peer));
}

function isOfFile(word: string, { name, folder }: Peer): boolean {
  if (namesVersion(word)) return name === word;
  return path.dirname(path.resolve(word)) === folder && (nameIn(word) ?? name) === name;
}

/** A folder may have several manifests. Undefined: it cannot be read any more. */
function nameIn(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as Pick<Peer, 'name'>).name;
  } catch {
    return undefined;
  }
}

function isAtAddress(word: string, { name, address }: Peer): boolean {
  return address !== undefined && word.startsWith(`${name}=`);
}

/** The flags without which a cell would not be there: of those on the command line, what it needs. */
export function flagsOf(
  {
    peers: files,
    servers,
    contracts: words,
    tls,
    tlsWords,
  }: Named & Pick<Options, 'contracts' | 'tls' | 'tlsWords'>,
  peers: readonly Peer[],
  contracts: readonly Pick<Contract, 'name' | 'folder'>[],
) {
  return (
    cell: Pick<Cell, 'client' | 'server'>,
    { contract }: Pick<Scenario, 'contract'>,
  ): readonly string[] => {
    const playing = peers.filter(({ name }) => name === cell.client || name === cell.server);
    const encrypted = playing.filter((peer) => peer.tls);
    const others = contracts.filter(({ name }) => name !== contract);
    return [
      ...(tls ? ['--tls'] : []),
      ...words
        .filter((word) => !others.some(({ folder }) => folder === path.resolve(word)))
        .map((word) => `--contract ${word}`),
      ...files.filter((word) => playing.some((peer) => isOfFile(word, peer))).map((word) => `--peer ${word}`),
      ...servers
        .filter((word) => playing.some((peer) => isAtAddress(word, peer)))
        .map((word) => `--server ${word}`),
      ...tlsOptions.flatMap((option) =>
        tlsWords[option]
          .filter((word) => encrypted.some(({ name }) => isWordFor(word, name)))
          .map((word) => `--${option} ${word}`),
      ),
    ];
  };
}
