import { type Cell, cellId } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import type { SlimResult } from '../report/page-data.ts';
import type { Run } from './run.ts';

const noEvidence = { calls: [], omitted: 0 } as const;

/** The result of that round; round 0: the one that shows why the cell stands as it does. As the sentences of reports take it. */
export function resultToShow(run: Run, cell: Cell, round: number): CellResult | undefined {
  const id = cellId(cell);
  const results = run.results.get(id) ?? [];
  const chosen: SlimResult | undefined =
    round > 0 ? results.find((result) => result.round === round) : (run.telling.get(id) ?? results[0]);
  return chosen && { ...chosen, evidence: noEvidence };
}
