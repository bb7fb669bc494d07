import type { Scenario } from '../model/scenario.ts';
import { answers, call, inTurn, notFound, scenario, text } from './build.ts';
import { source } from './source.ts';

/** Messages compressed with gzip. */
export const gzip: readonly Scenario[] = [
  scenario({
    name: 'gzip/request',
    title: 'Compressed requests, one that grows and, behind its reply, one that shrinks, are understood.',
    source: source(
      'compression',
      'When a compression method (including no compression) is specified for an outgoing message, the message MUST be compressed accordingly.',
    ),
    needs: { client: ['gzip-request'], server: ['gzip-request'] },
    steps: [
      inTurn(
        // The reply tells what the server accepts, and a client may heed that from then on.
        { spec: call('Stitch', { compression: 'gzip' }), expect: answers('Stitch') },
        { spec: call('a'.repeat(8192), { compression: 'gzip' }), expect: notFound },
      ),
    ],
  }),
  scenario({
    name: 'gzip/reply',
    title: 'A reply that is sent as gzip is understood.',
    source: source(
      'http2',
      'A Compressed-Flag value of 1 indicates that the binary octet sequence of Message is compressed using the mechanism declared by the Message-Encoding header.',
    ),
    needs: { client: ['gzip-reply', 'metadata'], server: ['gzip-reply'] },
    steps: [
      inTurn({
        spec: call('Stitch', { metadata: [text('stitch-reply-encoding', 'gzip')] }),
        expect: answers('Stitch', { replyEncoding: 'gzip' }),
      }),
    ],
  }),
];
