import type { LatencyCount, RunEvent } from '../model/event.ts';
import type { Implementation, Role } from '../model/peer.ts';
import { addLatenciesTo } from './latency.ts';

/** One start of a program: the first of a run, or one that replaced another. */
export interface StartUp {
  readonly peer: string;
  readonly role: Role;
  readonly implementation: Implementation;
  readonly startupMs: number;
}

export interface Build {
  readonly peer: string;
  readonly buildMs: number;
  /** Nothing was built: what an earlier run had built was still good. */
  readonly cached: boolean;
}

/** How long things took so far. */
export interface Timings {
  /** How many plain calls took so many ms, over all cells and rounds that passed; by `client/server`. */
  readonly latencies: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Every start, in the order in which they came; by `peer/role`. */
  readonly startUps: ReadonlyMap<string, readonly StartUp[]>;
  /** Builds that came to an end, by peer; one that failed is none. */
  readonly builds: ReadonlyMap<string, Build>;
}

/** The one place where events become times. Each event costs what it brings, however long the run is. */
export function startTimings(): { readonly timings: Timings; add(event: RunEvent): void } {
  const latencies = new Map<string, Map<number, number>>();
  const startUps = new Map<string, StartUp[]>();
  const builds = new Map<string, Build>();

  function add(event: RunEvent): void {
    switch (event.type) {
      case 'cell-finished': {
        const { client, server, latencies: counts } = event.result;
        if (counts)
          addLatenciesTo(
            at(latencies, `${client}/${server}`, () => new Map()),
            counts,
          );
        return;
      }
      case 'peer-started': {
        const { peer, role, implementation, startupMs } = event;
        at(startUps, `${peer}/${role}`, () => []).push({ peer, role, implementation, startupMs });
        return;
      }
      case 'peer-built': {
        const { peer, buildMs, cached, problem } = event;
        if (problem === undefined) builds.set(peer, { peer, buildMs, cached });
        return;
      }
      case 'run-started':
      case 'peer-building':
      case 'peer-stopped':
      case 'cell-started':
      case 'run-finished':
        return;
      default:
        event satisfies never;
    }
  }
  return { timings: { latencies, startUps, builds }, add };
}

/** The latencies of a pairing (`client/server`), the shortest first, as latency.ts takes them; empty when it has none. */
export function latenciesOf({ latencies }: Timings, pairing: string): readonly LatencyCount[] {
  return [...(latencies.get(pairing) ?? [])].toSorted(([a], [b]) => a - b);
}

function at<V>(map: Map<string, V>, key: string, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
