import { styleText } from 'node:util';
import { execa } from 'execa';
import { rootFolder } from '../folders.ts';
import { resolved } from '../launch/command.ts';
import type { Command } from '../model/peer.ts';
import { duration, printable } from '../report/text.ts';

/** One thing to be checked. Rejects with what it had to say when it does not hold. */
export interface CheckStep {
  readonly name: string;
  run(): Promise<void>;
}

export interface StepOptions {
  readonly atOnce?: number;
  /** What failed beside others is run once more, alone, and counts by what comes of it then. */
  readonly isAlsoRunAlone?: (step: CheckStep) => boolean;
}

/**
 * Runs every step, also after one that failed, so many at a time, and says of each how it
 * went and how long it took. Ends with `N passed, N failed`. Resolves to the exit code.
 */
export async function runSteps(
  steps: readonly CheckStep[],
  { atOnce = 1, isAlsoRunAlone = () => false }: StepOptions = {},
): Promise<number> {
  const failed: CheckStep[] = [];
  const pending = steps.values();
  async function work(): Promise<void> {
    for (const step of pending) if (!(await didPass(step))) failed.push(step);
  }
  await Promise.all(Array.from({ length: atOnce }, work));
  let count = failed.length;
  for (const step of failed.filter(isAlsoRunAlone))
    if (await didPass({ ...step, name: `${step.name}, once more and alone` })) count -= 1;
  process.stdout.write(`${steps.length - count} passed, ${count} failed\n`);
  return count === 0 ? 0 : 1;
}

async function didPass(step: CheckStep): Promise<boolean> {
  const startedAt = performance.now();
  process.stdout.write(`${styleText('dim', `… ${step.name}`)}\n`);
  try {
    await step.run();
    process.stdout.write(
      `${styleText('green', '✓')} ${step.name} (${duration(performance.now() - startedAt)})\n`,
    );
    return true;
  } catch (error) {
    process.stdout.write(`${styleText('red', '✕')} ${step.name}\n${printable((error as Error).message)}\n`);
    return false;
  }
}

/** A step that runs a command to exit code 0; what it printed is the complaint when it does not. */
export function commandStep(name: string, command: Command, cwd = rootFolder): CheckStep {
  return {
    name,
    async run() {
      const result = await execa(...resolved(command, cwd), {
        cwd,
        reject: false,
        all: true,
        stdin: 'ignore',
      });
      if (result.failed)
        throw new Error(
          `${result.all}\n\`${command.join(' ')}\` in ${cwd} ended with ${result.exitCode ?? result.shortMessage}`,
        );
    },
  };
}
