import type { Feature, Role } from './peer.ts';

/** One scenario, one client, one server. */
export interface Cell {
  readonly client: string;
  readonly server: string;
  readonly scenario: string;
  /** A feature that the scenario needs and a side does not claim. The cell is not run. */
  readonly unsupported?: { readonly by: Role; readonly feature: Feature };
  /** The ledger lists it: index into the ledger of `run-started`. */
  readonly known?: number;
}

/** The name of its pairing: `alpha/beta`. */
export function pairingId({ client, server }: Pick<Cell, 'client' | 'server'>): string {
  return `${client}/${server}`;
}

/** The cell's name in logs and maps: `alpha/beta/pick/stitch`. Unique in a plan. */
export function cellId(cell: Pick<Cell, 'client' | 'server' | 'scenario'>): string {
  return `${cell.client}/${cell.server}/${cell.scenario}`;
}
