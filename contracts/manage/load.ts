import type { PlannedCall, Scenario } from '../../interop/model/scenario.ts';
import type { Service } from './service.ts';
import { source } from './source.ts';
import { table } from './table.ts';

const says = source(
  'contract',
  'A call is ended by one `ended` line, any number in flight at once, in whatever order they end.',
);

/** A row of the table each, so that an answer given to the wrong question shows. */
function calls(
  { call, answers }: Service,
  rows: number,
  more: Partial<PlannedCall['spec']> = {},
): readonly PlannedCall[] {
  return Array.from({ length: rows }, (_, index) => {
    const { name } = table[index % table.length] ?? { name: '' };
    return { spec: call(name, more), expect: answers(name) };
  });
}

/** Many calls on one channel. */
export function load(service: Service): readonly Scenario[] {
  const { scenario } = service;
  return [
    scenario({
      name: 'load/100-at-once',
      title: '100 calls in flight on one channel each get the answer to their own question.',
      source: says,
      needs: { client: ['channel'] },
      steps: [{ do: 'calls', pace: 'together', calls: calls(service, 100) }],
    }),
    scenario({
      name: 'load/1000-in-turn',
      title: '1,000 calls one after another on one channel are all answered.',
      source: says,
      needs: { client: ['channel'] },
      steps: [
        { do: 'calls', pace: 'in-turn', calls: calls(service, table.length, { times: 1000 / table.length }) },
      ],
    }),
  ];
}
