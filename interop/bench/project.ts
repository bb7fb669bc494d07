/** What the project itself plays. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadContracts, ownContracts } from '../contract/load.ts';
import { rootFolder } from '../folders.ts';
import { whyNotAsProcess } from '../launch/process.ts';
import type { Types } from '../messages/types.ts';
import type { Peer } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { findPeers } from '../peers/find.ts';
import { type Ledger, readLedger } from '../plan/ledger.ts';
import { isAboutTls } from '../plan/over-tls.ts';

export interface Project {
  readonly peers: readonly Peer[];
  readonly scenarios: readonly Scenario[];
  readonly types: Types;
  readonly ledger: Ledger;
}

export async function readProject(): Promise<Project> {
  const { scenarios, types } = await loadContracts(ownContracts());
  const ledger = readLedger('ledger.json', await readFile(path.join(rootFolder, 'ledger.json'), 'utf8'));
  return { peers: await findPeers(), scenarios, types, ledger };
}

/** What bare programs can play: they have no certificates. */
export function inTheOpen(project: Project): Project {
  return { ...project, scenarios: project.scenarios.filter((scenario) => !isAboutTls(scenario)) };
}

/** Those whose tool chain is on this machine. */
export async function asProcesses(peers: readonly Peer[]): Promise<readonly Peer[]> {
  const missing = await Promise.all(peers.map(whyNotAsProcess));
  return peers.filter((_, index) => missing[index] === undefined);
}

/** Those that bare programs can stand for: they speak the contract in both roles, and no other way. */
export function fullPeers({ peers }: Project): readonly Peer[] {
  return peers.filter(({ args, client, server }) => args && client && server);
}
