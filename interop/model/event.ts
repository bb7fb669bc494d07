import type { Cell } from './cell.ts';
import type { Evidence } from './evidence.ts';
import type { Logs } from './log.ts';
import type { Outcome } from './outcome.ts';
import type { Implementation, Role } from './peer.ts';
import type { Source } from './scenario.ts';

/** A failure that is known: where, why, whose, until when. */
export interface KnownFailure {
  /** Query words that select the cells. */
  readonly pattern: string;
  readonly reason: string;
  /** Link to the upstream issue. */
  readonly issue: string;
  readonly owner: string;
  /** ISO date; from that day on the entry fails the run. */
  readonly expires: string;
  /** A race: it fails now and then, and a cell that passes is no surprise. */
  readonly sometimes?: true;
  /** Only the bytes show it: where nobody reads along, a cell that passes is no surprise. */
  readonly onWire?: true;
}

/** So many calls took so many milliseconds, to within 2%. */
export type LatencyCount = readonly [ms: number, calls: number];

/** What a cell came to in one round. Each `atMs` in it is milliseconds since the cell began, to 0.01: one clock for all witnesses. */
export interface CellResult {
  readonly client: string;
  readonly server: string;
  readonly scenario: string;
  /** Counted from 1 to the rounds of `run-started`. */
  readonly round: number;
  readonly outcome: Outcome;
  readonly evidence: Evidence;
  readonly durationMs: number;
  /** What its plain calls took, by the client's clock; only when it passed and had some. */
  readonly latencies?: readonly LatencyCount[];
  /** What each side wrote on standard error while the cell ran; only when it did not pass. */
  readonly logs?: Logs;
  /** The command line that runs just this cell; only when it did not pass. */
  readonly reproduce?: string;
}

export interface PlannedPeer {
  readonly name: string;
  readonly title: string;
}

export interface PlannedScenario {
  readonly name: string;
  /** The name of the contract that it belongs to. */
  readonly contract: string;
  readonly title: string;
  readonly source: Source;
  /** It waits on purpose. */
  readonly waits?: true;
}

/** What a run cost the machine that it ran on. */
export interface MachineUse {
  readonly cores: number;
  /** From 0 to 1: the share of all cores' time in which they had nothing to do, whoever used them. */
  readonly idle: number;
  /** What the harness itself used of all cores. */
  readonly harnessCpuMs: number;
}

/** Which part of a run this is: the run, of which the others play the rest. */
export interface PlannedShard {
  /** Counted from 1. */
  readonly index: number;
  readonly of: number;
  /** Those of the whole run, and what it left out on purpose. */
  readonly cells: readonly Cell[];
  readonly leftOut: string;
}

/** The version of the log's format. */
export const logVersion = 4;

/**
 * The only thing reporters may read; one JSON object a line of the log.
 * `run-started` comes first and holds the plan; `run-finished` comes last;
 * between them exactly one `cell-finished` for each planned cell and round.
 */
export type RunEvent =
  | {
      readonly type: 'run-started';
      readonly version: typeof logVersion;
      /** ISO time. */
      readonly at: string;
      /** `container` or `process`, and why that one. */
      readonly launcher: { readonly kind: string; readonly why: string };
      /** Somebody reads along between clients and servers. */
      readonly isTapped: boolean;
      /** Every connection is encrypted; absent: those alone whose scenario is about that. */
      readonly transport?: 'tls';
      readonly peers: readonly PlannedPeer[];
      readonly scenarios: readonly PlannedScenario[];
      readonly cells: readonly Cell[];
      /** How often each cell is played; 1 unless it is repeated on purpose. */
      readonly rounds: number;
      /** What was left out on purpose, as a sentence; empty when nothing was. */
      readonly leftOut: string;
      readonly ledger: readonly KnownFailure[];
      /** Ledger entries that have expired or match nothing, as sentences. */
      readonly problems: readonly string[];
      /** Absent: it is no part, and whole. */
      readonly shard?: PlannedShard;
    }
  | { readonly type: 'peer-building'; readonly peer: string }
  | {
      readonly type: 'peer-built';
      readonly peer: string;
      readonly buildMs: number;
      readonly cached: boolean;
      /** What exactly is started: an image's name and id, or `sources` and 16 hex digits of their digest. */
      readonly artifact?: string;
      readonly problem?: string;
    }
  | {
      readonly type: 'peer-started';
      readonly peer: string;
      readonly role: Role;
      readonly implementation: Implementation;
      readonly startupMs: number;
      /** Of a client: why nobody reads along with its calls, although somebody was to. */
      readonly untapped?: string;
    }
  | { readonly type: 'peer-stopped'; readonly peer: string; readonly role: Role; readonly problem?: string }
  | {
      readonly type: 'cell-started';
      readonly client: string;
      readonly server: string;
      readonly scenario: string;
      readonly round: number;
    }
  | { readonly type: 'cell-finished'; readonly result: CellResult }
  | {
      readonly type: 'run-finished';
      readonly at: string;
      readonly durationMs: number;
      readonly stopped?: string;
      readonly machine?: MachineUse;
    };

/** The event of a line of the log; undefined when it is none. What it holds is not looked at. */
export function eventIn(line: string): RunEvent | undefined {
  try {
    const value = JSON.parse(line) as Partial<RunEvent> | null;
    return typeof value?.type === 'string' ? (value as RunEvent) : undefined;
  } catch {
    return undefined;
  }
}
