import type { Cell } from '../model/cell.ts';
import type { Plan } from './plan.ts';

/** Leaves out the cells in which two other releases would meet: each meets what the tree has. */
export function againstToday(plan: Plan, isRelease: (peer: string) => boolean): Plan {
  const meets = ({ client, server }: Cell) => !(isRelease(client) && isRelease(server));
  return { ...plan, cells: plan.cells.filter(meets) };
}
