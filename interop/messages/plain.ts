/** Messages as plain data. */
import {
  type DescField,
  type DescMessage,
  fromBinary,
  type JsonValue,
  type MessageShape,
  type Registry,
  ScalarType,
  toJson,
  type UnknownField,
} from '@bufbuild/protobuf';
import { type ReflectMessage, reflect, type ScalarValue } from '@bufbuild/protobuf/reflect';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { type Any, anyUnpack } from '@bufbuild/protobuf/wkt';
import type { Json, Message } from '../model/message.ts';

/** What the bytes say, or why they cannot be read as that type. Never throws. */
export function messageOf(type: DescMessage, bytes: Uint8Array, registry: Registry): Message {
  try {
    return { json: plainOf(type, fromBinary(type, bytes), registry) };
  } catch (error) {
    return { problem: `is no ${type.typeName}: ${(error as Error).message}` };
  }
}

/** A message as `Message.json` is. */
export function plainOf(type: DescMessage, message: MessageShape<DescMessage>, registry: Registry): Json {
  return ofMessage(reflect(type, message), registry);
}

function ofMessage(message: ReflectMessage, registry: Registry): Json {
  const unknown = message.getUnknown() ?? [];
  const special = unknown.length === 0 ? ofWellKnown(message, registry) : undefined;
  if (special !== undefined) return special;
  const fields = message.fields.toSorted((a, b) => a.number - b.number);
  return Object.fromEntries([
    ...fields.filter((field) => message.isSet(field)).map((field) => ofField(message, field, registry)),
    ...ofUnknown(unknown),
  ]);
}

function ofField(message: ReflectMessage, field: DescField, registry: Registry): readonly [string, Json] {
  const { name } = field;
  switch (field.fieldKind) {
    case 'scalar':
      return [name, ofScalar(field.scalar, message.get(field))];
    case 'enum':
      return [name, ofEnum(field, message.get(field))];
    case 'message':
      return [name, ofMessage(message.get(field), registry)];
    case 'list':
      return [name, [...message.get(field)].map((item) => ofItem(field, item, registry))];
    case 'map': {
      const entries = [...message.get(field)].map(
        ([key, value]) => [String(key), ofItem(field, value, registry)] as const,
      );
      return [name, Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))];
    }
    default:
      throw new Error(field satisfies never);
  }
}

/** What a list or a map holds. */
function ofItem(
  field: DescField & { readonly fieldKind: 'list' | 'map' },
  item: unknown,
  registry: Registry,
): Json {
  if (field.message) return ofMessage(item as ReflectMessage, registry);
  if (field.enum) return ofEnum(field as { readonly enum: NonNullable<typeof field.enum> }, item as number);
  return ofScalar(field.scalar as ScalarType, item as ScalarValue);
}

/** Its name; a number that the descriptor does not have stays one. */
function ofEnum(
  { enum: type }: { readonly enum: { readonly value: Readonly<Record<number, { readonly name: string }>> } },
  value: number,
): Json {
  return type.value[value]?.name ?? value;
}

function ofScalar(type: ScalarType, value: ScalarValue): Json {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value) || Object.is(value, -0)) return Object.is(value, -0) ? '-0' : String(value);
  return type === ScalarType.FLOAT ? shortestFloat(value) : value;
}

/** The number with the fewest digits that is the same 32-bit float. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Messages that ProtoJSON writes in a form of their own. */
const wellKnown =
  /^google\.protobuf\.(?:Timestamp|Duration|FieldMask|Struct|Value|ListValue|(?:Double|Float|U?Int(?:32|64)|Bool|String|Bytes)Value)$/;

/** Undefined: it has no such form, or what it holds cannot be said in it. */
function ofWellKnown({ desc, message }: ReflectMessage, registry: Registry): Json | undefined {
  if (desc.typeName === 'google.protobuf.Any') return ofAny(message as Any, registry);
  if (!wellKnown.test(desc.typeName)) return undefined;
  try {
    return sorted(toJson(desc, message, { registry }));
  } catch {
    return undefined;
  }
}

/** The entries of a Struct have no order. */
function sorted(json: JsonValue): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)]));
}

/** What an Any holds, beside its type; as bytes, where nobody knows the type. */
function ofAny(any: Any, registry: Registry): Json | undefined {
  if (any.typeUrl === '') return undefined;
  const type = registry.getMessage(any.typeUrl.slice(any.typeUrl.lastIndexOf('/') + 1));
  const unpacked = type && unpackedOf(any, registry);
  if (!type || !unpacked)
    return { '@type': any.typeUrl, '@bytes': Buffer.from(any.value).toString('base64') };
  const held = plainOf(type, unpacked, registry);
  const isPlain =
    typeof held === 'object' && held !== null && !Array.isArray(held) && !wellKnown.test(type.typeName);
  return { '@type': any.typeUrl, ...(isPlain ? held : { value: held }) };
}

function unpackedOf(any: Any, registry: Registry) {
  try {
    return anyUnpack(any, registry);
  } catch {
    return undefined;
  }
}

/** Each with its wire type and what it holds, under its number. */
function ofUnknown(fields: readonly UnknownField[]): readonly (readonly [string, Json])[] {
  const byNumber = Map.groupBy(
    fields.toSorted((a, b) => a.no - b.no),
    ({ no }) => no,
  );
  return [...byNumber].map(([no, same]) => [`#${no}`, same.map(unknownText)]);
}

function unknownText({ wireType, data }: UnknownField): string {
  const reader = new BinaryReader(data);
  switch (wireType) {
    case WireType.Varint:
      return `varint ${reader.uint64()}`;
    case WireType.Bit64:
      return `64-bit ${Buffer.from(data).toString('hex')}`;
    case WireType.Bit32:
      return `32-bit ${Buffer.from(data).toString('hex')}`;
    case WireType.LengthDelimited:
      return `bytes ${Buffer.from(reader.bytes()).toString('hex')}`;
    default:
      return `group ${Buffer.from(data).toString('hex')}`;
  }
}
