import path from 'node:path';
import { UsageError } from '../errors.ts';
import { isPackage, outFolder, rootFolder } from '../folders.ts';
import type { Peer } from '../model/peer.ts';
import { isRelease } from '../outcome/versions.ts';
import { findPeers } from '../peers/find.ts';
import { againstToday } from '../plan/releases.ts';
import { openOutput } from '../report/file.ts';
import { compatibilityReporter } from '../report/outputs/compatibility.ts';
import { complain } from './complain.ts';
import type { Options } from './options.ts';
import { playPlan } from './run.ts';
import { contractsOf, planOf } from './select.ts';

/** What people ask of two versions first: names, how a call ends, metadata, one stream. */
const asked = 'scenario:pick/*,unknown/*,status/*,metadata/*,streams/ping-pong';

/** `versions`: releases of each library, with what the tree has of the others; leaves a page of tables. */
export async function versionsCommand(options: Options): Promise<number> {
  const libraries = librariesOf(options.words, await findPeers());
  const releases = libraries.flatMap(({ name, version }) =>
    (version?.releases ?? []).map((release) => `${name}@${release}`),
  );
  const wanted = { ...options, words: [asked], peers: [...options.peers, ...releases], markdown: undefined };
  const contracts = await contractsOf(wanted);
  const plan = againstToday(await planOf(wanted, contracts, undefined), isRelease);
  const file =
    options.markdown ?? path.join(isPackage ? outFolder : path.join(rootFolder, 'docs'), 'compatibility.md');
  let isWritten = false;
  const tables = compatibilityReporter((text, isWhole) => {
    // What stands in the file stays until there is something to take its place.
    if (isWhole) openOutput(file)(text);
    isWritten = isWhole;
  });
  await playPlan(wanted, contracts, plan, { more: [tables] });
  const shown = path.relative(process.cwd(), file);
  complain(isWritten ? `the tables: ${shown}` : `not all of it was built and played: ${shown} is as it was`);
  return isWritten ? 0 : 1;
}

function librariesOf(names: readonly string[], tree: readonly Peer[]): readonly Peer[] {
  const some = tree.filter(({ version }) => version?.releases?.length);
  const there = `there are ${some.map(({ name }) => name).join(' ')}`;
  const unknown = names.find((name) => !some.some((peer) => peer.name === name));
  if (unknown !== undefined)
    throw new UsageError(`versions: no manifest of ${unknown} names "releases" of its library; ${there}`);
  if (some.length === 0)
    throw new UsageError('versions: no manifest names "releases" of its library ("version")');
  return names.length === 0 ? some : some.filter(({ name }) => names.includes(name));
}
