/** What a scenario costs before it is added: CPU of the whole machine for a cell of each kind, start and stop taken off. */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { rootFolder } from '../folders.ts';
import { whyNoEngine } from '../launch/engine.ts';
import type { Peer } from '../model/peer.ts';
import { findPeers } from '../peers/find.ts';
import { watchMachine } from '../run/machine.ts';
import { asProcesses } from './project.ts';
import { say } from './say.ts';

const main = path.join(rootFolder, 'interop', 'main.ts');

/** Kinds of scenarios, by the words that select them. */
const kinds: Readonly<Record<string, string>> = {
  plain: 'scenario:values/*,older/*',
  'a row of 1,000 calls': 'scenario:load/1000-calls',
  'a row of 100 calls': 'scenario:load/100-in-turn',
  'messages of 4 MiB': 'scenario:size/*',
  '50 messages of 1 MiB': 'scenario:streams/large-*',
};

interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Those that were played. */
  readonly cells: number;
}

export async function model(): Promise<void> {
  const peers = await findPeers();
  await modelOf('process', await asProcesses(peers));
  const noEngine = await whyNoEngine();
  if (noEngine) say('model, container', 'not run', '', noEngine);
  else await modelOf('container', peers);
}

async function modelOf(launcher: string, peers: readonly Peer[]): Promise<void> {
  const tell = (name: string, cost: Cost, fixed: Cost) => {
    const cells = cost.cells - fixed.cells;
    const figure = `${((cost.cpuMs - fixed.cpuMs) / cells).toFixed(0)} ms`;
    say(`model, ${launcher}: ${name}`, figure, '', `of CPU a cell; ${cost.cells} cells`);
  };
  const isOnce = ({ client }: Peer) => client?.output !== undefined;
  const only = (those: readonly Peer[]) => ['--only', those.map(({ name }) => name).join(',')];
  const all = only(peers);
  const others = only(peers.filter((peer) => !isOnce(peer)));
  // Builds, and the caches of the file system, are nobody's cost.
  await play(launcher, ...all, 'scenario:pick/stitch');
  const fixed = await play(launcher, ...others, 'scenario:pick/stitch');
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  say(`model, ${launcher}: start and stop`, seconds(fixed.cpuMs), '', `of CPU, in ${seconds(fixed.wallMs)}`);
  for (const [name, words] of Object.entries(kinds))
    tell(name, await play(launcher, ...others, words), { ...fixed, cells: 0 });
  for (const { name } of peers.filter(isOnce)) {
    const one = await play(launcher, ...all, `client:${name}`, 'scenario:pick/stitch');
    tell(
      `run once a call (${name})`,
      await play(launcher, ...all, `client:${name}`, 'scenario:pick/*,unknown/*'),
      one,
    );
  }
}

async function play(launcher: string, ...words: readonly string[]): Promise<Cost> {
  const out = mkdtempSync(path.join(tmpdir(), 'stitch-model-'));
  const used = watchMachine();
  const from = performance.now();
  await execa(process.execPath, [main, '--launcher', launcher, '--out', out, ...words], {
    cwd: rootFolder,
    reject: false,
    stdin: 'ignore',
  });
  const wallMs = performance.now() - from;
  const { cores, idle } = used();
  const cells = await played(path.join(out, 'run.jsonl'));
  rmSync(out, { recursive: true });
  return { cpuMs: cores * (1 - idle) * wallMs, wallMs, cells };
}

async function played(log: string): Promise<number> {
  let cells = 0;
  for await (const line of createInterface({ input: createReadStream(log) }))
    if (line.startsWith('{"type":"cell-started"')) cells += 1;
  return cells;
}
