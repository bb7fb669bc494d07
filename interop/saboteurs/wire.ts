/** What PROTOCOL-HTTP2.md says of headers and frames, by hand: no library stands between a lie and the wire. */
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Metadatum } from '../model/call.ts';

/** What both ends take by default. */
export const fourMiB = 4 * 1024 * 1024;

/** Room for 8 KiB of metadata in many small entries, beside what the protocol itself sends. */
export const http2Options = {
  maxHeaderListPairs: 2_000,
  settings: { maxHeaderListSize: 64 * 1024, initialWindowSize: 1024 * 1024 },
} as const;

/** Names and values, as they stood on the wire, one behind the other. */
export type RawHeaders = readonly string[];

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
    same.map((entry) => ('text' in entry ? entry.text : entry.binary.replace(/=+$/, '')));
  return Object.fromEntries(Array.from(byKey, ([key, same]) => [key, values(same)]));
}

/** A length-prefixed message as it is on the wire. */
export interface Frame {
  readonly compressed: boolean;
  readonly bytes: Buffer;
}

export function encodeFrame({ compressed, bytes }: Frame): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed ? 1 : 0, 0);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** The first message, or undefined when it is not whole. */
export function decodeFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 5 || bytes.length < 5 + bytes.readUInt32BE(1)) return undefined;
  return { compressed: bytes[0] === 1, bytes: bytes.subarray(5, 5 + bytes.readUInt32BE(1)) };
}

/** The bytes of one direction of a call, as they come. */
export interface Body {
  add(part: Buffer): void;
  /** The message's prefix says so; nothing is kept from then on. */
  isTooLarge(): boolean;
  bytes(): Buffer;
}

export function makeBody(limitBytes: number): Body {
  let parts: Buffer[] = [];
  let start = Buffer.alloc(0);
  const isTooLarge = () => start.length >= 5 && start.readUInt32BE(1) > limitBytes;
  return {
    add(part) {
      if (start.length < 5) start = Buffer.concat([start, part.subarray(0, 5 - start.length)]);
      if (isTooLarge()) parts = [];
      else parts.push(part);
    },
    isTooLarge,
    bytes: () => Buffer.concat(parts),
  };
}

export const gzip: (bytes: Buffer) => Promise<Buffer> = promisify(zlib.gzip);
export const gunzip: (bytes: Buffer, options: zlib.ZlibOptions) => Promise<Buffer> = promisify(zlib.gunzip);

/** Longest time that the platform's timer takes: a longer one would end at once. */
const longestMs = 2 ** 31 - 1;

/** A timer of any length. */
export function startTimer(ms: number, then: () => void): { stop(): void } {
  let timer: NodeJS.Timeout;
  let leftMs = ms;
  function wait(): void {
    const nowMs = Math.min(leftMs, longestMs);
    leftMs -= nowMs;
    timer = setTimeout(() => (leftMs > 0 ? wait() : then()), nowMs);
  }
  wait();
  return { stop: () => clearTimeout(timer) };
}
