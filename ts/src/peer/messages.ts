// Metadata and messages, between the library and the lines.
import { Metadata, type MetadataValue } from '@grpc/grpc-js';
import type { Metadatum } from './lines.ts';

/** The entries of the library's metadata, values of a key in order. */
export function toEntries(metadata = new Metadata()): Metadatum[] {
  return Object.keys(metadata.toJSON()).flatMap((key) =>
    metadata.get(key).map((value) => toEntry(key, value)),
  );
}

function toEntry(key: string, value: MetadataValue): Metadatum {
  return typeof value === 'string' ? { key, text: value } : { key, binary: value.toString('base64') };
}

/** The library's metadata of entries; throws the library's error for what it will not send. */
export function fromEntries(entries: readonly Metadatum[] = []): Metadata {
  const metadata = new Metadata();
  for (const { key, text = '', binary } of entries) {
    metadata.add(key, binary === undefined ? text : Buffer.from(binary, 'base64'));
  }
  return metadata;
}

/** What the protobuf runtime would not parse, in its words. */
export class Unusable extends Error {}

/** The message whose bytes `base64` is; throws Unusable. */
export function parse(deserialize: (bytes: Buffer) => object, base64: string): object {
  try {
    return deserialize(Buffer.from(base64, 'base64'));
  } catch (error) {
    throw new Unusable((error as Error).message);
  }
}

/** So many equal messages in a row, serialized. */
export type Message = { readonly bytes: string; times: number };

/** What is in `bytes`: fifty megabytes are sooner compared than put into base64. */
const contents = new WeakMap<Message, Buffer>();

/** Adds to `messages` one that came, or went so many times. */
export function record(messages: Message[], serialized: Buffer, times = 1): void {
  const last = messages.at(-1);
  if (last && contents.get(last)?.equals(serialized)) last.times += times;
  else if (times > 0) {
    const message = { bytes: serialized.toString('base64'), times };
    contents.set(message, serialized);
    messages.push(message);
  }
}
