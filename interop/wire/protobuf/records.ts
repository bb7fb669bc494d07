/** protobuf.dev, "Encoding": "a message is turned into a series of records". */

export const wireType = { VARINT: 0, I64: 1, LEN: 2, SGROUP: 3, EGROUP: 4, I32: 5 } as const;

const wireTypeNames = Object.keys(wireType);

/** `LEN` for 2; `wire type 7` for what is none. */
export function wireTypeName(type: number): string {
  return wireTypeNames[type] ?? `wire type ${type}`;
}

export interface MessageRecord {
  readonly number: number;
  readonly type: number;
  /** Of LEN: without the length. */
  readonly payload: Buffer;
}

/** The bytes are no records. The message goes on from `ends within field 2`. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/**
 * Calls `take` for each record. Throws MalformedMessage, after the records before
 * it, when the bytes are no records; `called` names a field: `field 2 (id)`.
 */
export function readRecords(
  bytes: Buffer,
  called: (number: number) => string,
  take: (record: MessageRecord) => void,
): void {
  for (let at = 0; at < bytes.length; ) {
    const afterTag = varintEnd(bytes, at, 'a tag');
    const tag = Number(varintOf(bytes.subarray(at, afterTag)));
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (number === 0 || number > maxNumber) throw new MalformedMessage(`has a tag of field number ${number}`);
    const name = called(number);
    const start = type === wireType.LEN ? varintEnd(bytes, afterTag, name) : afterTag;
    const end = start + payloadBytes(bytes, type, afterTag, start, name);
    if (end > bytes.length) {
      const missing = end - bytes.length;
      throw new MalformedMessage(
        `ends within ${name}: ${missing} ${missing === 1 ? 'byte is' : 'bytes are'} missing`,
      );
    }
    take({ number, type, payload: bytes.subarray(start, end) });
    at = end;
  }
}

/** protobuf.dev, "Assigning Field Numbers": "between 1 and 536,870,911". */
const maxNumber = 536_870_911;

/** `afterTag` is where the payload begins, `start` where it does behind its length. */
function payloadBytes(bytes: Buffer, type: number, afterTag: number, start: number, name: string): number {
  switch (type) {
    case wireType.VARINT:
      return varintEnd(bytes, start, name) - start;
    case wireType.I64:
      return 8;
    case wireType.LEN:
      return Number(varintOf(bytes.subarray(afterTag, start)));
    case wireType.I32:
      return 4;
    default:
      throw new MalformedMessage(
        `has ${name} as ${wireTypeName(type)}, which is not used any more or never was`,
      );
  }
}

/** Where the varint at `at` ends. "Variable-width integers […] between one and ten bytes". */
function varintEnd(bytes: Buffer, at: number, within: string): number {
  for (let end = at; end < at + 10; end++) {
    const byte = bytes[end];
    if (byte === undefined) throw new MalformedMessage(`ends within ${within}`);
    if (byte < 0x80) return end + 1;
  }
  throw new MalformedMessage(`has a varint of more than ten bytes in ${within}`);
}

/** The unsigned value of a whole varint; a bigint when it has more than 28 bits. */
export function varintOf(bytes: Buffer): number | bigint {
  if (bytes.length > 4) return longVarintOf(bytes);
  let value = 0;
  for (let index = bytes.length - 1; index >= 0; index--) {
    value = (value << 7) | ((bytes[index] ?? 0) & 0x7f);
  }
  return value;
}

function longVarintOf(bytes: Buffer): bigint {
  let value = 0n;
  for (let index = bytes.length - 1; index >= 0; index--) {
    value = (value << 7n) | BigInt((bytes[index] ?? 0) & 0x7f);
  }
  return BigInt.asUintN(64, value);
}
