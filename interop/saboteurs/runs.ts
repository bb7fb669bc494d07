/** Saboteurs in runs of their own beside the honest peer, through the real launcher, session and judge. */

import type { Limits } from '../launch/launcher.ts';
import { defaultLimits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import type { Cell } from '../model/cell.ts';
import type { RunEvent } from '../model/event.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { parseQuery, type Query } from '../plan/query.ts';
import { run } from '../run/run.ts';
import { tapLauncher } from '../wire/launcher.ts';
import type { Breakage, Saboteur } from './catalogue/saboteur.ts';
import { type Hosts, hostedStarter, openHosts } from './hosted.ts';
import { compile, honestPeer, saboteurPeer } from './peers.ts';
import { scenarios, types } from './scenarios.ts';
import { asStrangers } from './strangers.ts';

type Place = Pick<Cell, 'client' | 'server' | 'scenario'>;

/** For those that break them or name them, and for the honest one beside those that are slow: a thousand calls, and megabytes. */
const slowest = ['load/1000-calls', 'size/*', 'testing/*'];
/** Likewise: what is lied behind a handshake is lied without one as well, and one call shows that. */
const encrypted = ['tls/*', 'mtls/*'];
const forThoseAimed = [...slowest, ...encrypted];
/** For those that name them, and the honest one likewise: they would be a matter of gigabytes. */
const largest = ['streams/large-*'];

/** Short, for what is silent; long enough for a dozen programs that start at once on two busy cores. */
const shortLimits: Limits = {
  ...defaultLimits,
  readyMs: 8_000,
  callMs: 3_000,
  recordMs: 2_000,
  stopMs: 3_000,
  termMs: 1_000,
};
const longLimits: Limits = { ...shortLimits, callMs: defaultLimits.callMs };

/** Whether one of the names, in which `*` stands for anything, is the scenario's. */
export function matches(patterns: readonly string[], scenario: string): boolean {
  if (patterns.length === 0) return false;
  const word = `scenario:${patterns.join(',')}`;
  const query = queries.get(word) ?? parseQuery([word]);
  queries.set(word, query);
  return query.matches({ client: '', server: '', scenario });
}

/** They are asked thousands of times. */
const queries = new Map<string, Query>();

/** Whether the saboteur is to play a scenario. */
export function plays(saboteur: Saboteur, scenario: string): boolean {
  if (saboteur.plays) return matches(saboteur.plays, scenario);
  if (matches(largest, scenario)) return false;
  return !matches(forThoseAimed, scenario) || saboteur.breaks.some((each) => breaksBy(each, scenario));
}

/**
 * `whole`: everything that they can play. `sample`: what they are to break, by name, and of the rest a tenth that is
 * always the same: a change that breaks one of these verdicts breaks some of them.
 */
export type Extent = 'whole' | 'sample';

const sampled = 10;

function isSampled(saboteur: Saboteur, scenario: string): boolean {
  if (saboteur.plays || scenario === 'pick/stitch') return true;
  if (saboteur.breaks.some((each) => breaksBy(each, scenario))) return true;
  return inSample(saboteur.name, scenario);
}

function inSample(name: string, scenario: string): boolean {
  const sum = [...`${name} ${scenario}`].reduce(
    (all, letter) => (all * 31 + letter.charCodeAt(0)) % 65_521,
    7,
  );
  return sum % sampled === 0;
}

/** Named, and not by a `*` that stands for everything. */
function breaksBy({ scenarios }: Breakage, scenario: string): boolean {
  return matches(
    scenarios.filter((pattern) => pattern !== '*'),
    scenario,
  );
}

/** Each saboteur with the honest peer, and the honest peer with itself, as a saboteur of both roles is. */
function planOf(saboteurs: readonly Saboteur[], withSlowest: boolean, extent: Extent): Plan {
  const byName = new Map(saboteurs.map((saboteur) => [saboteur.name, saboteur]));
  function isPlayed({ client, server, scenario }: Place): boolean {
    const [one, other] = [byName.get(client), byName.get(server)];
    if (one && other && one !== other) return false;
    const saboteur = one ?? other;
    if (saboteur) return plays(saboteur, scenario) && (extent === 'whole' || isSampled(saboteur, scenario));
    if (withSlowest) return true;
    if (matches([...forThoseAimed, ...largest], scenario)) return false;
    return extent === 'whole' || inSample(saboteurs[0]?.name ?? '', scenario);
  }
  const query: Query = { words: ['honest'], asksStanding: false, concerns: () => true, matches: isPlayed };
  const peers = [honestPeer, ...saboteurs.map(saboteurPeer)];
  return makePlan(peers, scenarios, query, readLedger('no ledger', '[]'), '2000-01-01');
}

/** One run: who was in it, and all that was told of it. */
export interface RunLog {
  readonly saboteurs: readonly Saboteur[];
  readonly events: readonly RunEvent[];
}

async function runBatch(
  saboteurs: readonly Saboteur[],
  extent: Extent,
  hosts: Hosts,
  signal: AbortSignal,
): Promise<RunLog> {
  const events: RunEvent[] = [];
  const isSlow = saboteurs.some((saboteur) => saboteur.isSlow);
  // There is nothing to build.
  const starter = {
    ...hostedStarter(processStarter(), hosts, saboteurs),
    build: async () => ({ cached: true }),
  };
  await using launcher = tapLauncher(
    asStrangers(programLauncher(starter, isSlow ? longLimits : shortLimits, types), saboteurs),
    types,
  );
  await run({
    plan: planOf(saboteurs, isSlow, extent),
    launcher,
    why: 'saboteurs are programs',
    signal,
    emit: (event) => void events.push(withoutEvidence(event)),
  });
  return { saboteurs, events };
}

/** What crossed in hundreds of cells by dozens of saboteurs is a matter of gigabytes, and nobody asks for it. */
function withoutEvidence(event: RunEvent): RunEvent {
  if (event.type !== 'cell-finished') return event;
  return { ...event, result: { ...event.result, evidence: { calls: [], omitted: 0 } } };
}

const batchSize = 8;
/** Runs at a time: most of a run is waiting on purpose. */
const width = 3;

/** How far the runs have come. */
export interface Progress {
  readonly runs: number;
  readonly planned: number;
  readonly saboteurs: number;
}

/**
 * Who plays in which run: those that are slow by themselves, the others dealt like cards. What is waited for, and how
 * long, is a saboteur's own affair: it must not depend on who else was chosen.
 */
export function batchesOf(saboteurs: readonly Saboteur[]): readonly (readonly Saboteur[])[] {
  const quick = saboteurs.filter((saboteur) => !saboteur.isSlow);
  const count = Math.ceil(quick.length / batchSize);
  return [
    saboteurs.filter((saboteur) => saboteur.isSlow),
    ...Array.from({ length: count }, (_, batch) => quick.filter((_, index) => index % count === batch)),
  ].filter((batch) => batch.length > 0);
}

/**
 * Runs all saboteurs, a few in each run. When the signal stops it, what was in it is told as far as it went.
 */
export async function runAll(
  saboteurs: readonly Saboteur[],
  extent: Extent,
  signal: AbortSignal = new AbortController().signal,
  onProgress: (progress: Progress) => void = () => {},
): Promise<readonly RunLog[]> {
  const batches = batchesOf(saboteurs);
  await compile();
  const logs: RunLog[] = [];
  const pending = batches.values();
  await using hosts = openHosts();
  async function work(): Promise<void> {
    for (const batch of pending) {
      if (signal.aborted) return;
      logs.push(await runBatch(batch, extent, hosts, signal));
      const played = logs.reduce((sum, each) => sum + each.saboteurs.length, 0);
      onProgress({ runs: logs.length, planned: batches.length, saboteurs: played });
    }
  }
  await Promise.all(Array.from({ length: width }, work));
  return logs;
}
