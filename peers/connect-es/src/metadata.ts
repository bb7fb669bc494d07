// Metadata, which the library has as `Headers`.
import { encodeBinaryHeader } from '@connectrpc/connect';
import type { Metadatum } from './contract.ts';

/** Adds the entries; throws a TypeError for what `Headers` does not take. */
export function append(headers: Headers, entries: readonly Metadatum[] = []): void {
  for (const { key, text = '', binary } of entries)
    headers.append(key, binary === undefined ? text : encodeBinaryHeader(Buffer.from(binary, 'base64')));
}

/** The entries of headers or trailers. The library joins the values of a key with commas, and decodes none. */
export function toEntries(headers: Headers): Metadatum[] {
  return [...headers].flatMap(([key, value]): Metadatum[] =>
    key.endsWith('-bin')
      ? value.split(',').map((part) => ({ key, binary: Buffer.from(part, 'base64').toString('base64') }))
      : [{ key, text: value }],
  );
}
