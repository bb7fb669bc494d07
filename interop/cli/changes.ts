import path from 'node:path';
import type { Contracts } from '../contract/contract.ts';
import { projectFolder } from '../folders.ts';
import type { Peer } from '../model/peer.ts';
import type { Plan } from '../plan/plan.ts';
import { type FolderWatch, watchFolders } from '../watch/folders.ts';
import { changedPeers, type Digests, digestsOf, foldersOf } from '../watch/sources.ts';
import type { Options } from './options.ts';
import { contractsOf, peersOf, planOf } from './select.ts';

/** The project as it was read at one moment. */
export interface Reading {
  readonly peers: readonly Peer[];
  readonly digests: Digests;
  readonly plan: Plan;
  readonly contracts: Contracts;
  /** Peers that play, and are not as they were in the reading before. */
  readonly changed: ReadonlySet<string>;
}

/** Looks after the peers' folders and proto/. */
export interface Changes extends Disposable {
  readonly first: Reading;
  /**
   * Resolves to the next reading in which a peer that plays is not as it was in `last`, or to
   * undefined when the signal is aborted. What cannot be read is told, and waited for.
   */
  next(last: Reading, signal: AbortSignal): Promise<Reading | undefined>;
}

/** Reads the project and begins to watch it. Throws a UsageError when there is no plan. */
export async function openChanges(options: Options, tell: (sentence: string) => void): Promise<Changes> {
  const folders = watchFolders();
  let told = '';

  /** Once, however often it is seen. */
  function tellOnce(sentences: string): void {
    if (sentences !== told && sentences !== '') tell(sentences);
    told = sentences;
  }

  async function look(last: Reading): Promise<Reading | undefined> {
    const found = await peersOf(options);
    const present = last.peers.flatMap((peer) => found.find((each) => isSame(each, peer)) ?? []);
    tellOnce(strangersText(last.peers, found));
    const digests = new Map([...last.digests, ...(await digestsOf(present))]);
    if (changedPeers(last.digests, digests).size === 0) return undefined;
    const peers = last.peers.map((peer) => present.find((each) => isSame(each, peer)) ?? peer);
    const project = await readProject(options, peers);
    const playing = [...last.plan.peers, ...project.plan.peers].map((peer) => peer.name);
    const changed = changedPeers(last.digests, digests).intersection(new Set(playing));
    return changed.size === 0 ? undefined : { ...project, digests, changed };
  }

  async function next(last: Reading, signal: AbortSignal): Promise<Reading | undefined> {
    while (!signal.aborted) {
      try {
        await folders.settled(signal);
        folders.open(await foldersOf(last.peers));
        const reading = await look(last);
        if (reading) return reading;
      } catch (error) {
        // A file that vanishes while it is read is on its way: there will be another hint.
        const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
        if (!signal.aborted && !isGone) tellOnce((error as Error).message);
      }
    }
    return undefined;
  }

  try {
    return { first: await firstReading(options, folders), next, [Symbol.dispose]: folders[Symbol.dispose] };
  } catch (error) {
    folders[Symbol.dispose]();
    throw error;
  }
}

async function firstReading(options: Options, folders: FolderWatch): Promise<Reading> {
  const peers = await peersOf(options);
  folders.open(await foldersOf(peers));
  const digests = await digestsOf(peers);
  return { ...(await readProject(options, peers)), digests, changed: new Set(digests.keys()) };
}

async function readProject(options: Options, peers: readonly Peer[]) {
  const contracts = await contractsOf(options);
  return { peers, contracts, plan: await planOf(options, contracts, undefined, peers) };
}

function isSame(a: Peer, b: Peer): boolean {
  return a.name === b.name && a.folder === b.folder;
}

/** Peers that have come or gone, a sentence each. */
function strangersText(known: readonly Peer[], found: readonly Peer[]): string {
  const [came, left] = [
    found.filter((peer) => !known.some((each) => isSame(each, peer))),
    known.filter((peer) => !found.some((each) => isSame(each, peer))),
  ];
  const where = (peer: Peer) => path.relative(projectFolder, peer.folder);
  return [
    ...came.map((peer) => `${where(peer)}: ${peer.name} is new, and plays from the next start on`),
    ...left.map((peer) => `${where(peer)}: ${peer.name} is gone; what it came to stays until the next start`),
  ].join('\n');
}
