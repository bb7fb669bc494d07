// The lines between peer and harness: proto3 JSON of the messages of peer.proto.
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { create, type DescMessage, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import type { MetadatumSchema } from './gen/peer_pb.js';

const manifest = new URL('../../package.json', import.meta.resolve('@connectrpc/connect'));

/** What this peer is made of. At run time nothing is left of TypeScript, nor of its version. */
export const implementation = {
  language: 'Node.js',
  languageVersion: process.versions.node,
  library: 'connect-es',
  libraryVersion: JSON.parse(readFileSync(manifest, 'utf8')).version as string,
};

/** How long a stop waits for calls in flight. */
export const graceMs = 5_000;

// Whoever reads may be gone before us: that is no reason to crash.
process.stdout.on('error', () => {});

/** Writes one line to standard output, which, a pipe, is written to synchronously. */
export function write<D extends DescMessage>(schema: D, line: MessageInitShape<D>): void {
  process.stdout.write(`${toJsonString(schema, create(schema, line))}\n`);
}

const chunks = process.stdin.pipe(new PassThrough({ encoding: 'utf8' }));
for (const signal of ['SIGTERM', 'SIGINT'])
  process.once(signal, () => process.stdin.unpipe(chunks) && chunks.end());

/**
 * The lines of standard input, until that ends or a signal says stop.
 * (node:readline also ends a line at U+2028, which JSON does not escape.)
 */
export async function* input(): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

type Entry = MessageInitShape<typeof MetadatumSchema>;

/** The entries of headers or trailers. The library joins the values of a key with commas, and decodes none. */
export function toEntries(headers: Headers): Entry[] {
  return [...headers].flatMap(([key, value]): Entry[] =>
    key.endsWith('-bin')
      ? value
          .split(',')
          .map((part) => ({ key, value: { case: 'binary', value: Buffer.from(part, 'base64') } }))
      : [{ key, value: { case: 'text', value } }],
  );
}
