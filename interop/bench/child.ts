/** Runs that are measured by themselves, each in a program of its own, which prints a Spent. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { rootFolder } from '../folders.ts';
import type { MachineUse } from '../model/event.ts';
import type { Cost } from './cost.ts';
import type { Measured } from './engine-run.ts';

/** What a run took, and took of the machine. */
export interface Spent extends Cost, Pick<Measured, 'wallMs' | 'cells' | 'isHealthy'> {
  readonly peers: number;
  readonly scenarios: number;
  readonly machine?: MachineUse;
}

/** Those of Node with which the harness itself is started. */
export function nodeFlags(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(rootFolder, 'package.json'), 'utf8')) as {
    readonly scripts: { readonly interop: string };
  };
  return scripts.interop.split(' ').filter((word) => word.startsWith('--'));
}

export async function spentBy(program: string, args: readonly (string | number)[]): Promise<Spent> {
  const file = path.join(rootFolder, 'interop', 'bench', program);
  const { stdout } = await execa(process.execPath, [...nodeFlags(), file, ...args.map(String)], {
    stdin: 'ignore',
  });
  return JSON.parse(stdout) as Spent;
}

export function print(spent: Spent): void {
  process.stdout.write(JSON.stringify(spent));
}
