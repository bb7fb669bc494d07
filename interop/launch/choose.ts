import { UsageError } from '../errors.ts';
import type { Types } from '../messages/types.ts';
import type { Peer } from '../model/peer.ts';
import { defaultLimits, type Launcher, type Limits } from './launcher.ts';
import { programLauncher, type Starter } from './programs.ts';
import type { LauncherWord } from './word.ts';

/** How peers are launched, and the clause that says why so. Disposing of it ends all that it started. */
export interface Choice extends AsyncDisposable {
  readonly kind: Launcher['kind'];
  readonly why: string;
  /**
   * A launcher for services of these types; any number of them share what is built, and none is to be disposed of by
   * itself. `encrypts`: some connection will be encrypted; absent: it may.
   */
  launcherOf(types: Types, encrypts?: boolean): Launcher;
}

/**
 * `auto` takes containers where a Docker engine answers and every peer has a
 * container, otherwise processes. Throws a UsageError that says what to install
 * when some peer cannot be launched: none is left out in silence.
 */
export async function chooseLauncher(
  word: LauncherWord,
  all: readonly Peer[],
  limits: Limits = defaultLimits,
): Promise<Choice> {
  // A server that runs already needs nothing of us.
  const peers = all.filter((peer) => !peer.address);
  const noContainer = word === 'process' ? ['--launcher process'] : await whyNoContainers(peers);
  if (noContainer.length === 0) {
    const { containerStarter } = await import('./container.ts');
    const why = word === 'auto' ? 'a Docker engine answers' : 'as demanded';
    return choiceOf(containerStarter(), why, limits);
  }
  if (word === 'container') throw new UsageError(`cannot run in containers: ${noContainer.join('; ')}`);
  const { processStarter, whyNotAsProcess } = await import('./process.ts');
  const noProcess = await Promise.all(
    peers.map(async (peer) => [peer.name, await whyNotAsProcess(peer)] as const),
  );
  const missing = noProcess.filter(([, reason]) => reason !== undefined);
  if (missing.length === 0) {
    const why = word === 'auto' ? noContainer.join('; ') : 'as demanded';
    return choiceOf(processStarter(), why, limits);
  }
  throw new UsageError(
    [
      `${missing.length} of ${peers.length} peers cannot be launched`,
      ...missing.map(([name, reason]) => `  ${name} as a process: ${reason}`),
      ...(word === 'auto' ? noContainer.map((reason) => `  in containers: ${reason}`) : []),
      `  hint: install that, or leave the peer out on purpose: npm run interop -- --only ${names(peers, missing) || 'PEER'}`,
    ].join('\n'),
  );
}

function choiceOf(starter: Starter, why: string, limits: Limits): Choice {
  return {
    kind: starter.kind,
    why,
    launcherOf: (types, encrypts) => programLauncher(starter, limits, types, encrypts),
    [Symbol.asyncDispose]: () => starter[Symbol.asyncDispose](),
  };
}

async function whyNoContainers(peers: readonly Peer[]): Promise<readonly string[]> {
  const without = peers.filter((peer) => !peer.container).map((peer) => `${peer.name} has no container`);
  if (without.length > 0) return without;
  const { whyNoEngine } = await import('./engine.ts');
  const reason = await whyNoEngine();
  return reason ? [reason] : [];
}

function names(peers: readonly Peer[], missing: readonly (readonly [string, unknown])[]): string {
  const left = peers.filter((peer) => !missing.some(([name]) => name === peer.name));
  return left.map((peer) => peer.name).join(',');
}
