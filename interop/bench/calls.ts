/** What calls cost that are made in a row. */
import { pickOne, serviceOf } from '../../contracts/manage/service.ts';
import { builderFor, inTurn } from '../contract/builder.ts';
import type { Scenario } from '../model/scenario.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { bareRun } from './bare.ts';
import { type Field, partMs } from './field.ts';
import { compare, say } from './say.ts';

/** A row of a thousand calls in every pairing, read along and judged, against the same calls of bare programs: starts and stops cancel out. */
export async function rowCost(field: Field): Promise<void> {
  const { full, types, launcher, rounds } = field;
  const tapped = tapLauncher(launcher, types);
  const [few, many] = [rows(field, 1), rows(field, 3)];
  const { ratio, detail } = await compare(
    rounds,
    async () => (await partMs(field, many, tapped)) - (await partMs(field, few, tapped)),
    async () => (await bareRun(full, many, types)) - (await bareRun(full, few, types)),
  );
  say('processes: 1,000 calls / bare', ratio.toFixed(2), '≤ 1.5', detail);
}

/** So many rows of a thousand calls. */
function rows({ scenarios }: Field, count: number): readonly Scenario[] {
  const row = scenarios.find(({ name }) => name === 'load/1000-calls');
  if (!row) throw new Error('there is no row of a thousand calls');
  return Array.from({ length: count }, (_, index) => ({ ...row, name: `load/copy-${index}` }));
}

/** The same calls, answered by a script and by the service as it is. */
export async function scriptCost(field: Field): Promise<void> {
  const service = serviceOf(builderFor('bench', field.types, new Set([pickOne])));
  const script = service.script('bench/answers', { row: 'Stitch' });
  const calls = (count: number, isScripted: boolean): readonly Scenario[] => {
    const plain = { spec: service.call('Stitch'), expect: service.answers('Stitch') };
    const call = isScripted ? { ...plain, script } : plain;
    const steps = [inTurn(...Array.from({ length: count }, () => call))];
    const source = { text: '', link: '' };
    return [service.scenario({ name: 'bench/calls', title: '', source, steps })];
  };
  const cost = async (isScripted: boolean) =>
    (await partMs(field, calls(600, isScripted))) - (await partMs(field, calls(100, isScripted)));
  const { ratio, detail } = await compare(
    field.rounds,
    () => cost(true),
    () => cost(false),
  );
  say('processes: scripted / plain call', ratio.toFixed(2), '≤ 1.2', detail);
}
