/** Messages that are to be sent, made from what a case says. */
import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type Registry,
  toBinary,
} from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import type { Json, Payload } from '../model/message.ts';
import { anyOf } from './any.ts';
import { plainOf } from './plain.ts';

/**
 * The message that ProtoJSON describes. At its top, `"#15": ["varint 7", "bytes 6869"]` are
 * fields that the descriptor does not have, as in `Message.json`. Throws an Error that says
 * what is wrong with it: `cannot decode message Order from JSON: key "amont" is unknown`.
 */
export function payloadOf(type: DescMessage, json: Json, registry: Registry): Payload {
  const [known, unknown] = splitUnknown(json);
  const bytes = Buffer.concat([
    type.typeName === AnySchema.typeName
      ? toBinary(AnySchema, anyOf(known, registry))
      : toBinary(type, fromJson(type, known as JsonValue, { registry })),
    ...unknown.map(unknownBytes),
  ]);
  return { json: plainOf(type, fromBinary(type, bytes), registry), bytes: bytes.toString('base64') };
}

type Unknown = readonly [number: number, text: string];

function splitUnknown(json: Json): readonly [Json, readonly Unknown[]] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return [json, []];
  const entries = Object.entries(json);
  const strange = entries.filter(([key]) => /^#\d+$/.test(key));
  if (strange.length === 0) return [json, []];
  const known = Object.fromEntries(entries.filter(([key]) => !/^#\d+$/.test(key)));
  const unknown = strange.flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((text) => [Number(key.slice(1)), String(text)] as const),
  );
  return [known, unknown];
}

function unknownBytes([number, text]: Unknown): Uint8Array {
  const writer = new BinaryWriter();
  const [, kind, value = ''] = /^(varint|bytes|32-bit|64-bit) (.*)$/.exec(text) ?? [];
  switch (kind) {
    case 'varint':
      return writer.tag(number, WireType.Varint).uint64(BigInt(value)).finish();
    case 'bytes':
      return writer.tag(number, WireType.LengthDelimited).bytes(Buffer.from(value, 'hex')).finish();
    case '32-bit':
      return writer.tag(number, WireType.Bit32).raw(Buffer.from(value, 'hex')).finish();
    case '64-bit':
      return writer.tag(number, WireType.Bit64).raw(Buffer.from(value, 'hex')).finish();
    default:
      throw new Error(
        `field #${number}: wanted "varint 7", "bytes 6869", "32-bit 01000000" or "64-bit 0100000000000000", got ${JSON.stringify(text)}`,
      );
  }
}
