import { chooseLauncher } from '../launch/choose.ts';
import { defaultLimits, type Launcher, type Limits } from '../launch/launcher.ts';
import type { Types } from '../messages/types.ts';
import type { Peer } from '../model/peer.ts';
import { complain } from './complain.ts';
import { interruptSignal } from './interrupt.ts';
import type { Options } from './options.ts';

/** One end, by hand: chooses the launcher as a run would, builds the peer, and hands both over to `use`. */
export async function byHand(
  peer: Peer,
  types: Types,
  options: Options,
  use: (launcher: Launcher, signal: AbortSignal) => Promise<number>,
  limits: Limits = defaultLimits,
): Promise<number> {
  await using choice = await chooseLauncher(options.launcher, [peer], limits);
  const launcher = choice.launcherOf(types);
  const signal = interruptSignal(complain);
  complain(`building ${peer.name} to run as a ${launcher.kind} (${choice.why})`);
  await launcher.build(peer, signal);
  return await use(launcher, signal);
}
