import { UsageError } from '../errors.ts';
import type { LauncherWord } from '../launch/choose.ts';
import type { Limits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import type { Peer } from '../model/peer.ts';
import type { Check } from './check.ts';
import { checklist, type List } from './checklist.ts';
import { manifestCheck } from './manifest.ts';
import { type Patient, patientOf } from './patient.ts';
import { notSameCheck, sameCheck } from './same.ts';
import { makeWard } from './ward.ts';
import { type Way, waysOf } from './ways.ts';

/** Checks, and what they hold open: disposing of it ends that. */
export interface Checks extends AsyncDisposable {
  readonly checks: readonly Check[];
}

/** The checks of the peer that the word means, its manifest's first. Throws a UsageError when there is no such peer. */
export async function checksOfNamed(name: string, word: LauncherWord, limits: Limits): Promise<Checks> {
  const patient = patientOf(name);
  const manifest = manifestCheck(patient);
  const peer = readable(patient);
  if (!peer) return { checks: [manifest, allBehind(manifest)], async [Symbol.asyncDispose]() {} };
  const rest = await checksOf(peer, word, limits, [manifest]);
  return { ...rest, checks: [manifest, ...rest.checks] };
}

function readable(patient: Patient): Peer | undefined {
  try {
    return patient.peer();
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

/** The checks of a peer, in each way in which it can be started here. */
export async function checksOf(
  peer: Peer,
  word: LauncherWord,
  limits: Limits,
  needs: readonly Check[] = [],
  scenarios: readonly string[] = ['*'],
): Promise<Checks> {
  const ways = await waysOf(peer, word);
  const open = new AsyncDisposableStack();
  const own = open.use(processStarter());
  const lists: List[] = [];
  for (const way of ways) {
    const ward = makeWard(peer, open.use(await way.open()), own, limits, scenarios);
    lists.push(checklist(ward, needs, way.whyNot, isSpare(way, ways)));
  }
  return {
    checks: [...lists.flatMap(({ checks }) => checks), bothWays(peer, lists)],
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** It cannot be had, and another can. */
function isSpare(way: Way, ways: readonly Way[]): boolean {
  return way.whyNot !== undefined && ways.some((other) => other.whyNot === undefined);
}

function bothWays(peer: Peer, [one, other]: readonly List[]): Check {
  if (one && other) return sameCheck(one.ward, other.ward, [one.build, other.build]);
  const missing = (['process', 'container'] as const).find((kind) => !peer[kind]);
  return notSameCheck(missing ? `its manifest has no "${missing}"` : 'one launcher was demanded');
}
