import { binary, end, inTurn, text } from '../../interop/contract/builder.ts';
import type { Metadatum } from '../../interop/model/call.ts';
import type { Scenario } from '../../interop/model/scenario.ts';
import type { Service } from './service.ts';
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

const large: readonly Metadatum[] = [text('x-large', 'm'.repeat(7000))];
const manyKeys = Array.from({ length: 200 }, (_, index) =>
  text(`k${index.toString(36).padStart(2, '0')}`, '1'),
);

/** Request metadata, and headers and trailers of the response. */
export function metadata(service: Service): readonly Scenario[] {
  return [...request(service), ...response(service), ...limits(service)];
}

function request({ scenario, call, answers }: Service): readonly Scenario[] {
  return kinds.map(([word, what, metadata]) =>
    scenario({
      name: `metadata/request-${word}`,
      title: `Request metadata: ${what} arrives at the server.`,
      source: says[word] ?? sizes,
      steps: [inTurn({ spec: call('Stitch', { metadata }), expect: answers('Stitch', { metadata }) })],
    }),
  );
}

function response({ scenario, call, answers, script }: Service): readonly Scenario[] {
  return kinds.flatMap(([word, what, entries]) =>
    (['header', 'trailer'] as const).map((as) => {
      const name = `metadata/${as}-${word}`;
      const sent = as === 'header' ? { before: [{ headers: entries }] } : { end: end({ trailers: entries }) };
      return scenario({
        name,
        title: `Response ${as}s: ${what} arrives at the client.`,
        source: says[word] ?? sizes,
        steps: [
          inTurn({
            spec: call('Stitch'),
            script: script(name, { row: 'Stitch', ...sent }),
            expect: answers('Stitch', as === 'header' ? { headers: entries } : { trailers: entries }),
          }),
        ],
      });
    }),
  );
}

/** Everything below the 8 KiB that the specification suggests as a limit, and near to it. */
function limits({ scenario, call, answers, script }: Service): readonly Scenario[] {
  return [
    scenario({
      name: 'metadata/large',
      title: 'A value of 7,000 bytes arrives at the server, and comes back as a header.',
      source: sizes,
      connection: 'own',
      steps: [
        inTurn({
          spec: call('Stitch', { metadata: large }),
          script: script('metadata/large', { row: 'Stitch', before: [{ headers: large }] }),
          expect: answers('Stitch', { metadata: large, headers: large }),
        }),
      ],
    }),
    scenario({
      name: 'metadata/200-keys',
      title: '200 keys, less than 8 KiB together, arrive at the server.',
      source: sizes,
      connection: 'own',
      steps: [
        inTurn({
          spec: call('Stitch', { metadata: manyKeys }),
          expect: answers('Stitch', { metadata: manyKeys }),
        }),
      ],
    }),
  ];
}
