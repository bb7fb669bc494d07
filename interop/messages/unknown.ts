/** Fields that a descriptor does not have, in JSON: `"#15": ["varint 7", "bytes 6869"]`, at any depth but inside an Any. */
import type { DescField, DescMessage, UnknownField } from '@bufbuild/protobuf';
import type { ReflectMessage } from '@bufbuild/protobuf/reflect';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { isObject, type Json } from '../model/message.ts';

const key = /^#\d+$/;

/** The JSON without them. */
export function withoutUnknown(type: DescMessage, json: Json): Json {
  if (!isObject(json) || hasOwnForm(type)) return json;
  const known = Object.entries(json).filter(([name]) => !key.test(name));
  return Object.fromEntries(
    known.map(([name, value]) => {
      const field = fieldNamed(type, name);
      const { message } = field ?? {};
      return [name, field && message ? eachIn(field, value, (each) => withoutUnknown(message, each)) : value];
    }),
  );
}

/** Puts them into the message that was made of the rest. Throws an Error that says what was wanted of one. */
export function addUnknown(message: ReflectMessage, json: Json): void {
  if (!isObject(json) || hasOwnForm(message.desc)) return;
  const fields = Object.entries(json)
    .filter(([name]) => key.test(name))
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((text) =>
        unknownField(Number(name.slice(1)), String(text)),
      ),
    );
  if (fields.length > 0) message.setUnknown(fields);
  for (const [name, value] of Object.entries(json)) {
    const field = fieldNamed(message.desc, name);
    if (field?.message && message.isSet(field)) addInside(message, field, value);
  }
}

function addInside(message: ReflectMessage, field: DescField, value: Json): void {
  if (field.fieldKind === 'message') addUnknown(message.get(field), value);
  if (field.fieldKind === 'list' && Array.isArray(value))
    [...message.get(field)].forEach((item, index) => void addUnknown(item as ReflectMessage, value[index]));
  if (field.fieldKind === 'map' && isObject(value))
    for (const [name, item] of message.get(field))
      addUnknown(item as ReflectMessage, value[String(name)] ?? null);
}

/** A list, a map or one. */
function eachIn(field: DescField, value: Json, change: (value: Json) => Json): Json {
  if (field.fieldKind === 'list') return Array.isArray(value) ? value.map(change) : value;
  if (field.fieldKind !== 'map' || !isObject(value)) return change(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each)]));
}

function fieldNamed({ fields }: DescMessage, word: string): DescField | undefined {
  return fields.find(({ name, jsonName }) => name === word || jsonName === word);
}

/** ProtoJSON writes it otherwise than as its fields. */
function hasOwnForm({ typeName }: DescMessage): boolean {
  return typeName.startsWith('google.protobuf.');
}

function unknownField(no: number, text: string): UnknownField {
  const writer = new BinaryWriter();
  const [, kind, value = ''] = /^(varint|bytes|32-bit|64-bit) (.*)$/.exec(text) ?? [];
  switch (kind) {
    case 'varint':
      return { no, wireType: WireType.Varint, data: writer.uint64(BigInt(value)).finish() };
    case 'bytes':
      return {
        no,
        wireType: WireType.LengthDelimited,
        data: writer.bytes(Buffer.from(value, 'hex')).finish(),
      };
    case '32-bit':
      return { no, wireType: WireType.Bit32, data: Buffer.from(value, 'hex') };
    case '64-bit':
      return { no, wireType: WireType.Bit64, data: Buffer.from(value, 'hex') };
    default:
      throw new Error(
        `field #${no}: wanted "varint 7", "bytes 6869", "32-bit 01000000" or "64-bit 0100000000000000", got ${JSON.stringify(text)}`,
      );
  }
}
