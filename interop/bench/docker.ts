import { execa } from 'execa';
import type { Peer } from '../model/peer.ts';

/** Wall time in ms of starting and stopping the same containers with the engine's command line, all at once. */
export async function dockerBound(
  peers: readonly Peer[],
  imageOf: (peer: Peer) => Promise<string>,
): Promise<number> {
  const parts = await Promise.all(
    // One for each role.
    [...peers, ...peers].map(async (peer) => ({ image: await imageOf(peer), args: peer.args ?? [] })),
  );
  const startedAt = performance.now();
  const ids = await Promise.all(
    parts.map(
      async ({ image, args }) =>
        (await execa('docker', ['run', '--detach', '--interactive', '--init', '--rm', image, ...args]))
          .stdout,
    ),
  );
  await Promise.all(ids.map((id) => execa('docker', ['stop', id])));
  return performance.now() - startedAt;
}
