/**
 * `npm run wire`: the whole matrix with somebody who reads along, and without. Reading
 * along must change no verdict, so the two runs must come to the same, cell by cell.
 * `npm run wire -- LOG…` takes the first of the two from the log of a run that there was.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { readEvents } from '../cli/events.ts';
import { rootFolder } from '../folders.ts';
import { whyNoEngine } from '../launch/engine.ts';
import { whyNotAsProcess } from '../launch/process.ts';
import { cellId } from '../model/cell.ts';
import type { Outcome } from '../model/outcome.ts';
import { cellsListed } from '../outcome/same.ts';
import { findPeers } from '../peers/find.ts';
import { runSteps } from './steps.ts';

const main = path.join(rootFolder, 'interop', 'main.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'stitch-wire-'));

type Outcomes = ReadonlyMap<string, string>;

/** What each cell comes to in a run. */
async function play(launcher: string, ...words: readonly string[]): Promise<Outcomes> {
  const out = path.join(folder, [launcher, ...words].join(' '));
  const args = [main, '--launcher', launcher, '--out', out, ...words];
  // The runs of this check are not for the summary of a workflow.
  const env = { GITHUB_ACTIONS: undefined, GITHUB_STEP_SUMMARY: undefined };
  await execa(process.execPath, args, { cwd: rootFolder, reject: false, stdin: 'ignore', env });
  return outcomes(path.join(out, 'run.jsonl'));
}

/** By the words of the two sides. Without cells that the ledger calls a race, or a matter of the wire alone. */
async function outcomes(log: string): Promise<Outcomes> {
  const found = new Map<string, string>();
  let races: ReadonlySet<string> = new Set();
  for await (const event of readEvents(log)) {
    if (event.type === 'run-started')
      races = cellsListed(event, ({ sometimes, onWire }) => sometimes === true || onWire === true);
    if (event.type !== 'cell-finished') continue;
    const id = cellId(event.result);
    if (!races.has(id)) found.set(id, outcomeText(event.result.outcome));
  }
  return found;
}

/**
 * The relay is the same wherever peers run, so in containers, where it only has other addresses, one contract will
 * do: that with all kinds of calls.
 */
function what(launcher: string): readonly string[] {
  return launcher === 'container' ? ['contract:streams'] : [];
}

/** All; but a client that is run once a call is started hundreds of times, and in containers that is most of a run. */
function whom(launcher: string): readonly string[] {
  const played = launcher === 'container' ? peers.filter(({ client }) => !client?.output) : peers;
  return played.map(({ name }) => name);
}

function outcomeText(outcome: Outcome): string {
  if (outcome.kind !== 'failed') return outcome.kind;
  const told = outcome.mismatches
    // What a side's answer is held against is known only where somebody reads along.
    .filter(({ witness, what }) => witness !== 'wire' && (witness === 'both' || what !== 'answer'))
    .map(({ call, witness, what }) => `${witness} ${what} of call ${call + 1}`);
  return `failed: ${[...new Set(told)].toSorted().join(', ')}`;
}

async function compare(launcher: string): Promise<void> {
  const names = whom(launcher);
  const only = [...what(launcher), '--only', names.join(',')];
  const untapped = await play(launcher, '--no-wire', ...only);
  const log = logs.get(launcher);
  const tapped = log ? among(names, untapped, await outcomes(log)) : await play(launcher, ...only);
  if (untapped.size < 100) throw new Error(`only ${untapped.size} cells ran: wanted the whole matrix`);
  const ids = new Set([...untapped.keys(), ...tapped.keys()]);
  const differing = [...ids].filter((id) => untapped.get(id) !== tapped.get(id));
  const told = (id: string) =>
    `${id}: ${untapped.get(id) ?? 'missing'} without, ${tapped.get(id) ?? 'missing'} with`;
  if (differing.length > racesAtMost) throw new Error(differing.map(told).join('\n'));
  for (const id of differing) {
    if (await differsAgain(launcher, id)) throw new Error(told(id));
    process.stdout.write(`a race, which did not come again: ${told(id)}\n`);
  }
}

/** A log may be of more peers, and of more scenarios, than are played here. */
function among(names: readonly string[], played: Outcomes, all: Outcomes): Outcomes {
  const scenarioOf = (id: string) => id.split('/').slice(2).join('/');
  const scenarios = new Set([...played.keys()].map(scenarioOf));
  const isPlayed = (id: string) =>
    scenarios.has(scenarioOf(id)) && id.split('/', 2).every((name) => names.includes(name));
  return new Map([...all].filter(([id]) => isPlayed(id)));
}

/** More cells than these do not differ by chance. */
const racesAtMost = 8;

/** Whether the cell alone comes to something else as well: what the relay does, it does each time. */
async function differsAgain(launcher: string, id: string): Promise<boolean> {
  const [client = '', server = '', ...scenario] = id.split('/');
  const words = [`client:${client}`, `server:${server}`, `scenario:${scenario.join('/')}`];
  const untapped = await play(launcher, '--no-wire', ...words);
  const tapped = await play(launcher, ...words);
  return !untapped.has(id) || untapped.get(id) !== tapped.get(id);
}

/** The logs that were named, by how their peers were launched. */
async function logsByLauncher(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const file of files)
    for await (const event of readEvents(file)) {
      if (event.type !== 'run-started') throw new Error(`${file} does not begin with the start of a run`);
      if (!event.isTapped) throw new Error(`${file}: nobody read along in that run`);
      found.set(event.launcher.kind, file);
      break;
    }
  return found;
}

const logs = await logsByLauncher(process.argv.slice(2));
const peers = await findPeers();
const noProcess = (await Promise.all(peers.map(whyNotAsProcess))).find((reason) => reason !== undefined);
const noEngine = await whyNoEngine();
const launchers = [...(noProcess ? [] : ['process']), ...(noEngine ? [] : ['container'])];
const steps = launchers.map((launcher) => ({
  name: `${launcher}: the same verdicts with and without`,
  run: () => compare(launcher),
}));
process.exitCode = steps.length > 0 ? await runSteps(steps) : 1;
if (steps.length === 0) process.stderr.write(`nothing can be launched: ${noProcess}; ${noEngine}\n`);
rmSync(folder, { recursive: true });
