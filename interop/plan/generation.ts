import { type Cell, cellId } from '../model/cell.ts';
import type { RunEvent } from '../model/event.ts';
import type { Plan } from './plan.ts';

/**
 * A plan of which only a part is run, since the rest has results from before. Its
 * log is whole all the same: the plan, what is kept, then what is run.
 */
export interface Generation {
  readonly plan: Plan;
  /** What is run: the plan, with these cells only. */
  readonly part: Plan;
  /** Events of the generation before that still hold: what was built and started, results, what was stopped. */
  readonly kept: readonly RunEvent[];
}

/**
 * What is run of the plan after these peers have changed: the cells in which one of
 * them plays, and those that have no result yet. `before` is the log of the
 * generation before; empty for the first one.
 */
export function makeGeneration(
  plan: Plan,
  before: readonly RunEvent[],
  changed: ReadonlySet<string>,
): Generation {
  const holding = new Set(before.flatMap((event) => resultOf(event) ?? []));
  const isAgain = (cell: Cell) =>
    changed.has(cell.client) || changed.has(cell.server) || !holding.has(cellId(cell));
  const part = { ...plan, cells: plan.cells.filter(isAgain) };
  return { plan, part, kept: keptOf(plan, part, before) };
}

/** The events of the whole log that stand for this one of the part's run. */
export function composed({ plan, kept }: Generation, event: RunEvent): readonly RunEvent[] {
  return event.type === 'run-started' ? [{ ...event, cells: plan.cells }, ...kept] : [event];
}

/** The id of the cell that the event gives a result. */
function resultOf(event: RunEvent): string | undefined {
  return event.type === 'cell-finished' ? cellId(event.result) : undefined;
}

function keptOf(plan: Plan, part: Plan, before: readonly RunEvent[]): readonly RunEvent[] {
  const again = new Set(part.cells.map(cellId));
  const left = new Set(plan.cells.map(cellId).filter((id) => !again.has(id)));
  const results = before.filter((event) => left.has(resultOf(event) ?? ''));
  const programs = programsOf(results);
  const ends = [...lastOfPrograms(before, programs)];
  return [
    ...lastBuilds(before, programs, part),
    ...ends.filter((event) => event.type === 'peer-started'),
    ...results,
    ...ends.filter((event) => event.type === 'peer-stopped'),
  ];
}

/** `server alpha`: the programs that played the cells which have these results. */
function programsOf(results: readonly RunEvent[]): ReadonlySet<string> {
  return new Set(
    results.flatMap((event) =>
      event.type === 'cell-finished' && event.result.outcome.kind !== 'unsupported'
        ? [`client ${event.result.client}`, `server ${event.result.server}`]
        : [],
    ),
  );
}

/**
 * Of each program its last start and its last stop; a stop that had a problem comes
 * before a later one that had none, since the results that are kept are from both.
 */
function lastOfPrograms(before: readonly RunEvent[], programs: ReadonlySet<string>): Iterable<RunEvent> {
  const last = new Map<string, RunEvent>();
  for (const event of before) {
    if (event.type !== 'peer-started' && event.type !== 'peer-stopped') continue;
    const program = `${event.role} ${event.peer}`;
    const key = `${event.type} ${program}`;
    const earlier = last.get(key);
    const isWorse = earlier?.type === 'peer-stopped' && earlier.problem !== undefined;
    const isFine = event.type === 'peer-stopped' && event.problem === undefined;
    if (programs.has(program) && !(isWorse && isFine)) last.set(key, event);
  }
  return last.values();
}

/** The last build of each peer that has such a program, unless the part builds it again. */
function lastBuilds(
  before: readonly RunEvent[],
  programs: ReadonlySet<string>,
  part: Plan,
): Iterable<RunEvent> {
  const playing = part.cells.filter((cell) => !cell.unsupported);
  const building = new Set(playing.flatMap((cell) => [cell.client, cell.server]));
  const last = new Map<string, RunEvent>();
  for (const event of before) {
    if (event.type !== 'peer-building' && event.type !== 'peer-built') continue;
    const { peer } = event;
    const isHolding = programs.has(`client ${peer}`) || programs.has(`server ${peer}`);
    if (isHolding && !building.has(peer)) last.set(`${event.type} ${peer}`, event);
  }
  return last.values();
}
