import type { Cell } from '../model/cell.ts';

/**
 * Plays each pairing, as many at a time as have a client and a server to
 * themselves: so a peer that misbehaves harms only the pairing it is in. `lanesOf`: in so
 * many pairings at a time a client may play, most in one. Rejects
 * with the first error, after all lanes have ended.
 */
export async function runLanes(
  pairings: readonly (readonly Cell[])[],
  lanesOf: (client: string) => number,
  signal: AbortSignal,
  play: (cells: readonly Cell[]) => Promise<void>,
): Promise<void> {
  const pending = new Set(pairings);
  const clients = new Map<string, number>();
  const servers = new Set<string>();
  const lanes = new Set<Promise<void>>();
  const errors: unknown[] = [];

  function startFree(): void {
    for (const cells of pending) {
      const [cell] = cells;
      if (!cell) continue;
      const { client, server } = cell;
      const playing = clients.get(client) ?? 0;
      if (playing >= lanesOf(client) || servers.has(server)) continue;
      pending.delete(cells);
      clients.set(client, playing + 1);
      servers.add(server);
      const lane = play(cells)
        .catch((error: unknown) => void errors.push(error))
        .finally(() => {
          clients.set(client, (clients.get(client) ?? 1) - 1);
          servers.delete(server);
          lanes.delete(lane);
        });
      lanes.add(lane);
    }
  }

  startFree();
  while (lanes.size > 0) {
    await Promise.race(lanes);
    if (!signal.aborted && errors.length === 0) startFree();
  }
  if (errors.length > 0) throw errors[0];
}
