import { defaultLimits, type Launcher, type Limits } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';
import { programLauncher, type Starter } from '../launch/programs.ts';
import type { Peer, Role } from '../model/peer.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { types } from './contracts.ts';
import { partnered } from './partner.ts';

/** One peer, one way to start it, and the partner beside it. */
export interface Subject {
  readonly peer: Peer;
  /** `as a process`, `in a container`. */
  readonly section: string;
  /** Starts programs, for checks about lines, signals and ends. */
  readonly starter: Starter;
  /** Starts sessions. */
  readonly launcher: Launcher;
  /** The same, with somebody who reads along, as in a run. */
  readonly tapped: Launcher;
  readonly limits: Limits;
  /** Patterns of the names of those that are played when all are. */
  readonly scenarios: readonly string[];
}

/** A run's own, since scenarios are played; but a program that never speaks is found out sooner. */
export const doctorLimits: Limits = { ...defaultLimits, readyMs: 20_000 };

export function makeSubject(
  peer: Peer,
  bare: Starter,
  own: Starter,
  limits: Limits,
  scenarios: readonly string[],
): Subject {
  const starter = partnered(bare, own);
  const launcher = programLauncher(starter, limits, types);
  return {
    peer,
    section: starter.kind === 'container' ? 'in a container' : 'as a process',
    starter,
    launcher,
    tapped: tapLauncher(launcher, types),
    limits,
    scenarios,
  };
}

/** What a program of the peer did wrong, as a sentence with its address. */
export function fault({ peer }: Subject, role: Role, what: string, stderr?: string): PeerError {
  return new PeerError({ peer: peer.name, role, stage: 'call', what, ...(stderr && { stderr }) });
}
