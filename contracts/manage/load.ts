import type { PlannedCall, Scenario } from '../../interop/model/scenario.ts';
import type { Service } from './service.ts';
import { source } from './source.ts';
import { table } from './table.ts';

const says = source(
  'contract',
  'A call is ended by one `ended` line, any number in flight at once, in whatever order they end.',
);

/** A row of the table each, so that an answer given to the wrong question shows. */
function calls({ call, answers }: Service, count: number): readonly PlannedCall[] {
  return Array.from({ length: count }, (_, index) => {
    const { name } = table[index % table.length] ?? { name: '' };
    return { spec: call(name), expect: answers(name) };
  });
}

/** So many calls, a line for each row of the table and its share of them. */
function rows(
  service: Service,
  count: number,
  more: Partial<PlannedCall['spec']> = {},
): readonly PlannedCall[] {
  return calls(service, table.length).map((call, index) => {
    const times = Math.floor((count + index) / table.length);
    return { ...call, spec: { ...call.spec, ...more, times } };
  });
}

/** Many calls on one channel. One alone costs two to three times what it costs among sixteen, and finds no more. */
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
      name: 'load/1000-calls',
      title: '1,000 calls on one channel, sixteen of them in flight, are all answered.',
      source: says,
      needs: { client: ['channel'] },
      steps: [{ do: 'calls', pace: 'in-turn', calls: rows(service, 1000, { atOnce: 16 }) }],
    }),
    scenario({
      name: 'load/100-in-turn',
      title: '100 calls one after another on one channel are all answered.',
      source: says,
      needs: { client: ['channel'] },
      steps: [{ do: 'calls', pace: 'in-turn', calls: rows(service, 100) }],
    }),
  ];
}
