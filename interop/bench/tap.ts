import { tapLauncher } from '../wire/launcher.ts';
import { type Field, partMs, plainCopies, wholeRun } from './field.ts';
import { compare, median, say } from './say.ts';

/** The same launcher, with and without somebody who reads along. */
export async function tapCost(mode: string, field: Field): Promise<void> {
  const tapped = tapLauncher(field.launcher, field.types);
  const { ratio, detail } = await compare(
    field.rounds,
    async () => (await wholeRun(field, tapped)).wallMs,
    async () => (await wholeRun(field)).wallMs,
  );
  say(`${mode}: run with tap / without`, ratio.toFixed(2), '≤ 1.1', detail);
}

/** What a plain call takes longer when somebody reads along: starts and stops cancel out. */
export async function tapCallCost(field: Field): Promise<void> {
  const { launcher, types, full, rounds } = field;
  const tapped = tapLauncher(launcher, types);
  const [few, many] = [plainCopies(field, 100), plainCopies(field, 500)];
  const calls = (many.length - few.length) * full.length ** 2;
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const cost = [];
    for (const each of [tapped, launcher])
      cost.push(((await partMs(field, many, each)) - (await partMs(field, few, each))) / calls);
    costs.push((cost[0] ?? Number.NaN) - (cost[1] ?? Number.NaN));
  }
  say('processes: the tap, a call', `${median(costs).toFixed(2)} ms`, '≤ 0.2 ms', `median of ${rounds}`);
}
