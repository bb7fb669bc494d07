// Metadata as lines carry it: one entry for each value.
import { Metadata, type MetadataValue } from '@grpc/grpc-js';
import type { Metadatum } from './types.ts';

/** The entries of the library's metadata, values of a key in order. */
export function toEntries(metadata: Metadata): Metadatum[] {
  return Object.entries(metadata.toJSON() as Record<string, MetadataValue[]>).flatMap(([key, values]) =>
    values.map((value) => toEntry(key, value)),
  );
}

function toEntry(key: string, value: MetadataValue): Metadatum {
  return typeof value === 'string' ? { key, text: value } : { key, binary: value.toString('base64') };
}

/** The library's metadata of entries; throws the library's error for what it will not send. */
export function fromEntries(entries: readonly Metadatum[]): Metadata {
  const metadata = new Metadata();
  for (const { key, text, binary } of entries) {
    metadata.add(key, binary === undefined ? (text ?? '') : Buffer.from(binary, 'base64'));
  }
  return metadata;
}
