import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A text that waits, in a tenth of its room. */
export interface Packed {
  text(): string;
}

export function pack(text: string): Packed {
  // In memory of its own: what the library gives is a part of a large piece, and holds all of it.
  const bytes = new Uint8Array(deflateRawSync(text, { level: 1 }));
  return { text: () => inflateRawSync(bytes).toString() };
}
