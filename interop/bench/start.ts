import path from 'node:path';
import { execa } from 'execa';
import { rootFolder } from '../folders.ts';
import { nodeFlags } from './child.ts';
import { say } from './say.ts';

const interop = path.join(rootFolder, 'interop');
const teller = path.join(interop, 'bench', 'tell-cpu.ts');

/** What `npm run interop -- list` costs before npm has anything to do with it: all that a command reads before it begins. */
export async function start(rounds: number): Promise<void> {
  const cost: number[] = [];
  // The first one fills the compile cache.
  for (let round = 0; round <= 2 * rounds; round++) cost.push(await listMs());
  const least = Math.min(...cost.slice(1));
  say(
    'start of list: CPU',
    `${Math.round(least)} ms`,
    '≤ 400 ms',
    `the least of ${2 * rounds}; cold ${Math.round(cost[0] ?? 0)} ms`,
  );
}

async function listMs(): Promise<number> {
  const args = [
    ...nodeFlags(),
    '--import',
    teller,
    path.join(interop, 'start.mjs'),
    'interop/main.ts',
    'list',
  ];
  const { stderr } = await execa(process.execPath, args, { stdin: 'ignore', stdout: 'ignore' });
  return Number(stderr.trim().split('\n').at(-1));
}
