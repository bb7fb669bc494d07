import type { Scenario } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import { call, connects, inTurn, scenario, text } from './build.ts';
import { source } from './source.ts';

/** Calls that the client gives up. */
export const cancel: readonly Scenario[] = [
  scenario({
    name: 'cancel/in-flight',
    title:
      'A call that is cancelled while the server waits is CANCELLED at the client, and the server sees it.',
    source: source(
      'http2',
      'Client cancellation is performed by the client sending RST_STREAM with CANCEL error code.',
    ),
    needs: { client: ['cancel', 'metadata'], server: ['wait'] },
    connection: 'own',
    waits: true,
    steps: [
      inTurn(connects, {
        spec: call('Stitch', { cancelAfterMs: 300, metadata: [text('stitch-wait-ms', '5000')] }),
        expect: { code: Code.CANCELLED, served: 'cancelled', elapsedMs: { min: 280, max: 2_300 } },
      }),
    ],
  }),
];
