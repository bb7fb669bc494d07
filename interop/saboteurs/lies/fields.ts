/** Protobuf by hand: what a lie makes of a message need not be valid. */
import { BinaryReader, type WireType } from '@bufbuild/protobuf/wire';

/** A number is a varint; the rest has a length before it. */
export type Field = readonly [number: number, value: string | number | Buffer];

/** The fields as they are given, those that have their default value as well. */
export function encodeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

function encodeField([number, value]: Field): Buffer {
  if (typeof value === 'number') return Buffer.from([...varint(number << 3), ...varint(value)]);
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
  return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

/** A field as it is in the bytes of a message. */
export interface RawField {
  readonly number: number;
  readonly wireType: WireType;
  /** Its tag among them. */
  readonly bytes: Buffer;
}

/** The fields in the order of the bytes. Throws an Error when they are no message. */
export function fieldsIn(bytes: Uint8Array): readonly RawField[] {
  const reader = new BinaryReader(bytes);
  const fields: RawField[] = [];
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [number, wireType] = reader.tag();
    reader.skip(wireType, number);
    fields.push({ number, wireType, bytes: Buffer.from(bytes.subarray(start, reader.pos)) });
  }
  return fields;
}

/** What the last field of that number holds, if it has a length before it. */
export function textIn(bytes: Uint8Array, number: number): string {
  const reader = new BinaryReader(bytes);
  let text = '';
  while (reader.pos < reader.len) {
    const [each, wireType] = reader.tag();
    if (each === number && wireType === 2) text = reader.string();
    else reader.skip(wireType, each);
  }
  return text;
}
