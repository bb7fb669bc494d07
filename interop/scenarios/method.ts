import type { Scenario } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import { call, inTurn, scenario } from './build.ts';
import { source } from './source.ts';

const unimplemented = { code: Code.UNIMPLEMENTED, served: 'never' } as const;
const says = source('statusCodes', 'Method not found at server: UNIMPLEMENTED');

/** Methods that no server has. */
export const method: readonly Scenario[] = [
  scenario({
    name: 'method/unknown-method',
    title: 'UNIMPLEMENTED for a method that the service does not have.',
    source: says,
    needs: { client: ['any-method'] },
    steps: [inTurn({ spec: call('Stitch', { method: '/Manage/PickNone' }), expect: unimplemented })],
  }),
  scenario({
    name: 'method/unknown-service',
    title: 'UNIMPLEMENTED for a service that the server does not have.',
    source: says,
    needs: { client: ['any-method'] },
    steps: [inTurn({ spec: call('Stitch', { method: '/Nobody/PickOne' }), expect: unimplemented })],
  }),
];
