import type { ClientSession, Launcher, Running, RunningServer } from '../launch/launcher.ts';
import { within } from '../launch/within.ts';
import type { Cell } from '../model/cell.ts';
import type { RunEvent } from '../model/event.ts';
import type { Peer, Role } from '../model/peer.ts';
import type { Stand } from './attempt.ts';
import { orAborted } from './bound.ts';
import { microseconds } from './result.ts';
import { makeSlot, type Slot } from './slot.ts';

/** Where the events of a run go, in order. */
export type Emit = (event: RunEvent) => void | Promise<void>;

/** For the end of what is killed; what hangs even then is the guard's. */
const abandonMs = 5_000;
/** Whoever waits for it waits no longer on a busy machine. */
const forAPerson = { isCrowded: () => false };

/** The servers and clients of a run: built and started side by side, replaced when they break, ended. */
export interface Crew {
  /** The client and the server of a pairing. */
  stand(pairing: Pick<Cell, 'client' | 'server'>): Stand;
  /**
   * Resolves when no program is being started. Those of a run start at once and have all cores to themselves, so
   * that whoever measures time then measures that. Rejects never; a start has its limit.
   */
  calm(): Promise<void>;
  /** Ends all of them, and says of each what went wrong that no cell has told. */
  stop(): Promise<void>;
}

/** Begins to build and start every peer that one of the cells needs. */
export function makeCrew(
  peers: readonly Peer[],
  cells: readonly Cell[],
  launcher: Launcher,
  signal: AbortSignal,
  emit: Emit,
): Crew {
  const builds = new Map<string, Promise<void>>();
  const starts = new Set<Promise<unknown>>();
  const servers = slotsFor('server', (peer) => launcher.serve(peer, signal));
  const clients = slotsFor('client', (peer) => launcher.connect(peer, signal));
  for (const slot of [...servers.values(), ...clients.values()]) slot.use().catch(() => {});

  function slotsFor<T extends Running>(role: Role, start: (peer: Peer) => Promise<T>) {
    const names = new Set(cells.map((cell) => cell[role]));
    const playing = peers.filter((peer) => names.has(peer.name));
    return new Map(playing.map((peer) => [peer.name, makeSlot(() => startPeer(role, peer, start))]));
  }

  async function startPeer<T extends Running>(
    role: Role,
    peer: Peer,
    start: (peer: Peer) => Promise<T>,
  ): Promise<T> {
    await built(peer);
    const running = await counted(start(peer));
    const { implementation, startupMs } = running;
    const untapped = 'untapped' in running ? { untapped: String(running.untapped) } : {};
    await emit({
      type: 'peer-started',
      peer: peer.name,
      role,
      implementation,
      startupMs: microseconds(startupMs),
      ...untapped,
    });
    return running;
  }

  function counted<T>(starting: Promise<T>): Promise<T> {
    const over = starting.finally(() => starts.delete(over));
    starts.add(over);
    return over;
  }

  /** Both roles wait for the one build of a peer. */
  function built(peer: Peer): Promise<void> {
    const building = builds.get(peer.name) ?? build(peer, launcher, signal, emit);
    builds.set(peer.name, building);
    return building;
  }

  async function end(role: Role, name: string, slot: Slot<Running>): Promise<void> {
    const problem = signal.aborted
      ? await within(slot.abandon(), abandonMs, forAPerson)
      : (await slot.stop()).join('\n');
    await emit({ type: 'peer-stopped', peer: name, role, ...(problem && { problem }) });
  }

  return {
    stand: ({ client, server }) => ({ client: existing(clients, client), server: existing(servers, server) }),
    async calm() {
      while (starts.size > 0) await Promise.allSettled(starts);
    },
    async stop() {
      await Promise.all([
        ...Array.from(servers, ([name, slot]) => end('server', name, slot)),
        ...Array.from(clients, ([name, slot]) => end('client', name, slot)),
      ]);
      await orAborted(Promise.allSettled(builds.values()), signal).catch(() => {});
    },
  };
}

async function build(peer: Peer, launcher: Launcher, signal: AbortSignal, emit: Emit): Promise<void> {
  const startedAt = performance.now();
  const built = { type: 'peer-built', peer: peer.name } as const;
  const took = () => microseconds(performance.now() - startedAt);
  await emit({ type: 'peer-building', peer: peer.name });
  try {
    const { cached, artifact } = await launcher.build(peer, signal);
    await emit({ ...built, buildMs: took(), cached, ...(artifact !== undefined && { artifact }) });
  } catch (error) {
    const problem = (error as Error).message;
    if (!signal.aborted) await emit({ ...built, buildMs: took(), cached: false, problem });
    throw error;
  }
}

function existing<T extends ClientSession | RunningServer>(
  slots: ReadonlyMap<string, Slot<T>>,
  name: string,
): Slot<T> {
  const slot = slots.get(name);
  if (!slot) throw new Error(`${name} plays in no cell`);
  return slot;
}
