import type { Launcher } from '../launch/launcher.ts';
import { type Cell, pairingId } from '../model/cell.ts';
import { logVersion, type RunEvent } from '../model/event.ts';
import type { Scenario } from '../model/scenario.ts';
import { isNamingCalls, isNamingScripts } from '../peers/stranger.ts';
import type { Plan } from '../plan/plan.ts';
import { attempt } from './attempt.ts';
import { orAborted } from './bound.ts';
import { type Crew, type Emit, makeCrew } from './crew.ts';
import { runLanes } from './lanes.ts';
import { watchMachine } from './machine.ts';
import { playPairing } from './pairing.ts';
import { microseconds, resultOf, unsupportedResult } from './result.ts';
import { largeBytes, makeRoom } from './room.ts';
import { withoutTls } from './without-tls.ts';

export interface RunOptions {
  readonly plan: Plan;
  readonly launcher: Launcher;
  /** How often each cell is played; 1 unless it is said. */
  readonly rounds?: number;
  /** What a command line needs beside a query to run that cell: `--peer ../mine/peer.json`. */
  readonly flags?: (cell: Cell, scenario: Scenario) => readonly string[];
  /** Why this launcher, as a clause: `a Docker engine answers`. */
  readonly why: string;
  readonly signal: AbortSignal;
  /** Gets every event, in order; the run goes on when it resolves. */
  readonly emit: Emit;
}

/**
 * Runs the plan: builds, starts, plays and judges, side by side where nothing is
 * shared, and again for every round. Emits `run-started` first, exactly one
 * `cell-finished` for each planned cell and round, and `run-finished` last. When the signal stops it, cells that did not end
 * stay without a result. All that it started has ended when it resolves.
 */
export async function run(given: RunOptions): Promise<void> {
  const options = given.launcher.identities ? given : { ...given, plan: withoutTls(given.plan) };
  const { plan, rounds = 1, launcher, signal, emit } = options;
  const startedAt = performance.now();
  const used = watchMachine();
  await emit(startEvent(options));
  for (let round = 1; round <= rounds; round++)
    for (const cell of plan.cells) {
      if (cell.unsupported)
        await emit({ type: 'cell-finished', result: unsupportedResult(cell, cell.unsupported, round) });
    }
  const cells = plan.cells.filter((cell) => !cell.unsupported);
  const crew = makeCrew(plan.peers, cells, launcher, signal, emit);
  try {
    const playRound = makeRounds(cells, crew, options);
    for (let round = 1; round <= rounds; round++) await playRound(round);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await crew.stop();
    const durationMs = microseconds(performance.now() - startedAt);
    const stopped = signal.aborted ? { stopped: String(signal.reason) } : {};
    const machine = used();
    await emit({ type: 'run-finished', at: new Date().toISOString(), durationMs, ...stopped, machine });
  }
}

/** What plays every cell, pairing by pairing, in the round that it is told. */
function makeRounds(cells: readonly Cell[], crew: Crew, options: RunOptions) {
  const { plan, launcher, flags = () => [], signal, emit } = options;
  const scenarios = new Map(plan.scenarios.map((scenario) => [scenario.name, scenario]));
  const scenarioOf = (cell: Cell) => scenarios.get(cell.scenario) as Scenario;
  const pairings = Map.groupBy(cells, pairingId);
  // Calls that cannot be told apart, or find their answer by no name, are made one cell after another.
  const alone = new Set(
    plan.peers.flatMap((peer) => (isNamingCalls(peer) && isNamingScripts(peer) ? [] : peer.name)),
  );
  // A program that is run once a call is mostly started and ended, and two of it have nothing in common.
  const once = new Set(plan.peers.filter(({ client }) => client?.output).map(({ name }) => name));
  const lanesOf = (client: string) => (once.has(client) && !alone.has(client) ? 2 : 1);
  const room = makeRoom();
  let played = 0;
  return (round: number) =>
    runLanes([...pairings.values()], lanesOf, signal, (pairing) =>
      playPairing(pairing, {
        waits: (cell) => scenarioOf(cell).waits && !alone.has(cell.client),
        async attempt(cell) {
          signal.throwIfAborted();
          const planned = scenarioOf(cell);
          if (planned.waits) await orAborted(crew.calm(), signal);
          const bytes = largeBytes(planned);
          using _ = bytes > 0 ? await room.enter(bytes, signal) : undefined;
          const { client, server, scenario } = cell;
          await emit({ type: 'cell-started', client, server, scenario, round });
          return await attempt(cell, planned, crew.stand(cell), `c${played++}`, signal);
        },
        async finish(attempt) {
          const { cell } = attempt;
          const scenario = scenarioOf(cell);
          const again = ['--launcher', launcher.kind, ...flags(cell, scenario)].join(' ');
          const result = resultOf(attempt, scenario, round, again);
          await emit({ type: 'cell-finished', result });
        },
      }),
    );
}

function startEvent({ plan, rounds = 1, launcher, why }: RunOptions): RunEvent {
  return {
    type: 'run-started',
    version: logVersion,
    at: new Date().toISOString(),
    launcher: { kind: launcher.kind, why },
    isTapped: launcher.isTapped,
    ...(plan.transport && { transport: plan.transport }),
    peers: plan.peers.map(({ name, title }) => ({ name, title })),
    scenarios: plan.scenarios.map(({ name, contract, title, source, waits }) => ({
      name,
      contract,
      title,
      source,
      ...(waits && { waits }),
    })),
    cells: plan.cells,
    rounds,
    leftOut: plan.leftOut,
    ledger: plan.ledger,
    problems: plan.problems,
    ...(plan.shard && { shard: plan.shard }),
  };
}
