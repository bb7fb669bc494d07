/** Header fields as PROTOCOL-HTTP2.md has them: metadata, deadlines, status messages. */
import type { Metadatum } from '../../../model/call.ts';

/** Names and values, as they stood on the wire, one behind the other. */
export type RawHeaders = readonly string[];

export function firstOf(raw: RawHeaders, name: string): string | undefined {
  const at = raw.findIndex((each, index) => index % 2 === 0 && each === name);
  return at < 0 ? undefined : raw[at + 1];
}

const protocols = new Set(['content-type', 'te', 'user-agent', 'date']);

/** The entries that the application sent: neither the protocol's own nor HTTP's. */
export function decodeMetadata(raw: RawHeaders): readonly Metadatum[] {
  return raw.flatMap((key, index): readonly Metadatum[] => {
    const value = raw[index + 1] ?? '';
    if (index % 2 === 1 || /^(:|grpc-)/.test(key) || protocols.has(key)) return [];
    if (!key.endsWith('-bin')) return [{ key, text: value }];
    // "Implementations must split Binary-Headers on "," before decoding the Base64-encoded values."
    return value.split(',').map((each) => ({ key, binary: Buffer.from(each, 'base64').toString('base64') }));
  });
}

/** The entries by key, the values of one key in order. */
export function encodeMetadata(entries: readonly Metadatum[]): Record<string, string[]> {
  const byKey = Map.groupBy(entries, (entry) => entry.key);
  const values = (same: readonly Metadatum[]) =>
    same.map((entry) => ('text' in entry ? entry.text : unpadded(entry.binary)));
  return Object.fromEntries(Array.from(byKey, ([key, same]) => [key, values(same)]));
}

/** "Implementations […] should emit un-padded values." */
export function unpadded(base64: string): string {
  return base64.replace(/=+$/, '');
}

/** The first text of that key. */
export function textOf(entries: readonly Metadatum[], key: string): string {
  const entry = entries.find((each) => each.key === key);
  return entry && 'text' in entry ? entry.text : '';
}

const timeUnits = [
  ['m', 1],
  ['S', 1_000],
  ['M', 60_000],
  ['H', 3_600_000],
  ['u', 0.001],
  ['n', 0.000_001],
] as const;

/** "TimeoutValue → {positive integer as ASCII string of at most 8 digits}" */
export function encodeTimeout(ms: number): string {
  const [unit, size] = timeUnits.find(([, size]) => ms / size < 99_999_999) ?? timeUnits[3];
  return `${Math.max(1, Math.ceil(ms / size))}${unit}`;
}

export function decodeTimeout(value: string | undefined): number | undefined {
  const [, digits, unit] = /^(\d{1,8})([HMSmun])$/.exec(value ?? '') ?? [];
  const size = timeUnits.find(([name]) => name === unit)?.[1];
  return size === undefined ? undefined : Number(digits) * size;
}

/** "Status-Message → Percent-Encoded": UTF-8, and a byte outside of blank to tilde, or a percent sign, as %XX. */
export function encodeMessage(message: string): string {
  return Array.from(Buffer.from(message), (byte) =>
    byte >= 0x20 && byte <= 0x7e && byte !== 0x25
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}

/** "When decoding invalid values, implementations MUST NOT error or throw away the message." */
export function decodeMessage(value: string): string {
  const bytes = value.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
