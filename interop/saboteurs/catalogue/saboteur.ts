import type { Blame, Mismatch, Stage } from '../../model/outcome.ts';
import type { Role } from '../../model/peer.ts';
import type { LieName } from '../lies/lies.ts';

/** What a cell must come to. `witness` is one that must be named in a mismatch; there may be others. */
export type Verdict =
  | {
      readonly kind: 'failed';
      readonly witness: Mismatch['witness'];
      /** Absent: the saboteur's own role in the cell. */
      readonly blame?: Blame['side'];
    }
  | {
      readonly kind: 'broken';
      readonly by: Role;
      readonly stage: Stage;
      readonly says: string;
      /** On a machine on which it is waited for longer it may come to its end, and has failed. */
      readonly orFailed?: true;
    };

/** Who plays with whom: the saboteur in one role with the honest peer, or in both with itself. */
export type Pairing = Role | 'itself';

/** Scenarios that a saboteur must turn red, as names with `*`. */
export interface Breakage {
  readonly scenarios: readonly string[];
  readonly verdict: Verdict;
  /** Absent: however it plays. */
  readonly as?: Pairing;
}

export interface Saboteur {
  /** Its name as a peer. */
  readonly name: string;
  readonly lie: LieName;
  /** `both`: it plays either role with the honest peer, and both with itself. */
  readonly role: Role | 'both';
  /** What it does wrong, in one sentence. */
  readonly does: string;
  /** Every scenario that is not named here must stay green. */
  readonly breaks: readonly Breakage[];
  /** Part of the problem that is told when it stops; absent: it must stop without one. */
  readonly stops?: string;
  /** Plays these scenarios only; absent: all, of the slowest those that it breaks. */
  readonly plays?: readonly string[];
  /** Needs limits as long as a real run's: it is late and not silent. */
  readonly isSlow?: true;
  /** No run is the worse for it, and the doctor tells on it all the same. */
  readonly isToldByDoctor?: true;
  /** It is taken for a program that knows nothing of the harness. */
  readonly isStranger?: true;
}

export type More = Partial<Pick<Saboteur, 'stops' | 'plays' | 'isSlow' | 'isToldByDoctor'>>;

export function server(lie: LieName, does: string, breaks: readonly Breakage[], more: More = {}): Saboteur {
  return { name: lie, lie, role: 'server', does, breaks, ...more };
}

export function client(lie: LieName, does: string, breaks: readonly Breakage[], more: More = {}): Saboteur {
  return { name: lie, lie, role: 'client', does, breaks, ...more };
}

/** Who knows nothing of the harness: what it does unasked and may do must stay green, and the rest must not. */
export function stranger(
  role: Role,
  lie: LieName,
  does: string,
  breaks: readonly Breakage[] = [],
  more: More = {},
): Saboteur {
  return { name: `stranger-${lie}`, lie, role, does, breaks, isStranger: true, ...more };
}

/** A lie that is told in either role, as two saboteurs. */
export function both(
  lie: LieName,
  does: string,
  breaks: (role: Role) => readonly Breakage[],
  more: More = {},
): readonly Saboteur[] {
  return (['server', 'client'] as const).map((role) => ({
    name: `${role}-${lie}`,
    lie,
    role,
    does,
    breaks: breaks(role),
    ...more,
  }));
}

export function failed(witness: Mismatch['witness'], ...scenarios: readonly string[]): Breakage {
  return { scenarios, verdict: { kind: 'failed', witness } };
}

/** The same, where it is not the saboteur itself that is to blame, or not clear which part of it. */
export function failedBy(
  blame: Blame['side'],
  witness: Mismatch['witness'],
  ...scenarios: readonly string[]
): Breakage {
  return { scenarios, verdict: { kind: 'failed', witness, blame } };
}

export function broken(by: Role, stage: Stage, says: string, ...scenarios: readonly string[]): Breakage {
  return { scenarios, verdict: { kind: 'broken', by, stage, says } };
}

/** Silent for some seconds: longer than is waited for, unless the machine has nothing to spare. */
export function late(by: Role, stage: Stage, says: string, ...scenarios: readonly string[]): Breakage {
  return { scenarios, verdict: { kind: 'broken', by, stage, says, orFailed: true } };
}

/** Scenarios in which the plain service gives a row, first or last. */
export const rows = [
  'pick/*',
  'metadata/request-*',
  'metadata/200-keys',
  'deadline/arrives',
  'deadline/none',
  'deadline/passes',
  'cancel/*',
  'gzip/request',
  'load/*',
  'restart/*',
  // Of what is encrypted one: the others differ in the handshake.
  'tls/plain-call',
];
/** Scenarios in which a row is given, by the service or by a script. */
export const allRows = [...rows, 'deadline/*', 'metadata/*', 'gzip/*'];
/** Scenarios in which a name is asked for that nobody has. */
export const strangers = ['unknown/*', 'gzip/request', 'size/under-4-mib'];
/** Scenarios in which every call is answered by a handler, or some are. */
export const answered = [
  ...allRows,
  'unknown/*',
  'status/*',
  'size/under-4-mib',
  'streams/*',
  'cardinality/*',
  'details/*',
  'older/*',
  'values/*',
];

/** Scenarios in which row 0 is asked for: timed calls come behind a plain one. */
export const firstRow = ['pick/cyber', 'deadline/passes', 'cancel/in-flight', 'load/*'];
