import path from 'node:path';
import type { Contracts } from '../contract/contract.ts';
import { loadContracts, ownContracts } from '../contract/load.ts';
import { reflectedAddress } from '../contract/reflected-address.ts';
import { UsageError } from '../errors.ts';
import { rootFolder } from '../folders.ts';
import { repositoryOf } from '../launch/image-name.ts';
import type { Peer } from '../model/peer.ts';
import type { Baseline } from '../outcome/baseline.ts';
import { peerOfAddress, peerOfFile } from '../peers/elsewhere.ts';
import { findPeers } from '../peers/find.ts';
import { isPlainServer } from '../peers/stranger.ts';
import { namesVersion, peerOfVersion } from '../peers/version.ts';
import { overTls } from '../plan/over-tls.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { knowing, parseQuery } from '../plan/query.ts';
import { complain } from './complain.ts';
import { ledgerOf } from './ledger.ts';
import { isNamed } from './named.ts';
import type { Options } from './options.ts';
import { checkTlsNames, type Target, tlsOf } from './server-tls.ts';

/** What is played: the contracts that are named, or the project's own. Throws a UsageError where one is wrong. */
export async function contractsOf(options: ServerOptions): Promise<Contracts> {
  const { contracts, tlsWords } = options;
  const named = contracts.map((each) => (reflectedAddress(each) === undefined ? path.resolve(each) : each));
  const found = await loadContracts(named.length > 0 ? named : ownContracts(), (address) => {
    const target = targetsOf(options).find((each) => each.address === address);
    return target && tlsOf(tlsWords, target);
  });
  for (const { notes } of found.contracts) notes.forEach(complain);
  return found;
}

/** The plan that the options ask for, of all peers or of these; `is:` selects by the standings of the baseline. Throws a UsageError when there is none. */
export async function planOf(
  options: Options,
  { contracts, scenarios }: Contracts,
  baseline: Baseline | undefined,
  among?: readonly Peer[],
): Promise<Plan> {
  const ledger = await ledgerOf(options, contracts);
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
  const today = new Date().toISOString().slice(0, 10);
  const plan = (list: typeof scenarios) => makePlan(peers, list, query, ledger, today);
  if (!options.tls) return plan(scenarios);
  // What the ledger says of peers that do not encrypt is no less true.
  return { ...plan(scenarios.map(overTls)), transport: 'tls', problems: plan(scenarios).problems };
}

type ServerOptions = Pick<Options, 'servers' | 'contracts' | 'tlsWords'>;
type PeerOptions = ServerOptions & Pick<Options, 'peers' | 'images' | 'build'>;

/** The project's peers, and those that the options name from elsewhere. Throws a UsageError for one that is wrong. */
export async function peersOf(options: PeerOptions): Promise<readonly Peer[]> {
  const { peers, servers, tlsWords } = options;
  const targets = targetsOf(options);
  checkTlsNames(tlsWords, targets);
  const running = targets.map((target) =>
    peerOfAddress(`${target.name}=${target.address}`, tlsOf(tlsWords, target)),
  );
  const tree = peers.some(namesVersion) ? await findPeers() : [];
  const elsewhere = await Promise.all(
    peers.map((word) => (namesVersion(word) ? peerOfVersion(word, tree) : peerOfFile(word))),
  );
  const named = [...elsewhere, ...running.slice(0, servers.length)];
  // A server that was asked what it serves is played, unless another is named.
  const reflected = named.some(isPlainServer) ? [] : running.slice(servers.length);
  const found = await findPeers(rootFolder, [...named, ...reflected]);
  return found.map((peer) => withImage(peer, options));
}

/** The peer with the place from which its image is pulled, or with none. Another version of a library is built. */
function withImage(peer: Peer, { images, build }: Pick<Options, 'images' | 'build'>): Peer {
  const { container } = peer;
  if (!container) return peer;
  const { image, ...rest } = container;
  const isOurs = images !== undefined && !path.relative(rootFolder, peer.folder).startsWith('..');
  const place = image ?? (isOurs ? `${images}/${repositoryOf(peer)}` : undefined);
  const isPulled = place !== undefined && !build && !container.arguments;
  return { ...peer, container: { ...rest, ...(isPulled && { image: place }) } };
}

/** Servers that run already: those that are named, and behind them those that are asked what they serve. */
function targetsOf({ servers, contracts }: ServerOptions): readonly (Target & Pick<Peer, 'name'>)[] {
  const reflected = contracts.flatMap((each) => reflectedAddress(each) ?? []);
  return [
    ...servers.map((word) => {
      const { name, address = '' } = peerOfAddress(word);
      return { name, address };
    }),
    ...reflected.map((address, index) => ({
      name: `reflected${index === 0 ? '' : `-${index + 1}`}`,
      address,
    })),
  ];
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

/** `--only` as query words: the peers that are named nowhere are excluded. */
function onlyWords({ only, ...options }: Options, peers: readonly Peer[]): readonly string[] {
  if (!only) return [];
  const unknown = only.find((name) => !peers.some((peer) => peer.name === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--only: no peer is named ${JSON.stringify(unknown)}; there are ${peers.map((peer) => peer.name).join(' ')}`,
    );
  }
  // A server that was asked for what is played was named as well.
  const others = peers
    .filter((peer) => !only.includes(peer.name) && !peer.address && !isNamed(peer, options))
    .map((peer) => peer.name);
  return others.length === 0 ? [] : [`!client:${others.join(',')}`, `!server:${others.join(',')}`];
}
