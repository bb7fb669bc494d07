import type { Scenario } from '../model/scenario.ts';
import { answers, call, inTurn, scenario } from './build.ts';
import { source } from './source.ts';
import { table } from './table.ts';

/** Each row by its name. Cyber's id is 0 and may be absent from the bytes. */
export const pick: readonly Scenario[] = table.map(({ name, id, skill }) =>
  scenario({
    name: `pick/${name.toLowerCase()}`,
    title: `${name} is answered with id ${id} and skill "${skill}".`,
    source: source('service', 'Returns the row of that name, or NOT_FOUND "expirement not found".'),
    steps: [inTurn({ spec: call(name), expect: answers(name) })],
  }),
);
