import { inTurn } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import type { Service } from './service.ts';
import { source } from './source.ts';

/** Calls that the client gives up, once a server has begun with them, be it a cold one on a busy machine. */
export function cancel({ scenario, call, script, connects }: Service): readonly Scenario[] {
  return [
    scenario({
      name: 'cancel/in-flight',
      title:
        'A call that is cancelled while the server waits is CANCELLED at the client, and the server sees it.',
      source: source(
        'http2',
        'Client cancellation is performed by the client sending RST_STREAM with CANCEL error code.',
      ),
      connection: 'own',
      waits: true,
      steps: [
        inTurn(connects, {
          spec: call('Stitch', { steps: [...call('Stitch').steps, { waitMs: 800 }, { cancel: true }] }),
          script: script('cancel/in-flight', { row: 'Stitch', before: [{ waitMs: 5_000 }] }),
          expect: {
            code: Code.CANCELLED,
            responses: [],
            served: 'cancelled',
            elapsedMs: { min: 700, max: 2_800 },
          },
        }),
      ],
    }),
  ];
}
