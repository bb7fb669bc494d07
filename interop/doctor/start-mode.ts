import { whyNoEngine } from '../launch/engine.ts';
import { whyNotAsProcess } from '../launch/process.ts';
import type { Starter } from '../launch/programs.ts';
import type { LauncherWord } from '../launch/word.ts';
import type { Peer } from '../model/peer.ts';

/** A way to start the peer. */
export interface StartMode {
  /** The sentence that says what this machine lacks for it. */
  readonly whyNot: string | undefined;
  /** Whoever calls it disposes of what it gives. */
  open(): Promise<Starter>;
}

/** The ways that the manifest has and the word allows; `auto` allows both. */
export async function startModesOf(
  peer: Peer,
  word: LauncherWord,
  ofProcesses: () => Starter,
): Promise<readonly StartMode[]> {
  return Promise.all([
    ...(peer.process && word !== 'container' ? [asProcess(peer, ofProcesses)] : []),
    ...(peer.container && word !== 'process' ? [inContainer()] : []),
  ]);
}

async function asProcess(peer: Peer, ofProcesses: () => Starter): Promise<StartMode> {
  return { whyNot: await whyNotAsProcess(peer), open: async () => ofProcesses() };
}

async function inContainer(): Promise<StartMode> {
  return {
    whyNot: await whyNoEngine(),
    async open() {
      const { containerStarter } = await import('../launch/container.ts');
      return containerStarter();
    },
  };
}
