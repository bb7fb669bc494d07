import { inTurn } from '../../interop/contract/builder.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import { notFound, type Service } from './service.ts';
import { source } from './source.ts';

/** Messages compressed with gzip. */
export function gzip({ scenario, call, answers, script }: Service): readonly Scenario[] {
  return [
    scenario({
      name: 'gzip/request',
      title:
        'Compressed requests, one that grows and, behind its response, one that shrinks, are understood.',
      source: source(
        'compression',
        'When a compression method (including no compression) is specified for an outgoing message, the message MUST be compressed accordingly.',
      ),
      steps: [
        inTurn(
          // The response tells what the server accepts, and a client may heed that from then on.
          { spec: call('Stitch', { compression: 'gzip' }), expect: answers('Stitch') },
          { spec: call('a'.repeat(8192), { compression: 'gzip' }), expect: notFound },
        ),
      ],
    }),
    scenario({
      name: 'gzip/response',
      title: 'A response that is sent as gzip is understood.',
      source: source(
        'http2',
        'A Compressed-Flag value of 1 indicates that the binary octet sequence of Message is compressed using the mechanism declared by the Message-Encoding header.',
      ),
      steps: [
        inTurn({
          spec: call('Stitch'),
          script: script('gzip/response', { row: 'Stitch', compression: 'gzip' }),
          expect: answers('Stitch', { responseEncoding: 'gzip' }),
        }),
      ],
    }),
  ];
}
