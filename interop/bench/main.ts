/**
 * `npm run bench -- [NAME…] [ROUNDS]`: how much the engine costs, as ratios measured in one run
 * on one machine, and as seconds of CPU. Nothing here is a test: machines are shared and noisy.
 */
import { containers } from './containers.ts';
import { memory } from './memory.ts';
import { model } from './model.ts';
import { page } from './page.ts';
import { processes } from './processes.ts';
import { square, squareOfPeers } from './square.ts';
import { start } from './start.ts';
import { tls } from './tls.ts';

const benches: Readonly<Record<string, (rounds: number) => Promise<void>>> = {
  start,
  model,
  memory,
  square,
  page,
  processes,
  containers,
  tls,
};

/** They take many minutes: only whoever names one gets it. */
const long: typeof benches = {
  'square-processes': squareOfPeers('process'),
  'square-containers': squareOfPeers('container'),
};

const words = process.argv.slice(2);
const names = words.filter((word) => !/^\d+$/.test(word));
const rounds = Number(words.find((word) => /^\d+$/.test(word)) ?? 3);
const known = { ...benches, ...long };
const unknown = names.find((name) => !Object.hasOwn(known, name));
if (unknown !== undefined) {
  process.stderr.write(`no bench is named ${unknown}; there are ${Object.keys(known).join(' ')}\n`);
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(benches)) await known[name]?.(rounds);
