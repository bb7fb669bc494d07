/** The two messages of the service, to and from their bytes. Unknown fields are passed over. */
import type { Expirement } from '../model/call.ts';

/** A number is a varint; the rest has a length before it. */
export type Field = readonly [number: number, value: string | number | Buffer];

export function encodeRequest(name: string): Buffer {
  return encode([[1, name]]);
}

export function decodeRequest(bytes: Buffer): string {
  return text(decodeFields(bytes).get(1));
}

export function encodeReply({ name, id, skill }: Expirement): Buffer {
  return encode([
    [1, name],
    [2, id],
    [3, skill],
  ]);
}

export function decodeReply(bytes: Buffer): Expirement {
  const fields = decodeFields(bytes);
  const id = fields.get(2);
  return { name: text(fields.get(1)), id: typeof id === 'number' ? id : 0, skill: text(fields.get(3)) };
}

/** A field that has its default value, "" or 0, is absent from the bytes. */
function encode(fields: readonly Field[]): Buffer {
  return encodeFields(fields.filter(([, value]) => value !== '' && value !== 0));
}

/** The fields as they are given, those that have their default value as well. */
export function encodeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

function encodeField([number, value]: Field): Buffer {
  if (typeof value === 'number') return Buffer.from([number << 3, ...varint(value)]);
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}

/** The fields by their number, the last of several. Throws an Error that says what is wrong. */
export function decodeFields(bytes: Buffer): ReadonlyMap<number, Buffer | number> {
  const fields = new Map<number, Buffer | number>();
  let at = 0;

  function readVarint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('the message ends within a field');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  function readBytes(length: number): Buffer {
    at += length;
    if (at > bytes.length) throw new Error('the message ends within a field');
    return bytes.subarray(at - length, at);
  }

  while (at < bytes.length) {
    const tag = readVarint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) fields.set(number, readVarint());
    else if (tag % 8 === 1) readBytes(8);
    else if (tag % 8 === 2) fields.set(number, readBytes(readVarint()));
    else if (tag % 8 === 5) readBytes(4);
    else throw new Error(`the message has a field of wire type ${tag % 8}`);
  }
  return fields;
}

/** "A string must always contain UTF-8 encoded text": other bytes are an error. */
function text(value: Buffer | number | undefined): string {
  return Buffer.isBuffer(value)
    ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)
    : '';
}
