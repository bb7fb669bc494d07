/** Saboteurs in runs of their own beside the honest peer, through the real launcher, session and judge. */
import type { Limits } from '../launch/launcher.ts';
import { defaultLimits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import { readLedger } from '../ledger.ts';
import type { Cell } from '../model/cell.ts';
import type { RunEvent } from '../model/event.ts';
import { makePlan, type Plan } from '../plan.ts';
import { parseQuery, type Query } from '../query.ts';
import { run } from '../run/run.ts';
import { scenarios } from '../scenarios/all.ts';
import type { Saboteur } from './catalogue.ts';
import { honestPeer, saboteurPeer } from './peers.ts';

type Place = Pick<Cell, 'client' | 'server' | 'scenario'>;

/** What takes seconds, for those that break it and for the honest one. */
const slowest = 'load/1000-in-turn';

/** Short, for what is silent; long enough for two busy cores. */
const shortLimits: Limits = {
  ...defaultLimits,
  readyMs: 4_000,
  callMs: 1_500,
  recordMs: 1_000,
  stopMs: 500,
  termMs: 300,
};
const longLimits: Limits = { ...shortLimits, callMs: defaultLimits.callMs };

/** The cells of a scenario name with `*`. */
export function matches(patterns: readonly string[], scenario: string): boolean {
  if (patterns.length === 0) return false;
  return parseQuery([`scenario:${patterns.join(',')}`]).matches({ client: '', server: '', scenario });
}

/** Whether the saboteur is to play a scenario. */
export function plays(saboteur: Saboteur, scenario: string): boolean {
  if (saboteur.plays) return matches(saboteur.plays, scenario);
  return scenario !== slowest;
}

/** Each saboteur with the honest peer; the honest peer with itself, with the slowest scenario if told. */
export function planOf(saboteurs: readonly Saboteur[], withSlowest: boolean): Plan {
  const byName = new Map(saboteurs.map((saboteur) => [saboteur.name, saboteur]));
  function isPlayed({ client, server, scenario }: Place): boolean {
    const [liar, other] = [byName.get(client), byName.get(server)];
    if (liar && other) return false;
    const saboteur = liar ?? other;
    return saboteur ? plays(saboteur, scenario) : withSlowest || scenario !== slowest;
  }
  const query: Query = { words: ['with:honest'], matches: isPlayed };
  const peers = [honestPeer, ...saboteurs.map(saboteurPeer)];
  return makePlan(peers, scenarios, query, readLedger('none', '[]'), '2000-01-01');
}

/** All events of one run. */
export async function runAll(plan: Plan, isSlow: boolean): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  await using launcher = programLauncher(processStarter(), isSlow ? longLimits : shortLimits);
  await run({
    plan,
    launcher,
    why: 'saboteurs are programs',
    signal: new AbortController().signal,
    emit: (event) => void events.push(event),
  });
  return events;
}
