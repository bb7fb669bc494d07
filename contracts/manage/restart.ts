import { inTurn } from '../../interop/contract/builder.ts';
import type { Scenario, Step } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import type { Service } from './service.ts';
import { source } from './source.ts';

/**
 * A connection that stood, and the server away. The pause is for the client to
 * notice: a call made on a dying connection is another matter.
 */
function serverGoes({ call, answers }: Service): readonly Step[] {
  const stitch = { spec: call('Stitch'), expect: answers('Stitch') };
  return [inTurn(stitch), { do: 'close' }, { do: 'pause', ms: 200 }];
}

/** A server that ends and comes back on the same port. */
export function restart(service: Service): readonly Scenario[] {
  const { scenario, call, answers } = service;
  const patient = {
    spec: call('Gigi', { waitForReady: true, timeoutMs: 20_000 }),
    expect: answers('Gigi'),
  };
  return [
    scenario({
      name: 'restart/wait-for-ready',
      title: 'A wait-for-ready call made while the server is away succeeds when it is back.',
      source: source(
        'waitForReady',
        'Instead, the implementation queues the RPCs until the channel is READY.',
      ),
      needs: { client: ['channel'] },
      connection: 'own-listener',
      waits: true,
      steps: [
        ...serverGoes(service),
        { do: 'calls', pace: 'background', calls: [patient] },
        { do: 'pause', ms: 100 },
        { do: 'listen' },
      ],
    }),
    scenario({
      name: 'restart/fails-fast',
      title: 'A plain call made while the server is away is UNAVAILABLE at once.',
      source: source('waitForReady', 'By default, gRPC implementations SHOULD fail such RPCs immediately.'),
      needs: { client: ['channel'] },
      connection: 'own-listener',
      waits: true,
      steps: [
        ...serverGoes(service),
        inTurn({
          spec: call('Gigi'),
          expect: {
            code: Code.UNAVAILABLE,
            responses: [],
            served: 'never',
            elapsedMs: { min: 0, max: 2_000 },
          },
        }),
      ],
    }),
  ];
}
