/** Integers and strings of a header block (RFC 7541, section 5). */
import { HpackError } from './hpack-error.ts';
import { decodeHuffman } from './huffman.ts';

/** A header block, and how far it was read. */
export interface Cursor {
  readonly block: Buffer;
  at: number;
}

/**
 * RFC 7541, 5.1: "Integer encodings that exceed implementation limits -- in value or octet length --
 * MUST be treated as decoding errors." Five octets carry 35 bits, and nothing needs as many.
 */
const maxOctets = 5;

/** The integer at the cursor, whose first octet has so many bits of it. Throws HpackError. */
export function readInteger(cursor: Cursor, prefixBits: number): number {
  const start = cursor.at;
  const max = (1 << prefixBits) - 1;
  const prefix = readOctet(cursor, start) & max;
  return prefix < max ? prefix : max + readContinuation(cursor, start);
}

function readContinuation(cursor: Cursor, start: number): number {
  let value = 0;
  let factor = 1;
  for (let count = 0; count < maxOctets; count++) {
    const octet = readOctet(cursor, start);
    value += (octet & 0x7f) * factor;
    if (octet < 0x80) return value;
    factor *= 128;
  }
  throw new HpackError(
    start,
    `an integer of at most ${maxOctets} octets behind its first (RFC 7541, 5.1: "Integer encodings that exceed implementation limits […] MUST be treated as decoding errors.")`,
    'one that goes on',
  );
}

function readOctet(cursor: Cursor, start: number): number {
  const octet = cursor.block[cursor.at++];
  if (octet !== undefined) return octet;
  throw new HpackError(start, 'a whole integer (RFC 7541, 5.1)', 'the end of the header block');
}

/** The string at the cursor, as Latin-1. Throws HpackError. */
export function readString(cursor: Cursor): string {
  const start = cursor.at;
  const isHuffman = ((cursor.block[start] ?? 0) & 0x80) !== 0;
  const length = readInteger(cursor, 7);
  const end = cursor.at + length;
  if (end > cursor.block.length) {
    throw new HpackError(
      start,
      `a string of ${length} octets (RFC 7541, 5.2)`,
      `${cursor.block.length - cursor.at} to the end of the header block`,
    );
  }
  const string = isHuffman
    ? decodeHuffman(cursor.block, cursor.at, end)
    : cursor.block.toString('latin1', cursor.at, end);
  if (string === undefined) throw notHuffman(cursor.block.subarray(cursor.at, end), start);
  cursor.at = end;
  return string;
}

function notHuffman(coded: Buffer, start: number): HpackError {
  return new HpackError(
    start,
    'a Huffman-coded string without EOS, padded with at most 7 bits, all of them ones (RFC 7541, 5.2)',
    `${coded.length} octets, the last ${coded.subarray(-8).toString('hex')}`,
  );
}
