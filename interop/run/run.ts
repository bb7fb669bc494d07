import type { ClientSession, Launcher, Running, RunningServer } from '../launch/launcher.ts';
import type { Cell } from '../model/cell.ts';
import { logVersion, type RunEvent } from '../model/event.ts';
import type { Peer, Role } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Plan } from '../plan.ts';
import { attempt } from './attempt.ts';
import { runLanes } from './lanes.ts';
import { playPairing } from './pairing.ts';
import { resultOf, round, unsupportedResult } from './result.ts';
import { makeSlot, type Slot } from './slot.ts';

export interface RunOptions {
  readonly plan: Plan;
  readonly launcher: Launcher;
  /** Why this launcher, as a clause: `a Docker engine answers`. */
  readonly why: string;
  readonly signal: AbortSignal;
  /** Gets every event, in order; the run goes on when it resolves. */
  readonly emit: (event: RunEvent) => void | Promise<void>;
}

/**
 * Runs the plan: builds, starts, plays and judges, side by side where nothing is
 * shared. Emits `run-started` first, exactly one `cell-finished` for each planned
 * cell, and `run-finished` last. When the signal stops it, cells that did not end
 * stay without a result. All that it started has ended when it resolves.
 */
export async function run({ plan, launcher, why, signal, emit }: RunOptions): Promise<void> {
  const startedAt = performance.now();
  await emit(startEvent(plan, launcher.kind, why));
  for (const cell of plan.cells) {
    if (cell.unsupported)
      await emit({ type: 'cell-finished', result: unsupportedResult(cell, cell.unsupported) });
  }
  const cells = plan.cells.filter((cell) => !cell.unsupported);
  const playing = new Set(cells.flatMap((cell) => [cell.client, cell.server]));
  const builds = new Map(
    plan.peers
      .filter((peer) => playing.has(peer.name))
      .map((peer) => [peer.name, build(peer, launcher, signal, emit)]),
  );
  const servers = slotsFor('server', cells, (peer) => launcher.serve(peer, signal));
  const clients = slotsFor('client', cells, (peer) => launcher.connect(peer, signal));

  function slotsFor<T extends Running>(
    role: Role,
    cells: readonly Cell[],
    start: (peer: Peer) => Promise<T>,
  ) {
    const names = new Set(cells.map((cell) => cell[role]));
    const peers = plan.peers.filter((peer) => names.has(peer.name));
    return new Map(peers.map((peer) => [peer.name, makeSlot(() => startPeer(role, peer, start))]));
  }

  async function startPeer<T extends Running>(
    role: Role,
    peer: Peer,
    start: (peer: Peer) => Promise<T>,
  ): Promise<T> {
    await builds.get(peer.name);
    const running = await start(peer);
    const { implementation, startupMs } = running;
    await emit({ type: 'peer-started', peer: peer.name, role, implementation, startupMs: round(startupMs) });
    return running;
  }

  try {
    for (const slot of [...servers.values(), ...clients.values()]) slot.use().catch(() => {});
    await playAll(cells, servers, clients);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await Promise.all([
      ...stopAll('server', servers, signal, emit),
      ...stopAll('client', clients, signal, emit),
    ]);
    await Promise.allSettled(builds.values());
    const durationMs = round(performance.now() - startedAt);
    const stopped = signal.aborted ? { stopped: String(signal.reason) } : {};
    await emit({ type: 'run-finished', at: new Date().toISOString(), durationMs, ...stopped });
  }

  async function playAll(
    cells: readonly Cell[],
    servers: ReadonlyMap<string, Slot<RunningServer>>,
    clients: ReadonlyMap<string, Slot<ClientSession>>,
  ): Promise<void> {
    const scenarios = new Map(plan.scenarios.map((scenario) => [scenario.name, scenario]));
    const scenarioOf = (cell: Cell) => scenarios.get(cell.scenario) as Scenario;
    let played = 0;
    const pairings = Map.groupBy(cells, (cell) => `${cell.client}/${cell.server}`);
    await runLanes([...pairings.values()], signal, async (pairing) => {
      const stand = {
        client: clients.get(pairing[0]?.client ?? ''),
        server: servers.get(pairing[0]?.server ?? ''),
      };
      const { client, server } = stand;
      if (!client || !server) return;
      await playPairing(pairing, {
        waits: (cell) => scenarioOf(cell).waits,
        async attempt(cell) {
          signal.throwIfAborted();
          await emit({
            type: 'cell-started',
            client: cell.client,
            server: cell.server,
            scenario: cell.scenario,
          });
          return attempt(cell, scenarioOf(cell), { client, server }, `c${played++}`, signal);
        },
        finish: async (attempt) => emit({ type: 'cell-finished', result: resultOf(attempt, launcher.kind) }),
      });
    });
  }
}

async function build(
  peer: Peer,
  launcher: Launcher,
  signal: AbortSignal,
  emit: RunOptions['emit'],
): Promise<void> {
  const startedAt = performance.now();
  const took = () => round(performance.now() - startedAt);
  await emit({ type: 'peer-building', peer: peer.name });
  try {
    const { cached } = await launcher.build(peer, signal);
    await emit({ type: 'peer-built', peer: peer.name, buildMs: took(), cached });
  } catch (error) {
    if (!signal.aborted) {
      await emit({
        type: 'peer-built',
        peer: peer.name,
        buildMs: took(),
        cached: false,
        problem: (error as Error).message,
      });
    }
    throw error;
  }
}

function stopAll(
  role: Role,
  slots: ReadonlyMap<string, Slot<Running>>,
  signal: AbortSignal,
  emit: RunOptions['emit'],
): readonly Promise<void>[] {
  return [...slots].map(async ([peer, slot]) => {
    const problem = signal.aborted ? await slot.abandon() : (await slot.stop()).join('\n');
    await emit({ type: 'peer-stopped', peer, role, ...(problem && { problem }) });
  });
}

function startEvent(plan: Plan, kind: string, why: string): RunEvent {
  return {
    type: 'run-started',
    version: logVersion,
    at: new Date().toISOString(),
    launcher: { kind, why },
    peers: plan.peers.map(({ name, title }) => ({ name, title })),
    scenarios: plan.scenarios.map(({ name, title, source }) => ({ name, title, source })),
    cells: plan.cells,
    leftOut: plan.leftOut,
    ledger: plan.ledger,
    problems: plan.problems,
  };
}
