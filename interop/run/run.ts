import type { Launcher } from '../launch/launcher.ts';
import type { Cell } from '../model/cell.ts';
import { logVersion, type RunEvent } from '../model/event.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Plan } from '../plan.ts';
import { attempt } from './attempt.ts';
import { type Crew, type Emit, makeCrew } from './crew.ts';
import { runLanes } from './lanes.ts';
import { playPairing } from './pairing.ts';
import { resultOf, round, unsupportedResult } from './result.ts';

export interface RunOptions {
  readonly plan: Plan;
  readonly launcher: Launcher;
  /** Why this launcher, as a clause: `a Docker engine answers`. */
  readonly why: string;
  readonly signal: AbortSignal;
  /** Gets every event, in order; the run goes on when it resolves. */
  readonly emit: Emit;
}

/**
 * Runs the plan: builds, starts, plays and judges, side by side where nothing is
 * shared. Emits `run-started` first, exactly one `cell-finished` for each planned
 * cell, and `run-finished` last. When the signal stops it, cells that did not end
 * stay without a result. All that it started has ended when it resolves.
 */
export async function run(options: RunOptions): Promise<void> {
  const { plan, launcher, signal, emit } = options;
  const startedAt = performance.now();
  await emit(startEvent(options));
  for (const cell of plan.cells) {
    if (cell.unsupported)
      await emit({ type: 'cell-finished', result: unsupportedResult(cell, cell.unsupported) });
  }
  const cells = plan.cells.filter((cell) => !cell.unsupported);
  const crew = makeCrew(plan.peers, cells, launcher, signal, emit);
  try {
    await playAll(cells, crew, options);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await crew.stop();
    const durationMs = round(performance.now() - startedAt);
    const stopped = signal.aborted ? { stopped: String(signal.reason) } : {};
    await emit({ type: 'run-finished', at: new Date().toISOString(), durationMs, ...stopped });
  }
}

/** Plays every cell, pairing by pairing. */
async function playAll(cells: readonly Cell[], crew: Crew, options: RunOptions): Promise<void> {
  const { plan, launcher, signal, emit } = options;
  const scenarios = new Map(plan.scenarios.map((scenario) => [scenario.name, scenario]));
  const scenarioOf = (cell: Cell) => scenarios.get(cell.scenario) as Scenario;
  const pairings = Map.groupBy(cells, (cell) => `${cell.client}/${cell.server}`);
  let played = 0;
  await runLanes([...pairings.values()], signal, (pairing) =>
    playPairing(pairing, {
      waits: (cell) => scenarioOf(cell).waits,
      async attempt(cell) {
        signal.throwIfAborted();
        await emit({
          type: 'cell-started',
          client: cell.client,
          server: cell.server,
          scenario: cell.scenario,
        });
        return attempt(cell, scenarioOf(cell), crew.stand(cell), `c${played++}`, signal);
      },
      finish: async (attempt) => emit({ type: 'cell-finished', result: resultOf(attempt, launcher.kind) }),
    }),
  );
}

function startEvent({ plan, launcher, why }: RunOptions): RunEvent {
  return {
    type: 'run-started',
    version: logVersion,
    at: new Date().toISOString(),
    launcher: { kind: launcher.kind, why },
    isTapped: launcher.isTapped,
    peers: plan.peers.map(({ name, title }) => ({ name, title })),
    scenarios: plan.scenarios.map(({ name, title, source }) => ({ name, title, source })),
    cells: plan.cells,
    leftOut: plan.leftOut,
    ledger: plan.ledger,
    problems: plan.problems,
  };
}
