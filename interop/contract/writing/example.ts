/** A message with something in every field, made of nothing but its descriptor. */
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import type { Json } from '../../model/message.ts';

/** Messages in messages in so many levels; deeper ones, and those in themselves, are left out. */
const levels = 2;

/**
 * Its ProtoJSON. Values can be told apart and found again: a text is its field's name, a
 * number says the field's place (10, 20, …). `nth`, from 0: which of several messages, so
 * that no two are the same.
 */
export function exampleOf(type: DescMessage, nth = 0): Json {
  return messageOf(type, nth, []) ?? {};
}

/** Undefined: it is left out. */
function messageOf(type: DescMessage, nth: number, around: readonly DescMessage[]): Json | undefined {
  if (type.typeName.startsWith('google.protobuf.')) return wellKnown(type.typeName, nth, around.at(-1));
  const filled = new Set<unknown>();
  const entries = type.fields.flatMap((field, index): readonly (readonly [string, Json])[] => {
    if (field.oneof && filled.has(field.oneof)) return [];
    const value = fieldOf(field, (index + 1) * 10 + nth, nth, [...around, type]);
    if (value === undefined) return [];
    if (field.oneof) filled.add(field.oneof);
    return [[field.name, value]];
  });
  return Object.fromEntries(entries);
}

function fieldOf(
  field: DescField,
  number: number,
  nth: number,
  around: readonly DescMessage[],
): Json | undefined {
  const { message } = field;
  const isDeep = message !== undefined && (around.length >= levels || around.includes(message));
  if (isDeep && field.presence !== FeatureSet_FieldPresence.LEGACY_REQUIRED && !isPlain(message))
    return undefined;
  const value = message ? messageOf(message, nth, around) : itemOf(field, number, nth);
  if (value === undefined) return undefined;
  if (field.fieldKind === 'list') return [value];
  return field.fieldKind === 'map' ? { [keyOf(field.mapKey, number, nth)]: value } : value;
}

/** What ProtoJSON writes as one value is no deeper than a text. */
function isPlain({ typeName }: DescMessage): boolean {
  return typeName.startsWith('google.protobuf.');
}

function itemOf(field: DescField, number: number, nth: number): Json {
  if (field.enum) {
    const named = field.enum.values.filter((value) => value.number !== 0);
    return (named[nth % (named.length || 1)] ?? field.enum.values[0])?.name ?? 0;
  }
  return scalarOf(field.scalar ?? ScalarType.STRING, number, nthText(field.name, nth));
}

function scalarOf(type: ScalarType, number: number, text: string): Json {
  switch (type) {
    case ScalarType.BOOL:
      return true;
    case ScalarType.STRING:
      return text;
    case ScalarType.BYTES:
      return Buffer.from(text).toString('base64');
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return number + 0.5;
    default:
      return number;
  }
}

function keyOf(type: ScalarType, number: number, nth: number): string {
  return String(scalarOf(type, number, nthText('key', nth)));
}

/** `name`, and `name 2` of the second message. */
function nthText(name: string, nth: number): string {
  return nth === 0 ? name : `${name} ${nth + 1}`;
}

/** `within`: the message that has it, which an Any may hold as well as any other. */
function wellKnown(name: string, nth: number, within: DescMessage | undefined): Json | undefined {
  const isHeld = within?.fields.every((field) => field.presence !== FeatureSet_FieldPresence.LEGACY_REQUIRED);
  const values: Readonly<Record<string, Json | undefined>> = {
    Any: within && isHeld ? { '@type': within.typeName } : undefined,
    Empty: {},
    Timestamp: `2024-05-06T07:08:0${nth % 10}Z`,
    Duration: `1.${nth % 10}50s`,
    FieldMask: 'name',
    Struct: { key: nthText('value', nth) },
    Value: nthText('value', nth),
    ListValue: [nthText('value', nth)],
    DoubleValue: nth + 1.5,
    FloatValue: nth + 1.5,
    Int32Value: nth + 1,
    UInt32Value: nth + 1,
    Int64Value: String(nth + 1),
    UInt64Value: String(nth + 1),
    BoolValue: true,
    StringValue: nthText('value', nth),
    BytesValue: Buffer.from(nthText('value', nth)).toString('base64'),
  };
  return values[name.slice('google.protobuf.'.length)];
}
