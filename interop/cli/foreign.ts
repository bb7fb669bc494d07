import { UsageError } from '../errors.ts';
import type { Launcher } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Plan } from '../plan/plan.ts';

/**
 * Before anything is built: servers that run already, and are to play, are there. Rejects with a
 * UsageError that says of each that is not what was found in its place.
 */
export async function findServers({ peers, cells }: Plan, launcher: Launcher): Promise<void> {
  const playing = new Set(cells.filter((cell) => !cell.unsupported).map(({ server }) => server));
  const foreign = peers.filter(({ name, address }) => address !== undefined && playing.has(name));
  const never = new AbortController().signal;
  const found = await Promise.allSettled(
    foreign.map(async (peer) => {
      await using _ = await launcher.serve(peer, never);
    }),
  );
  const problems = found.flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  const other = problems.find((error) => !(error instanceof PeerError));
  if (other) throw other;
  if (problems.length > 0) throw new UsageError(problems.map(({ message }) => message).join('\n'));
}
