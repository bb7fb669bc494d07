import { inTurn } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import { pickOne, type Service } from './service.ts';
import { source } from './source.ts';

const unimplemented = { code: Code.UNIMPLEMENTED, responses: [], served: 'never' } as const;
const says = source('statusCodes', 'Method not found at server: UNIMPLEMENTED');

/** Methods that no server has. */
export function method({ scenario, call }: Service): readonly Scenario[] {
  return [
    scenario({
      name: 'method/unknown-method',
      title: 'UNIMPLEMENTED for a method that the service does not have.',
      source: says,
      steps: [
        inTurn({
          spec: call('Stitch', { method: '/Manage/PickNone', types: pickOne }),
          expect: unimplemented,
        }),
      ],
    }),
    scenario({
      name: 'method/unknown-service',
      title: 'UNIMPLEMENTED for a service that the server does not have.',
      source: says,
      steps: [
        inTurn({
          spec: call('Stitch', { method: '/Nobody/PickOne', types: pickOne }),
          expect: unimplemented,
        }),
      ],
    }),
  ];
}
