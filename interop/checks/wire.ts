/**
 * `npm run wire`: the whole matrix with somebody who reads along, and without. Reading
 * along must change no verdict, so the two runs must come to the same, cell by cell.
 * `npm run wire -- LOG…` takes the first of the two from the logs of runs that there were, and plays no others.
 */
import { startOf } from '../cli/events.ts';
import { whyNoEngine } from '../launch/engine.ts';
import { whyNotAsProcess } from '../launch/process.ts';
import { findPeers } from '../peers/find.ts';
import { runSteps } from './steps.ts';
import { compare, makePlayers, type Verdicts, verdictsOf } from './verdicts.ts';

/**
 * The relay is the same wherever peers run, so in containers, where it only has other addresses, one contract will
 * do: that with all kinds of calls.
 */
function what(launcher: string): readonly string[] {
  return launcher === 'container' ? ['contract:streams'] : [];
}

/**
 * All that can, or those of the run that was named; but a client that is run once a call is started hundreds of
 * times, and in containers that is most of a run.
 */
function whom(launcher: string): readonly string[] {
  const there = launcher === 'container' ? peers.filter(({ client }) => !client?.output) : asProcesses;
  const named = logs.get(launcher)?.peers;
  return there.map(({ name }) => name).filter((name) => named?.has(name) ?? true);
}

async function compareLauncher(launcher: string): Promise<void> {
  const names = whom(launcher);
  const only = [...what(launcher), '--only', names.join(',')];
  const without = (...words: readonly string[]) => players.play(launcher, '--no-wire', ...words);
  const reading = (...words: readonly string[]) => players.play(launcher, ...words);
  const untapped = await without(...only);
  const log = logs.get(launcher);
  const tapped = log ? among(names, untapped, await verdictsOf(log.file)) : await reading(...only);
  const sides = [
    { name: 'without', play: without },
    { name: 'with', play: reading },
  ] as const;
  await compare(sides, [untapped, tapped], 100);
}

/** A log may be of more peers, and of more scenarios, than are played here. */
function among(names: readonly string[], played: Verdicts, all: Verdicts): Verdicts {
  const scenarioOf = (id: string) => id.split('/').slice(2).join('/');
  const scenarios = new Set([...played.keys()].map(scenarioOf));
  const isPlayed = (id: string) =>
    scenarios.has(scenarioOf(id)) && id.split('/', 2).every((name) => names.includes(name));
  return new Map([...all].filter(([id]) => isPlayed(id)));
}

interface Log {
  readonly file: string;
  /** Names of those that played. */
  readonly peers: ReadonlySet<string>;
}

/** The logs that were named, by how their peers were launched. */
async function logsByLauncher(files: readonly string[]): Promise<ReadonlyMap<string, Log>> {
  const found = new Map<string, Log>();
  for (const file of files) {
    const started = await startOf(file);
    if (!started) throw new Error(`${file} does not begin with the start of a run`);
    if (!started.isTapped) throw new Error(`${file}: nobody read along in that run`);
    found.set(started.launcher.kind, { file, peers: new Set(started.peers.map(({ name }) => name)) });
  }
  return found;
}

using players = makePlayers();
const logs = await logsByLauncher(process.argv.slice(2));
const peers = await findPeers();
const whyNot = await Promise.all(peers.map(whyNotAsProcess));
const asProcesses = peers.filter((_, index) => whyNot[index] === undefined);
const noEngine = await whyNoEngine();
const possible = [...(asProcesses.length > 0 ? ['process'] : []), ...(noEngine ? [] : ['container'])];
const launchers = possible.filter((launcher) => logs.size === 0 || logs.has(launcher));
const steps = launchers.map((launcher) => ({
  name: `${launcher}: the same verdicts with and without`,
  run: () => compareLauncher(launcher),
}));
process.exitCode = steps.length > 0 ? await runSteps(steps) : 1;
if (steps.length === 0) process.stderr.write(`nothing can be launched: ${whyNot.join('; ')}; ${noEngine}\n`);
