import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Baseline } from '../baseline.ts';
import { UsageError } from '../errors.ts';
import { rootFolder } from '../folders.ts';
import { readLedger } from '../ledger.ts';
import type { Peer } from '../model/peer.ts';
import { peerOfAddress, peerOfFile } from '../peers/elsewhere.ts';
import { findPeers } from '../peers/find.ts';
import { namesVersion, peerOfVersion } from '../peers/version.ts';
import { makePlan, type Plan } from '../plan.ts';
import { knowing, parseQuery } from '../query.ts';
import { scenarios } from '../scenarios/all.ts';
import type { Options } from './options.ts';

/** The plan that the options ask for, of all peers or of these; `is:` selects by the standings of the baseline. Throws a UsageError when there is none. */
export async function planOf(
  options: Options,
  baseline: Baseline | undefined,
  among?: readonly Peer[],
): Promise<Plan> {
  const file = path.join(rootFolder, 'ledger.json');
  const ledger = readLedger(path.relative(process.cwd(), file), await readFile(file, 'utf8'));
  const peers = among ?? (await peersOf(options));
  const parsed = parseQuery([...options.words, ...onlyWords(options, peers)]);
  if (parsed.asksStanding && !baseline) {
    throw new UsageError(
      'is: asks how cells stood in an earlier run, and none was named\n  hint: --baseline interop/out/run.jsonl takes the last one',
    );
  }
  const query = {
    ...(baseline ? knowing(parsed, baseline.matrix.standings) : parsed),
    words: [...options.words, ...(options.only ? [`--only ${options.only.join(',')}`] : [])],
  };
  return makePlan(peers, scenarios, query, ledger, new Date().toISOString().slice(0, 10));
}

type PeerOptions = Pick<Options, 'peers' | 'servers'>;

/** The project's peers, and those that the options name from elsewhere. Throws a UsageError for one that is wrong. */
export async function peersOf({ peers, servers }: PeerOptions): Promise<readonly Peer[]> {
  const tree = peers.some(namesVersion) ? await findPeers() : [];
  const more = await Promise.all(
    peers.map((word) => (namesVersion(word) ? peerOfVersion(word, tree) : peerOfFile(word))),
  );
  return findPeers(rootFolder, [...more, ...servers.map(peerOfAddress)]);
}

/** The flags that name those from elsewhere again. */
export function flagsOf({ peers, servers }: PeerOptions): readonly string[] {
  return [...peers.map((file) => `--peer ${file}`), ...servers.map((word) => `--server ${word}`)];
}

/** The peer of that name. Throws a UsageError that lists the names there are. */
export async function peerNamed(name: string | undefined, options: PeerOptions): Promise<Peer> {
  const peers = await peersOf(options);
  const found = peers.find((peer) => peer.name === name);
  if (found) return found;
  const names = peers.map((peer) => peer.name).join(' ');
  throw new UsageError(
    `${name === undefined ? 'no peer was named' : `no peer is named ${name}`}; there are ${names}`,
  );
}

/** `--only` as query words: the peers that are not named are excluded. */
function onlyWords({ only }: Options, peers: readonly Peer[]): readonly string[] {
  if (!only) return [];
  const unknown = only.find((name) => !peers.some((peer) => peer.name === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--only: no peer is named ${JSON.stringify(unknown)}; there are ${peers.map((peer) => peer.name).join(' ')}`,
    );
  }
  const others = peers.filter((peer) => !only.includes(peer.name)).map((peer) => peer.name);
  return others.length === 0 ? [] : [`!client:${others.join(',')}`, `!server:${others.join(',')}`];
}
