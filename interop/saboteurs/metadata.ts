import type { Metadatum } from '../model/call.ts';

/** Something done to each text value. */
export function mapText(change: (text: string) => string): (entry: Metadatum) => Metadatum {
  return (entry) => ('text' in entry ? { ...entry, text: change(entry.text) } : entry);
}

/** Something done to the bytes of each binary value. */
export function mapBinary(change: (bytes: Buffer) => Uint8Array): (entry: Metadatum) => Metadatum {
  return (entry) =>
    'binary' in entry
      ? { ...entry, binary: Buffer.from(change(Buffer.from(entry.binary, 'base64'))).toString('base64') }
      : entry;
}

/** Only the first value of each key. */
export function firstValues(entries: readonly Metadatum[]): readonly Metadatum[] {
  return entries.filter((entry, index) => entries.findIndex(({ key }) => key === entry.key) === index);
}

/** What the harness tells the server, rather than what a scenario sends. */
export function isInstruction(entry: Metadatum): boolean {
  return entry.key.startsWith('stitch-');
}
