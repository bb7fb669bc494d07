import { inTurn } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import type { Service } from './service.ts';
import { source } from './source.ts';
import { table } from './table.ts';

/** Each row by its name. Cyber's id is 0 and may be absent from the bytes. */
export function pick({ scenario, call, answers }: Service): readonly Scenario[] {
  return table.map(({ name, id, skill }) =>
    scenario({
      name: `pick/${name.toLowerCase()}`,
      title: `${name} is answered with id ${id} and skill "${skill}".`,
      source: source('service', 'Returns the row of that name, or NOT_FOUND "expirement not found".'),
      steps: [inTurn({ spec: call(name), expect: answers(name) })],
    }),
  );
}
