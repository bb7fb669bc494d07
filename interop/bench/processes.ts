import { defaultLimits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import { bareRun } from './bare.ts';
import { rowCost, scriptCost } from './calls.ts';
import type { Measured } from './engine-run.ts';
import { type Field, partMs, plainCopies, wholeRun } from './field.ts';
import { asProcesses, fullPeers, inTheOpen, readProject } from './project.ts';
import { compare, say } from './say.ts';
import { sideBySide } from './side-by-side.ts';
import { tapCallCost, tapCost } from './tap.ts';

/** What the engine costs beside the same programs, bare. */
export async function processes(rounds: number): Promise<void> {
  const project = inTheOpen(await readProject());
  const full = await asProcesses(fullPeers(project));
  if (full.length < 2) return say('processes', 'not run', '', 'no two tool chains are here');
  await using launcher = programLauncher(processStarter(), defaultLimits, project.types);
  for (const peer of full) await launcher.build(peer, new AbortController().signal);
  const field = { ...project, full, launcher, rounds };
  await wholeCost(field);
  await oneMoreCell(field);
  await tapCost('processes', field);
  await tapCallCost(field);
  await rowCost(field);
  await scriptCost(field);
}

async function wholeCost(field: Field): Promise<void> {
  const { full, scenarios, types, rounds } = field;
  const runs: Measured[] = [];
  const whole = async () => {
    const measured = await wholeRun(field);
    runs.push(measured);
    return measured.wallMs;
  };
  const { ratio, detail } = await compare(rounds, whole, () => bareRun(full, scenarios, types));
  say('processes: run / bare programs', ratio.toFixed(2), '≤ 1.3', detail);
  for (const [name, figure, explained] of sideBySide(runs.at(-1)?.events ?? []))
    say(name, figure, '> 1', explained);
}

/** The difference of two runs of many cells, so that starts and stops cancel out; beside it, the bare programs' own. */
async function oneMoreCell(field: Field): Promise<void> {
  const { full, types } = field;
  const [few, many] = [plainCopies(field, 100), plainCopies(field, 500)];
  const cells = (many.length - few.length) * full.length ** 2;
  const wallMs = (await partMs(field, many)) - (await partMs(field, few));
  const bare = (await bareRun(full, many, types)) - (await bareRun(full, few, types));
  say(
    'processes: one more cell',
    `${(wallMs / cells).toFixed(2)} ms`,
    '≤ 1 ms',
    `${cells} cells more; the bare call takes ${(bare / cells).toFixed(2)} ms`,
  );
}
