import { inTurn } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { notFound, type Service } from './service.ts';
import { source } from './source.ts';

const limit = 4 * 1024 * 1024;
/** So that a client that waits to send the rest of what is refused already comes to an end. */
const timeoutMs = 10_000;
const says = source(
  'statusCodes',
  'Sent or received message was larger than configured limit: RESOURCE_EXHAUSTED',
);

/** The 4 MiB that every implementation takes by default. */
export function size({ scenario, call }: Service): readonly Scenario[] {
  return [
    scenario({
      name: 'size/under-4-mib',
      title: 'A request of just under 4 MiB is answered.',
      source: says,
      steps: [inTurn({ spec: call('a'.repeat(limit - 64)), expect: notFound })],
    }),
    scenario({
      name: 'size/over-4-mib',
      title: 'RESOURCE_EXHAUSTED for a request of just over 4 MiB.',
      source: says,
      connection: 'own',
      steps: [
        inTurn({
          spec: call('a'.repeat(limit + 1), { timeoutMs }),
          expect: { code: Code.RESOURCE_EXHAUSTED, responses: [], served: 'either' },
        }),
      ],
    }),
  ];
}
