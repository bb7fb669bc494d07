import { whyNoEngine } from '../launch/engine.ts';
import type { Peer } from '../model/peer.ts';

const never = new AbortController().signal;
const done = { test: 'tested', check: 'checked' } as const;

/** Builds that stage of the peer's image, since what its tool chain needs is missing. Rejects with a sentence where it cannot. */
export async function buildStage(what: keyof typeof done, peer: Peer, missing: string): Promise<void> {
  const noEngine = peer.container?.[what] ? await whyNoEngine() : `its manifest names no ${what} stage`;
  if (noEngine) throw new Error(`${peer.name} cannot be ${done[what]} here: ${missing}; ${noEngine}`);
  const { runInContainer } = await import('../launch/image.ts');
  await runInContainer(what, peer, never);
}
