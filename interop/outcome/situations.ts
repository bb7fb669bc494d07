/** What each peer does in each scenario, whoever its partner is: a run seen by situation, and not by pairing. */
import type { RunEvent } from '../model/event.ts';
import type { Mismatch, Outcome } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';

/** What one peer did, by its name: `as wanted`, or what it did in its place, the commonest first. */
export type Deeds = ReadonlyMap<string, readonly string[]>;

export interface Situation {
  readonly scenario: string;
  readonly title: string;
  /** Of whom nothing was played it is not told. */
  readonly client: Deeds;
  readonly server: Deeds;
}

export interface Situations {
  /** ISO time of the run's start; empty before it. */
  readonly at: string;
  /** `container` or `process`. */
  readonly launcher: string;
  readonly peers: readonly string[];
  /** In the order of the run; those of which nothing was played are left out. */
  readonly situations: readonly Situation[];
}

export const asWanted = 'as wanted';

/** Reads a run event by event. */
export function startSituations(): { add(event: RunEvent): void; told(): Situations } {
  let started: Extract<RunEvent, { type: 'run-started' }> | undefined;
  /** How often, by scenario, role, peer and deed. */
  const counts = { client: new Map<string, Counts>(), server: new Map<string, Counts>() };

  function note(role: Role, scenario: string, peer: string, deed: string): void {
    const ofScenario = counts[role].get(scenario) ?? new Map<string, Map<string, number>>();
    const ofPeer = ofScenario.get(peer) ?? new Map<string, number>();
    counts[role].set(scenario, ofScenario.set(peer, ofPeer.set(deed, (ofPeer.get(deed) ?? 0) + 1)));
  }

  return {
    add(event) {
      if (event.type === 'run-started') started = event;
      if (event.type !== 'cell-finished') return;
      const { outcome, scenario, client, server } = event.result;
      if (outcome.kind === 'unsupported') return;
      note('client', scenario, client, deedOf(outcome, 'client'));
      note('server', scenario, server, deedOf(outcome, 'server'));
    },
    told: () => ({
      at: started?.at ?? '',
      launcher: started?.launcher.kind ?? '',
      peers: started?.peers.map(({ name }) => name) ?? [],
      situations: (started?.scenarios ?? [])
        .filter(({ name }) => counts.client.has(name))
        .map(({ name, title }) => ({
          scenario: name,
          title,
          client: deedsOf(counts.client.get(name)),
          server: deedsOf(counts.server.get(name)),
        })),
    }),
  };
}

type Counts = Map<string, Map<string, number>>;

function deedsOf(counts: Counts = new Map()): Deeds {
  return new Map(
    Array.from(counts, ([peer, deeds]) => [
      peer,
      [...deeds].toSorted(([, one], [, other]) => other - one).map(([deed]) => deed),
    ]),
  );
}

/** What the other side did wrong is no deed of this one. */
function deedOf(outcome: Outcome, role: Role): string {
  switch (outcome.kind) {
    case 'passed':
    case 'unsupported':
      return asWanted;
    case 'broken':
      return outcome.by === role ? `broken: ${outcome.stage}` : asWanted;
    case 'failed':
      return isOwn(outcome, role) ? deedIn(outcome.mismatches, role) : asWanted;
    default:
      return outcome satisfies never;
  }
}

/** Where nobody knows whose fault it is, each side did what it tells. */
function isOwn({ blame, mismatches }: Extract<Outcome, { kind: 'failed' }>, role: Role): boolean {
  if (blame.side !== 'undetermined') return blame.side === role;
  return mismatches.some(({ witness }) => witness === role);
}

/** The status, where it differs; otherwise the first thing that does, by the side itself rather than by the wire. */
function deedIn(mismatches: readonly Mismatch[], role: Role): string {
  const own = mismatches.filter(({ witness }) => witness === role);
  const telling = own.find(({ what }) => what === 'status') ?? own[0] ?? mismatches[0];
  if (!telling) return 'fails';
  const [first = ''] = telling.got.split(' ');
  return telling.what === 'status' ? first : `${telling.what}: ${telling.got}`;
}
