import type { Scenario, Step } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import { answers, call, inTurn, scenario } from './build.ts';
import { source } from './source.ts';

const stitch = { spec: call('Stitch'), expect: answers('Stitch') };
const patient = {
  spec: call('Gigi', { waitForReady: true, timeoutMs: 20_000 }),
  expect: answers('Gigi'),
};

/**
 * A connection that stood, and the server away. The pause is for the client to
 * notice: a call made on a dying connection is another matter.
 */
const serverGoes: readonly Step[] = [inTurn(stitch), { do: 'close' }, { do: 'pause', ms: 200 }];

/** A server that ends and comes back on the same port. */
export const restart: readonly Scenario[] = [
  scenario({
    name: 'restart/wait-for-ready',
    title: 'A wait-for-ready call made while the server is away succeeds when it is back.',
    source: source('waitForReady', 'Instead, the implementation queues the RPCs until the channel is READY.'),
    needs: { client: ['channel', 'wait-for-ready', 'timeout'], server: ['listen'] },
    connection: 'own-listener',
    waits: true,
    steps: [
      ...serverGoes,
      { do: 'calls', pace: 'background', calls: [patient] },
      { do: 'pause', ms: 100 },
      { do: 'listen' },
    ],
  }),
  scenario({
    name: 'restart/fails-fast',
    title: 'A plain call made while the server is away is UNAVAILABLE at once.',
    source: source('waitForReady', 'By default, gRPC implementations SHOULD fail such RPCs immediately.'),
    needs: { client: ['channel'], server: ['listen'] },
    connection: 'own-listener',
    waits: true,
    steps: [
      ...serverGoes,
      inTurn({
        spec: call('Gigi'),
        expect: { code: Code.UNAVAILABLE, served: 'never', elapsedMs: { min: 0, max: 2_000 } },
      }),
    ],
  }),
];
