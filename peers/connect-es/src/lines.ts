// The lines between peer and harness: proto3 JSON of the messages of peer.proto.
import { readFileSync } from 'node:fs';
import {
  create,
  type DescMessage,
  fromJsonString,
  type MessageInitShape,
  type MessageShape,
  toJsonString,
} from '@bufbuild/protobuf';
import { decodeBinaryHeader, encodeBinaryHeader } from '@connectrpc/connect';
import type { Metadatum, MetadatumSchema } from './gen/peer_pb.js';

const manifest = new URL('../../package.json', import.meta.resolve('@connectrpc/connect'));

/** What this peer is made of. At run time nothing is left of TypeScript, nor of its version. */
export const implementation = {
  language: 'Node.js',
  languageVersion: process.versions.node,
  library: 'connect-es',
  libraryVersion: JSON.parse(readFileSync(manifest, 'utf8')).version as string,
};

// Whoever reads may be gone before us: that is no reason to crash.
process.stdout.on('error', () => {});

/** Writes one line to standard output, which, a pipe, is written to synchronously. */
export function write<D extends DescMessage>(schema: D, line: MessageInitShape<D>): void {
  process.stdout.write(`${toJsonString(schema, create(schema, line))}\n`);
}

/** The message that a line carries. Members that are unknown are ignored. */
export function parse<D extends DescMessage>(schema: D, line: string): MessageShape<D> {
  return fromJsonString(schema, line, { ignoreUnknownFields: true });
}

/** The lines of standard input. (node:readline also ends a line at U+2028, which JSON does not escape.) */
export async function* input(): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString();
      rest = [];
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest).toString();
  if (last !== '') yield last;
}

/** The entries of headers or trailers. The library joins the values of a key with commas, and decodes none. */
export function toEntries(headers: Headers): MessageInitShape<typeof MetadatumSchema>[] {
  return [...headers].flatMap(([key, value]) =>
    (key.endsWith('-bin') ? value.split(',') : [value]).map((part) => toEntry(key, part)),
  );
}

function toEntry(key: string, value: string): MessageInitShape<typeof MetadatumSchema> {
  if (!key.endsWith('-bin')) return { key, value: { case: 'text', value } };
  return { key, value: { case: 'binary', value: decode(value.trim()) } };
}

/** The bytes of a binary value; what is not base64 is shown as it is. */
function decode(value: string): Uint8Array {
  try {
    return decodeBinaryHeader(value);
  } catch {
    return Buffer.from(value);
  }
}

/** The library's headers of entries. */
export function fromEntries(entries: readonly Metadatum[]): Headers {
  const headers = new Headers();
  for (const { key, value } of entries) {
    headers.append(key, value.case === 'binary' ? encodeBinaryHeader(value.value) : (value.value ?? ''));
  }
  return headers;
}
