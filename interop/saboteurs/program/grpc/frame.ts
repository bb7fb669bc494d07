/** "Length-Prefixed-Message → Compressed-Flag Message-Length Message" */
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** What both ends take by default. */
export const fourMiB = 4 * 1024 * 1024;

/** A message as it is behind its prefix. */
export interface Frame {
  readonly compressed: boolean;
  readonly bytes: Buffer;
}

export const prefixBytes = 5;

export function encodeFrame({ compressed, bytes }: Frame): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt8(compressed ? 1 : 0, 0);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** The first message, or undefined when it is not whole. */
export function decodeFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < prefixBytes || bytes.length < prefixBytes + bytes.readUInt32BE(1)) return undefined;
  return {
    compressed: bytes[0] === 1,
    bytes: bytes.subarray(prefixBytes, prefixBytes + bytes.readUInt32BE(1)),
  };
}

const unzip: (bytes: Buffer, options: zlib.ZlibOptions) => Promise<Buffer> = promisify(zlib.gunzip);

export const gzip: (bytes: Buffer) => Promise<Buffer> = promisify(zlib.gzip);

/** One byte more than is taken tells a message that is too large from one that just fits. */
export function gunzip(bytes: Buffer, limitBytes: number): Promise<Buffer> {
  return unzip(bytes, { maxOutputLength: Math.min(limitBytes + 1, 2 ** 31 - 1) });
}
