/** Peers that are not in the tree. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import type { Peer } from '../model/peer.ts';
import type { ClientPem } from '../model/tls.ts';
import { readManifest } from './manifest.ts';

/** The peer of a manifest anywhere (`--peer FILE`). Throws a UsageError that names the file and what is wrong with it. */
export async function peerOfFile(file: string): Promise<Peer> {
  const absolute = path.resolve(file);
  try {
    return readManifest(absolute, await readFile(absolute, 'utf8'));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--peer ${file}: ${(error as Error).message}\n  hint: wanted the peer.json itself`);
  }
}

/** A server that runs already (`--server NAME=HOST:PORT`), called over TLS where it is said how. Throws a UsageError that says what was wanted. */
export function peerOfAddress(word: string, tls?: ClientPem): Peer {
  const [, name, address] =
    /^([a-z][a-z0-9-]{0,30})=((?:[^:\s]+|\[[0-9a-f:.]+\]):\d{1,5})$/i.exec(word) ?? [];
  if (!name || !address || Number(address.split(':').at(-1)) > 65535)
    throw new UsageError(`--server ${word}: wanted a name and an address, as in mine=127.0.0.1:6000`);
  return {
    name,
    title: `the server at ${address}${tls ? ', over TLS' : ''}`,
    folder: '',
    address,
    ...(tls && { tls }),
    server: { args: [], features: [] },
  };
}
