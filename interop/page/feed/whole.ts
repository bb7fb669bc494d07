import { cellId } from '../../model/cell.ts';
import type { RunEvent } from '../../model/event.ts';
import { type Detail, makeAllowance, type PageEvent, split } from '../../report/page-data.ts';
import { type RunFold, startRun } from '../run.ts';

/** A run whose events come whole, as they are in a log. */
export interface WholeRun extends Pick<RunFold, 'run'> {
  add(event: RunEvent): void;
}

/** Keeps the details that a page of the same log would keep. */
export function startWholeRun(): WholeRun {
  const details = new Map<string, Detail>();
  const isKept = makeAllowance();
  const fold = startRun(async (id, round) => details.get(`${id} ${round}`));

  function slim(event: RunEvent): PageEvent {
    if (event.type !== 'cell-finished') return event;
    const { result, detail } = split(event.result);
    if (!isKept(result.outcome.kind, JSON.stringify(detail).length)) return { type: event.type, result };
    details.set(`${cellId(result)} ${result.round}`, detail);
    return { type: event.type, result, chunk: 0 };
  }

  return { run: fold.run, add: (event) => fold.add(slim(event)) };
}
