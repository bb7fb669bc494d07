import type { Metadatum } from '../model/call.ts';
import type { Scenario } from '../model/scenario.ts';
import { answers, binary, call, inTurn, scenario, text } from './build.ts';
import { source } from './source.ts';

const kinds: readonly (readonly [word: string, what: string, entries: readonly Metadatum[]])[] = [
  ['ascii', 'an ASCII value', [text('x-ascii', 'annoyed noise, 7!')]],
  [
    'repeated',
    'three values of one key, in order,',
    [text('x-more', 'one'), text('x-more', 'two'), text('x-more', 'three')],
  ],
  [
    'binary',
    'all 256 byte values',
    [
      binary(
        'x-bytes-bin',
        Uint8Array.from({ length: 256 }, (_, byte) => byte),
      ),
    ],
  ],
];

const says = {
  ascii: source(
    'http2',
    'Custom-Metadata is an arbitrary set of key-value pairs defined by the application layer.',
  ),
  repeated: source(
    'http2',
    'Custom-Metadata header order is not guaranteed to be preserved except for values with duplicate header names.',
  ),
  binary: source(
    'http2',
    'Runtime libraries use this suffix to detect binary headers and properly apply base64 encoding & decoding as headers are sent and received.',
  ),
} as Record<string, ReturnType<typeof source>>;

const sizes = source(
  'http2',
  'Servers may limit the size of Request-Headers, with a default of 8 KiB suggested.',
);

/** The entries as instructions: the server sends them back as headers or as trailers. */
function sendBack(as: 'header' | 'trailer', entries: readonly Metadatum[]): readonly Metadatum[] {
  return entries.map((entry) => ({ ...entry, key: `stitch-${as}-${entry.key}` }));
}

const request = kinds.map(([word, what, metadata]) =>
  scenario({
    name: `metadata/request-${word}`,
    title: `Request metadata: ${what} arrives at the server.`,
    source: says[word] ?? sizes,
    needs: { client: ['metadata'], server: ['metadata'] },
    steps: [inTurn({ spec: call('Stitch', { metadata }), expect: answers('Stitch', { metadata }) })],
  }),
);

const response = kinds.flatMap(([word, what, entries]) =>
  (['header', 'trailer'] as const).map((as) =>
    scenario({
      name: `metadata/${as}-${word}`,
      title: `Response ${as}s: ${what} arrives at the client.`,
      source: says[word] ?? sizes,
      needs: { client: ['metadata'], server: ['metadata'] },
      steps: [
        inTurn({
          spec: call('Stitch', { metadata: sendBack(as, entries) }),
          expect: answers('Stitch', as === 'header' ? { headers: entries } : { trailers: entries }),
        }),
      ],
    }),
  ),
);

const large: readonly Metadatum[] = [text('x-large', 'm'.repeat(7000))];
const manyKeys = Array.from({ length: 200 }, (_, index) =>
  text(`k${index.toString(36).padStart(2, '0')}`, '1'),
);

/** Everything below the 8 KiB that the specification suggests as a limit, and near to it. */
const limits = [
  scenario({
    name: 'metadata/large',
    title: 'A value of 7,000 bytes arrives at the server, and comes back as a header.',
    source: sizes,
    needs: { client: ['metadata'], server: ['metadata'] },
    connection: 'own',
    steps: [
      inTurn({
        spec: call('Stitch', { metadata: sendBack('header', large) }),
        expect: answers('Stitch', { metadata: sendBack('header', large), headers: large }),
      }),
    ],
  }),
  scenario({
    name: 'metadata/200-keys',
    title: '200 keys, less than 8 KiB together, arrive at the server.',
    source: sizes,
    needs: { client: ['metadata'], server: ['metadata'] },
    connection: 'own',
    steps: [
      inTurn({
        spec: call('Stitch', { metadata: manyKeys }),
        expect: answers('Stitch', { metadata: manyKeys }),
      }),
    ],
  }),
];

/** Request metadata, and headers and trailers of the response. */
export const metadata: readonly Scenario[] = [...request, ...response, ...limits];
