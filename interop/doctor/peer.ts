import { UsageError } from '../errors.ts';
import type { Limits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import type { Starter } from '../launch/programs.ts';
import type { LauncherWord } from '../launch/word.ts';
import type { Peer } from '../model/peer.ts';
import type { Check } from './check.ts';
import { checklist, type List } from './checklist.ts';
import { bothModesCheck, oneModeCheck } from './checks/both-modes.ts';
import { manifestCheck } from './checks/manifest.ts';
import { type ManifestFile, manifestFileOf } from './manifest-file.ts';
import { type StartMode, startModesOf } from './start-mode.ts';
import { doctorLimits, makeSubject } from './subject.ts';

/** Checks, and what they hold open: disposing of it ends that. */
export interface Checks extends AsyncDisposable {
  readonly checks: readonly Check[];
}

/** The checks of the peer that the word means, its manifest's first. Throws a UsageError when there is no such peer. */
export async function checksOfNamed(name: string, word: LauncherWord): Promise<Checks> {
  const file = manifestFileOf(name);
  const manifest = manifestCheck(file);
  const peer = readable(file);
  if (!peer) return { checks: [manifest, allBehind(manifest)], async [Symbol.asyncDispose]() {} };
  const rest = await checksOf(peer, word, doctorLimits, [manifest]);
  return { ...rest, checks: [manifest, ...rest.checks] };
}

function readable(file: ManifestFile): Peer | undefined {
  try {
    return file.peer();
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** What stands in the list for all that cannot be known without a manifest. */
function allBehind(manifest: Check): Check {
  const name = 'tool chain, build, and all behind it';
  return { name, section: '', needs: [manifest], hint: '', run: async () => '' };
}

/** The checks of a peer, in each way in which it can be started here. `ofProcesses` starts processes, the partner's among them. */
export async function checksOf(
  peer: Peer,
  word: LauncherWord,
  limits: Limits,
  needs: readonly Check[] = [],
  scenarios: readonly string[] = ['*'],
  ofProcesses: () => Starter = processStarter,
): Promise<Checks> {
  const modes = await startModesOf(peer, word, ofProcesses);
  const open = new AsyncDisposableStack();
  const own = open.use(ofProcesses());
  const lists: List[] = [];
  for (const mode of modes) {
    const subject = makeSubject(peer, open.use(await mode.open()), own, limits, scenarios);
    lists.push(checklist(subject, needs, mode.whyNot, isSpare(mode, modes)));
  }
  return {
    checks: [...lists.flatMap(({ checks }) => checks), bothWays(peer, lists)],
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** It cannot be had, and another can. */
function isSpare(mode: StartMode, modes: readonly StartMode[]): boolean {
  return mode.whyNot !== undefined && modes.some((other) => other.whyNot === undefined);
}

function bothWays(peer: Peer, [one, other]: readonly List[]): Check {
  if (one && other) return bothModesCheck(one.subject, other.subject, [one.build, other.build]);
  const missing = (['process', 'container'] as const).find((kind) => !peer[kind]);
  return oneModeCheck(missing ? `its manifest has no "${missing}"` : 'one launcher was demanded');
}
