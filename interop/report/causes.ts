/** What is wrong, by cause and not by cell. */
import { cellId } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import type { Role } from '../model/peer.ts';
import type { CellChange, Changes } from '../outcome/baseline.ts';
import { type BlameLine, isAccused } from '../outcome/blame.ts';
import { alike, type BlameGroup } from './blame.ts';
import { byReason, type FailureGroup } from './failure.ts';
import { count, printable } from './text.ts';

/** Cells that are not as they should be, for what one peer does, or several alike, or for one reason. */
export interface Cause {
  /** Who fails what, and with whom; absent: no peer is known to fail it with others. */
  readonly lines?: BlameGroup;
  readonly cells: FailureGroup;
  /** Each reason once, with its cells; what another cause has told is not told again. */
  readonly reasons: readonly FailureGroup[];
}

/** Causes with a line in the order of the lines, then the others in the order in which their cells ended. */
export function causesOf(results: readonly CellResult[], lines: readonly BlameLine[]): readonly Cause[] {
  const groups = alike(lines);
  const groupOf = finderOf(groups);
  const byGroup = Map.groupBy(results, groupOf);
  const reasonsByGroup = Map.groupBy(byReason(results), ([first]) => groupOf(first));
  const withLine = groups.flatMap((lines): readonly Cause[] => {
    const [first, ...others] = byGroup.get(lines) ?? [];
    return first ? [{ lines, cells: [first, ...others], reasons: reasonsByGroup.get(lines) ?? [] }] : [];
  });
  const without = (reasonsByGroup.get(undefined) ?? []).map((cells) => ({ cells, reasons: [cells] }));
  return [...withLine, ...without];
}

/** Finds the lines that a result belongs to: of the side that it accuses, or else of either. */
function finderOf(groups: readonly BlameGroup[]): (result: CellResult) => BlameGroup | undefined {
  const keyOf = (role: Role, peer: string, scenario: string) => `${role} ${peer} ${scenario}`;
  const known = new Map(
    groups.flatMap((group) =>
      group.flatMap(({ role, peer, scenarios }) =>
        scenarios.map((scenario) => [keyOf(role, peer, scenario), group] as const),
      ),
    ),
  );
  return (result) => {
    const roles = (['server', 'client'] as const).filter((role) => isAccused(result, role));
    return roles
      .map((role) => known.get(keyOf(role, result[role], result.scenario)))
      .find((group) => group !== undefined);
  };
}

/** `since main.jsonl, where it passed`; `since before main.jsonl`. */
export function sinceWhen(
  cells: readonly CellResult[],
  { since }: Pick<Changes, 'since'>,
  changeOf: ReadonlyMap<string, CellChange>,
): string {
  const passed = cells.filter((cell) => changeOf.get(cellId(cell))?.isRegression).length;
  const fresh = cells.filter((cell) => changeOf.get(cellId(cell))?.change === 'new').length;
  const name = printable(since.name);
  if (fresh === cells.length) return `not planned in ${name}`;
  if (passed === 0) return `since before ${name}`;
  if (passed === cells.length) return `since ${name}, where it passed`;
  return `since ${name}, where ${passed} of ${count(cells.length, 'cell')} passed`;
}
