import type { PlannedCall, Scenario } from '../model/scenario.ts';
import { answers, call, scenario } from './build.ts';
import { source } from './source.ts';
import { table } from './table.ts';

const says = source(
  'contract',
  'One Call line in, one ended line out, matched by id, any number in flight at once.',
);

/** So many calls, each of the next row, so that an answer given to the wrong question shows. */
function calls(count: number): readonly PlannedCall[] {
  return Array.from({ length: count }, (_, index) => {
    const { name } = table[index % table.length] ?? { name: '' };
    return { spec: call(name), expect: answers(name) };
  });
}

/** Many calls on one channel. */
export const load: readonly Scenario[] = [
  scenario({
    name: 'load/100-at-once',
    title: '100 calls in flight on one channel each get the answer to their own question.',
    source: says,
    needs: { client: ['channel'] },
    steps: [{ do: 'calls', pace: 'together', calls: calls(100) }],
  }),
  scenario({
    name: 'load/1000-in-turn',
    title: '1,000 calls one after another on one channel are all answered.',
    source: says,
    needs: { client: ['channel'] },
    steps: [{ do: 'calls', pace: 'in-turn', calls: calls(1000) }],
  }),
];
