import type { Cell } from '../model/cell.ts';
import type { Role } from '../model/peer.ts';
import type { Plan } from '../plan/plan.ts';

/** The plan for programs that have no certificates: what is to be encrypted is unsupported, whatever they claim. */
export function withoutTls(plan: Plan): Plan {
  const encrypting = new Map(
    plan.scenarios.flatMap(({ name, needs }): readonly [string, Role][] => {
      const by = (['client', 'server'] as const).find((role) => needs[role].some((each) => each === 'tls'));
      return by ? [[name, by]] : [];
    }),
  );
  const cellOf = (cell: Cell): Cell => {
    const by = encrypting.get(cell.scenario);
    return by && !cell.unsupported ? { ...cell, unsupported: { by, feature: 'tls' } } : cell;
  };
  return encrypting.size === 0 ? plan : { ...plan, cells: plan.cells.map(cellOf) };
}
