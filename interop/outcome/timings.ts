import type { CellResult, LatencyCount, RunEvent } from '../model/event.ts';
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

/** What cells took, in ms: those that run side by side are added up, each with all of its time. */
export interface CellTimes {
  readonly cells: number;
  readonly calls: number;
  readonly ms: number;
  /** Of it, in scenarios that wait on purpose. */
  readonly waitingMs: number;
}

/** How long things took so far. */
export interface Timings {
  /** How many plain calls took so many ms, over all cells and rounds that passed; by `client/server`. */
  readonly latencies: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Every start, in the order in which they came; by `peer/role`. */
  readonly startUps: ReadonlyMap<string, readonly StartUp[]>;
  /** Builds that came to an end, by peer; one that failed is none. */
  readonly builds: ReadonlyMap<string, Build>;
  /** Of the cells that were played; by `peer/role`. */
  readonly cells: ReadonlyMap<string, CellTimes>;
}

const noCells: CellTimes = { cells: 0, calls: 0, ms: 0, waitingMs: 0 };

/** The one place where events become times. Each event costs what it brings, however long the run is. */
export function startTimings(): { readonly timings: Timings; add(event: RunEvent): void } {
  const latencies = new Map<string, Map<number, number>>();
  const startUps = new Map<string, StartUp[]>();
  const builds = new Map<string, Build>();
  const cells = new Map<string, CellTimes>();
  const waiting = new Set<string>();

  function addCell(key: string, { scenario, evidence, durationMs }: CellResult): void {
    const before = cells.get(key) ?? noCells;
    cells.set(key, {
      cells: before.cells + 1,
      calls: before.calls + evidence.calls.length + evidence.omitted,
      ms: before.ms + durationMs,
      waitingMs: before.waitingMs + (waiting.has(scenario) ? durationMs : 0),
    });
  }

  function add(event: RunEvent): void {
    switch (event.type) {
      case 'cell-finished': {
        const { client, server, outcome, latencies: counts } = event.result;
        if (outcome.kind !== 'unsupported') {
          addCell(`${client}/client`, event.result);
          addCell(`${server}/server`, event.result);
        }
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
        for (const { name, waits } of event.scenarios) if (waits) waiting.add(name);
        return;
      case 'peer-building':
      case 'peer-stopped':
      case 'cell-started':
      case 'run-finished':
        return;
      default:
        event satisfies never;
    }
  }
  return { timings: { latencies, startUps, builds, cells }, add };
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
