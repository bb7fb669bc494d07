import type { Kind } from './descriptor.ts';
import { varintOf, wireType } from './records.ts';

export type FieldValue = string | number | boolean;

/** The wire type that carries it; undefined: any does. */
export function wireTypeOf(kind: Kind): number | undefined {
  switch (kind) {
    case 'int32':
    case 'uint32':
    case 'sint32':
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'bool':
      return wireType.VARINT;
    case 'fixed32':
    case 'sfixed32':
    case 'float':
      return wireType.I32;
    case 'fixed64':
    case 'sfixed64':
    case 'double':
      return wireType.I64;
    case 'string':
    case 'bytes':
      return wireType.LEN;
    case 'raw':
      return undefined;
    default:
      throw new Error(kind satisfies never);
  }
}

/** What a field is that is absent from the bytes. */
export function defaultOf(kind: Kind): FieldValue {
  switch (kind) {
    case 'string':
    case 'bytes':
    case 'raw':
      return '';
    case 'bool':
      return false;
    default:
      return isLong(kind) ? '0' : 0;
  }
}

function isLong(kind: Kind): boolean {
  return kind === 'double' ? false : kind.endsWith('64');
}

/**
 * The value of a payload of the right wire type. Integers of 64 bits are strings,
 * bytes are hex, what is not UTF-8 is shown with U+FFFD, and a number that JSON
 * has not is its name.
 */
export function decodeValue(kind: Kind, payload: Buffer): FieldValue {
  switch (kind) {
    case 'int32':
      return int32Of(payload);
    case 'uint32':
      return int32Of(payload) >>> 0;
    case 'sint32':
      return (int32Of(payload) >>> 1) ^ -(int32Of(payload) & 1);
    case 'int64':
      return BigInt.asIntN(64, longOf(payload)).toString();
    case 'uint64':
      return longOf(payload).toString();
    case 'sint64':
      return ((longOf(payload) >> 1n) ^ -(longOf(payload) & 1n)).toString();
    case 'bool':
      return longOf(payload) !== 0n;
    case 'fixed32':
      return payload.readUInt32LE();
    case 'sfixed32':
      return payload.readInt32LE();
    case 'float':
      return inJson(payload.readFloatLE());
    case 'fixed64':
      return payload.readBigUInt64LE().toString();
    case 'sfixed64':
      return payload.readBigInt64LE().toString();
    case 'double':
      return inJson(payload.readDoubleLE());
    case 'string':
      return payload.toString('utf8');
    case 'bytes':
    case 'raw':
      return payload.toString('hex');
    default:
      throw new Error(kind satisfies never);
  }
}

/** "int32 […] negative numbers are always encoded as ten bytes": the low 32 bits are the value. */
function int32Of(payload: Buffer): number {
  const value = varintOf(payload);
  return typeof value === 'number' ? value : Number(BigInt.asIntN(32, value));
}

function longOf(payload: Buffer): bigint {
  return BigInt(varintOf(payload));
}

function inJson(value: number): FieldValue {
  return Number.isFinite(value) ? value : String(value);
}
