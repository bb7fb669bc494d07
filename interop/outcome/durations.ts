/** How long cells took when they were played last: what a plan costs, before it is run. */
import { cellId } from '../model/cell.ts';
import type { RunEvent } from '../model/event.ts';

/** Of one way to launch peers. */
export interface Durations {
  /** When one of them was played last; ISO. */
  readonly at: string;
  /** Of the largest run: the sum of its cells' ms for each ms from its beginning to its end. */
  readonly sideBySide: number;
  /** Its number of cells that were played. */
  readonly largest: number;
  /** Milliseconds by cell id. */
  readonly cells: Readonly<Record<string, number>>;
}

/** By the launcher's kind. */
export type DurationsByLauncher = Readonly<Record<string, Durations>>;

/** What is known after a run, given what was known before. A run that was stopped tells of its cells alone. */
export function startDurations(before: DurationsByLauncher) {
  let kind = '';
  let at = '';
  const cells: Record<string, number> = {};
  let known = before;

  function add(event: RunEvent): void {
    if (event.type === 'run-started') [kind, at] = [event.launcher.kind, event.at];
    else if (event.type === 'cell-finished') {
      const { outcome, durationMs } = event.result;
      if (outcome.kind !== 'unsupported') cells[cellId(event.result)] = Math.round(durationMs * 10) / 10;
    } else if (event.type === 'run-finished') known = { ...before, [kind]: after(event) };
  }

  function after({ durationMs, stopped }: Extract<RunEvent, { type: 'run-finished' }>): Durations {
    const last = before[kind];
    const count = Object.keys(cells).length;
    const isLargest = stopped === undefined && count > 0 && count >= (last?.largest ?? 0);
    const sideBySide = isLargest ? sum(Object.values(cells)) / durationMs : (last?.sideBySide ?? 0);
    return {
      at: count > 0 ? at : (last?.at ?? at),
      sideBySide,
      largest: isLargest ? count : (last?.largest ?? 0),
      cells: { ...last?.cells, ...cells },
    };
  }

  return { add, known: () => known };
}

/** What a run of these cells will take, by how long they took last. */
export interface Estimate {
  readonly ms: number;
  /** Of the cells, those that were played before. */
  readonly known: number;
  readonly at: string;
}

/** Undefined: fewer than half of them were ever played so, or no run came to its end. */
export function estimate(ids: readonly string[], durations: Durations | undefined): Estimate | undefined {
  if (!durations || durations.sideBySide <= 0) return undefined;
  const found = ids.flatMap((id) => durations.cells[id] ?? []);
  if (found.length === 0 || found.length * 2 < ids.length) return undefined;
  // Those that were never played are taken for as long as the others.
  const all = (sum(found) / found.length) * ids.length;
  return { ms: all / durations.sideBySide, known: found.length, at: durations.at };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Those of the launcher that ran last. */
export function latest(known: DurationsByLauncher): Durations | undefined {
  return Object.values(known).toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
}
