/**
 * `npm run checkup`: the doctor is content with every peer of the tree, in each mode in which it
 * can be started here; it tells on every saboteur, and not on whoever is odd and allowed. With
 * names, `npm run checkup -- go wrong-id`, it is about these peers and saboteurs only; with
 * `--sample` about all peers, and of the saboteurs about every sixth of those whom one check
 * of the doctor tells on, that which plays every scenario.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Check } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { checksOf } from '../doctor/peer.ts';
import { doctorLimits } from '../doctor/subject.ts';
import { rootFolder } from '../folders.ts';
import { processStarter } from '../launch/process.ts';
import { findPeers } from '../peers/find.ts';
import { printable } from '../report/text.ts';
import { saboteurs } from '../saboteurs/catalogue/catalogue.ts';
import type { Saboteur } from '../saboteurs/catalogue/saboteur.ts';
import { canBeHosted, hostedStarter, openHosts } from '../saboteurs/hosted.ts';
import { compile, saboteurPeer } from '../saboteurs/peers.ts';
import { type CheckStep, commandStep, runSteps } from './steps.ts';

/** Short, for what is silent; long enough for programs that start on two busy cores. */
const limits = {
  ...doctorLimits,
  readyMs: 8_000,
  callMs: 4_000,
  recordMs: 4_000,
  stopMs: 3_000,
  termMs: 1_000,
};

/** Saboteurs at a time: most of it is waiting on purpose. */
const width = 6;
/** Steps at a time: nearly half of what a peer's take is waiting. */
const steps = 2;

/** A race, which does not come again, is told and is no failure; `.ci/run` sees it so as well. */
function unlessTwice(run: () => Promise<void>): Promise<void> {
  return run().catch((error: Error) => {
    process.stdout.write(`${printable(error.message)}\nonce more, in case it was a race\n`);
    return run();
  });
}

/** Resolves to the first thing that the doctor says against it; undefined when it is content. */
async function complaintAbout(saboteur: Saboteur): Promise<string | undefined> {
  const stop = new AbortController();
  let complaint: string | undefined;
  const starter = () => hostedStarter(processStarter(), hosts, [saboteur]);
  const scenarios = scenariosOf(saboteur);
  await using list = await checksOf(saboteurPeer(saboteur), 'process', limits, [], scenarios, starter);
  await examine(scenariosFirst(list.checks), stop.signal, (result) => {
    if (result.kind !== 'failed') return;
    complaint = `${result.check.name}: ${result.problem}`;
    stop.abort('it was told on');
  });
  return complaint;
}

/** Those that are to show it. That whoever is odd passes all of them is a test of the saboteurs. */
function scenariosOf({ breaks }: Saboteur): readonly string[] {
  const broken = breaks.flatMap(({ scenarios }) => scenarios);
  return broken.length > 0 ? broken : ['pick/stitch'];
}

/** Most lie in a scenario: that is found out at once, without what a peer has to do before. */
function scenariosFirst(checks: readonly Check[]): readonly Check[] {
  const isEvery = ({ name }: Check) => name.endsWith('every scenario that it claims');
  const every = checks.filter(isEvery).map((check): Check => ({ ...check, needs: [] }));
  return [...every, ...checks.filter((check) => !isEvery(check))];
}

function isGuilty({ breaks, stops, isToldByDoctor }: Saboteur): boolean {
  return breaks.length > 0 || stops !== undefined || isToldByDoctor === true;
}

/**
 * All whom another check tells on than that which plays every scenario, and every sixth of the others: for these
 * the doctor's judge is that of a run, and the tests of the saboteurs show that it sees each of them.
 */
function sampleOf(those: readonly Saboteur[]): readonly Saboteur[] {
  const isAlike = (saboteur: Saboteur) => canBeHosted(saboteur) && !saboteur.isToldByDoctor;
  const sampled = new Set(those.filter(isAlike).filter((_, index) => index % 6 === 0));
  return those.filter((saboteur) => !isAlike(saboteur) || sampled.has(saboteur));
}

/** Rejects when the doctor is content with who is guilty, or is not with who is allowed. */
async function examineOne(saboteur: Saboteur): Promise<void> {
  const complaint = await complaintAbout(saboteur);
  if ((complaint !== undefined) !== isGuilty(saboteur))
    throw new Error(`${saboteur.name} (${saboteur.does}): ${complaint ?? 'nothing is said against it'}`);
}

/** Rejects with the doctor's mistakes about them. */
async function examineAll(those: readonly Saboteur[]): Promise<void> {
  const mistakes: string[] = [];
  const pending = those.entries();
  async function work(): Promise<void> {
    for (const [index, saboteur] of pending) {
      await unlessTwice(() => examineOne(saboteur)).catch((error: Error) => mistakes.push(error.message));
      if (index % 50 === 49) process.stdout.write(`  ${index + 1} of ${those.length}\n`);
    }
  }
  await Promise.all(Array.from({ length: width }, work));
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
}

function saboteurStep(name: string, those: readonly Saboteur[]): readonly CheckStep[] {
  if (those.length === 0) return [];
  return [{ name: `${name} (${those.length})`, run: () => examineAll(those) }];
}

function peerStep(name: string): CheckStep {
  const step = commandStep(`doctor ${name}`, [process.execPath, main, 'doctor', name]);
  return { ...step, run: () => unlessTwice(() => step.run()) };
}

const main = path.join(rootFolder, 'interop', 'main.ts');
const { values, positionals: names } = parseArgs({
  options: { sample: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const isMeant = ({ name }: { readonly name: string }) => names.length === 0 || names.includes(name);

const all = await findPeers();
const unknown = names.filter((name) => ![...all, ...saboteurs].some((each) => each.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no peer and no saboteur is named ${unknown.join(' or ')}\n`);
  process.exit(2);
}
const peers = all.filter(isMeant);
// Of programs that know nothing of the harness the doctor asks nothing of this.
const known = saboteurs.filter((saboteur) => isMeant(saboteur) && !saboteur.isStranger);
const meant = values.sample ? sampleOf(known) : known;
await compile();
await using hosts = openHosts();
process.exitCode = await runSteps(
  [
    ...peers.map(({ name }) => peerStep(name)),
    ...saboteurStep('saboteurs are told on', meant.filter(isGuilty)),
    ...saboteurStep(
      'odd and allowed, and left alone',
      meant.filter((saboteur) => !isGuilty(saboteur)),
    ),
  ],
  { atOnce: steps },
);
