/**
 * `npm run bench`: how much the engine costs, as ratios measured in one run on one
 * machine. Nothing here is a test: machines are shared and noisy.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { pickOne, serviceOf } from '../../contracts/manage/service.ts';
import { findChromium, noChromium } from '../browser/chromium.ts';
import { builderFor, inTurn } from '../contract/builder.ts';
import { loadContracts, ownContracts } from '../contract/load.ts';
import { rootFolder } from '../folders.ts';
import { whyNoEngine } from '../launch/engine.ts';
import { defaultLimits, type Launcher } from '../launch/launcher.ts';
import { processStarter, whyNotAsProcess } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import type { Peer } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { findPeers } from '../peers/find.ts';
import { readLedger } from '../plan/ledger.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { bareRun } from './bare.ts';
import { dockerBound } from './docker.ts';
import { engineRun, type Measured, noLedger } from './engine-run.ts';
import { sideBySide } from './side-by-side.ts';

const rounds = Number(process.argv[2] ?? 3);
const { scenarios, types } = await loadContracts(ownContracts());
const never = new AbortController().signal;
const ledger = readLedger('ledger.json', await readFile(path.join(rootFolder, 'ledger.json'), 'utf8'));

function say(name: string, figure: string, target: string, detail: string): void {
  process.stdout.write(`${name.padEnd(34)} ${figure.padStart(12)}   aim ${target.padEnd(20)} ${detail}\n`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs a and b in turn, and gives the median of their ratios with both medians. */
async function compare(
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ ratio: number; detail: string }> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) pairs.push([await a(), await b()]);
  const ratio = median(pairs.map(([mine, bound]) => mine / bound));
  const [mine, bound] = [median(pairs.map(([first]) => first)), median(pairs.map(([, second]) => second))];
  return { ratio, detail: `${Math.round(mine)} ms against ${Math.round(bound)} ms, median of ${rounds}` };
}

async function processes(peers: readonly Peer[]): Promise<void> {
  await using launcher = programLauncher(processStarter(), defaultLimits, types);
  for (const peer of peers) await launcher.build(peer, never);
  const runs: Measured[] = [];
  const whole = async () => {
    const measured = await engineRun(peers, scenarios, launcher, ledger);
    runs.push(measured);
    return measured.wallMs;
  };
  const { ratio, detail } = await compare(whole, () => bareRun(peers, scenarios, types));
  say('processes: run / bare programs', ratio.toFixed(2), '≤ 1.3', detail);
  for (const [name, figure, explained] of sideBySide(runs.at(-1)?.events ?? []))
    say(name, figure, '> 1', explained);
  await oneMoreCell(peers, launcher);
  await tapCost('processes', peers, launcher);
  await tapCallCost(peers, launcher);
  await rowCost(peers, launcher);
  await scriptCost(peers, launcher);
}

/** The same launcher, with and without somebody who reads along. */
async function tapCost(mode: string, peers: readonly Peer[], launcher: Launcher): Promise<void> {
  const tapped = tapLauncher(launcher, types);
  const { ratio, detail } = await compare(
    async () => (await engineRun(peers, scenarios, tapped, ledger)).wallMs,
    async () => (await engineRun(peers, scenarios, launcher, ledger)).wallMs,
  );
  say(`${mode}: run with tap / without`, ratio.toFixed(2), '≤ 1.1', detail);
}

/** What a plain call takes longer when somebody reads along: starts and stops cancel out. */
async function tapCallCost(peers: readonly Peer[], launcher: Launcher): Promise<void> {
  const tapped = tapLauncher(launcher, types);
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const cost = [];
    for (const each of [tapped, launcher]) {
      const few = await engineRun(peers, copies(100), each, noLedger);
      const many = await engineRun(peers, copies(500), each, noLedger);
      cost.push((many.wallMs - few.wallMs) / (many.cells - few.cells));
    }
    costs.push((cost[0] ?? Number.NaN) - (cost[1] ?? Number.NaN));
  }
  say('processes: the tap, a call', `${median(costs).toFixed(2)} ms`, '≤ 0.2 ms', `median of ${rounds}`);
}

/** A row of a thousand calls in every pairing, read along and judged, against the same calls of bare programs: starts and stops cancel out. */
async function rowCost(peers: readonly Peer[], launcher: Launcher): Promise<void> {
  const tapped = tapLauncher(launcher, types);
  const [few, many] = [rows(1), rows(3)];
  const { ratio, detail } = await compare(
    async () => (await wallMs(peers, many, tapped)) - (await wallMs(peers, few, tapped)),
    async () => (await bareRun(peers, many, types)) - (await bareRun(peers, few, types)),
  );
  say('processes: 1,000 calls / bare', ratio.toFixed(2), '≤ 1.5', detail);
}

/** The same calls, answered by a script and by the service as it is. */
async function scriptCost(peers: readonly Peer[], launcher: Launcher): Promise<void> {
  const service = serviceOf(builderFor('bench', types, new Set([pickOne])));
  const script = service.script('bench/answers', { row: 'Stitch' });
  const calls = (count: number, isScripted: boolean): readonly Scenario[] => {
    const plain = { spec: service.call('Stitch'), expect: service.answers('Stitch') };
    const call = isScripted ? { ...plain, script } : plain;
    const steps = [inTurn(...Array.from({ length: count }, () => call))];
    const source = { text: '', link: '' };
    return [service.scenario({ name: 'bench/calls', title: '', source, steps })];
  };
  const cost = async (isScripted: boolean) =>
    (await wallMs(peers, calls(600, isScripted), launcher)) -
    (await wallMs(peers, calls(100, isScripted), launcher));
  const { ratio, detail } = await compare(
    () => cost(true),
    () => cost(false),
  );
  say('processes: scripted / plain call', ratio.toFixed(2), '≤ 1.2', detail);
}

async function wallMs(
  peers: readonly Peer[],
  scenarios: readonly Scenario[],
  launcher: Launcher,
): Promise<number> {
  return (await engineRun(peers, scenarios, launcher, noLedger)).wallMs;
}

/** So many rows of a thousand calls. */
function rows(count: number): readonly Scenario[] {
  const row = scenarios.find(({ name }) => name === 'load/1000-calls');
  if (!row) throw new Error('there is no row of a thousand calls');
  return Array.from({ length: count }, (_, index) => ({ ...row, name: `load/copy-${index}` }));
}

/** The difference of two runs of many cells, so that starts and stops cancel out; beside it, the bare programs' own. */
async function oneMoreCell(peers: readonly Peer[], launcher: Launcher): Promise<void> {
  const few = await engineRun(peers, copies(100), launcher, noLedger);
  const many = await engineRun(peers, copies(500), launcher, noLedger);
  const cells = many.cells - few.cells;
  const bare = (await bareRun(peers, copies(500), types)) - (await bareRun(peers, copies(100), types));
  const perCell = `${((many.wallMs - few.wallMs) / cells).toFixed(2)} ms`;
  say(
    'processes: one more cell',
    perCell,
    '≤ 1 ms',
    `${cells} cells more; the bare call takes ${(bare / cells).toFixed(2)} ms`,
  );
}

/** The same plain scenario, so many times. */
function copies(count: number): readonly Scenario[] {
  const [first] = scenarios;
  return Array.from({ length: count }, (_, index) => ({
    ...(first as Scenario),
    name: `pick/copy-${index}`,
  }));
}

async function containers(peers: readonly Peer[]): Promise<void> {
  const { containerStarter } = await import('../launch/container.ts');
  const { imageOf } = await import('../launch/image.ts');
  await using launcher = programLauncher(containerStarter(), defaultLimits, types);
  for (const peer of peers) await launcher.build(peer, never);
  const { ratio, detail } = await compare(
    async () => (await engineRun(peers, scenarios, launcher, ledger)).wallMs,
    () => dockerBound(peers, imageOf),
  );
  say('containers: run / start and stop', ratio.toFixed(2), '≤ 1.5', detail);
  const startOnly = await compare(
    async () => (await engineRun(peers, scenarios.slice(0, 1), launcher, noLedger)).wallMs,
    () => dockerBound(peers, imageOf),
  );
  say('containers: one scenario / the same', startOnly.ratio.toFixed(2), '', startOnly.detail);
  await tapCost('containers', peers, launcher);
}

async function memory(): Promise<void> {
  const { stdout } = await execa(process.execPath, [path.join(rootFolder, 'interop', 'bench', 'memory.ts')]);
  const {
    wallMs,
    cells,
    peakMiB,
    isHealthy,
    scenarios: count,
  } = JSON.parse(stdout) as Measured & { peakMiB: number; scenarios: number };
  const what = `${cells} cells of ${count} scenarios, ${isHealthy ? 'all passed' : 'NOT healthy'}`;
  say('memory: plan, run, log, fold', `${(wallMs / 1000).toFixed(1)} s`, '≤ 10 s', what);
  say('memory: peak', `${Math.round(peakMiB)} MiB`, '≤ 512 MiB', '');
}

async function page(): Promise<void> {
  const { pageCost } = await import('./page.ts');
  const { cells, bytes, drawnMs, longestFrameMs } = await pageCost(rounds);
  const what = `${cells} cells in a file of ${(bytes / 1e6).toFixed(1)} MB, median of ${rounds}`;
  say('page: until the matrix is drawn', `${(median(drawnMs) / 1000).toFixed(1)} s`, '≤ 2 s', what);
  say('page: longest frame of scrolling', `${Math.round(longestFrameMs)} ms`, '', 'scenarios × pairings');
}

await memory();
if (findChromium()) await page();
else say('page', 'not run', '', noChromium);
// The bare programs speak the contract in both roles, and no other way.
const peers = (await findPeers()).filter(({ args, client, server }) => args && client && server);
const missing = (await Promise.all(peers.map(whyNotAsProcess))).find((reason) => reason !== undefined);
if (missing) say('processes', 'not run', '', missing);
else await processes(peers);
const noEngine = await whyNoEngine();
if (noEngine) say('containers', 'not run', '', noEngine);
else await containers(peers);
