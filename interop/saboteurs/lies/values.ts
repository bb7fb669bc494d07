/** What a protobuf runtime may lose or bend of a message, in either role; the catalogue tells what each must break. */
import { type DescField, fromBinary, ScalarType } from '@bufbuild/protobuf';
import { type ReflectMessage, reflect, type ScalarValue } from '@bufbuild/protobuf/reflect';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import type { Lie } from '../program/behaviour.ts';
import { honest } from '../program/honest.ts';
import { reports } from './client.ts';

/** Does something to each message, the innermost first, once it is parsed. */
function bends(change: (message: ReflectMessage) => void): Lie {
  return {
    parses(type, bytes, from) {
      const message = honest.parses(type, bytes, from);
      eachMessage(reflect(type, message), change);
      return message;
    },
  };
}

function eachMessage(message: ReflectMessage, change: (message: ReflectMessage) => void): void {
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    const inner = messagesIn(message, field);
    for (const each of inner) eachMessage(each, change);
    // Of well-known types the runtime has forms of its own, and has handed out a copy.
    if (field.fieldKind === 'message') message.set(field, inner[0]);
  }
  change(message);
}

function messagesIn(message: ReflectMessage, field: DescField): readonly ReflectMessage[] {
  if (field.fieldKind === 'message') return [message.get(field)];
  if (field.fieldKind === 'list' && field.listKind === 'message')
    return [...message.get(field)] as ReflectMessage[];
  if (field.fieldKind === 'map' && field.mapKind === 'message')
    return [...message.get(field).values()] as ReflectMessage[];
  return [];
}

/** Takes each value of such a type for another one. */
function bendsValues(types: readonly ScalarType[], change: (value: never) => ScalarValue): Lie {
  return bends((message) => {
    for (const field of message.fields) {
      if (field.fieldKind === 'scalar' && types.includes(field.scalar) && message.isSet(field))
        message.set(field, change(message.get(field) as never));
    }
  });
}

/** Does as if such fields were not there. */
function drops(isDropped: (field: DescField, message: ReflectMessage) => boolean): Lie {
  return bends((message) => {
    for (const field of message.fields)
      if (message.isSet(field) && isDropped(field, message)) message.clear(field);
  });
}

/** Keeps some of the items of each list. */
function thins(isKept: (item: unknown) => boolean): Lie {
  return bends((message) => {
    for (const field of message.fields) {
      if (field.fieldKind !== 'list') continue;
      const list = message.get(field);
      const kept = [...list].filter(isKept);
      if (kept.length === list.size) continue;
      list.clear();
      for (const item of kept) list.add(item);
    }
  });
}

const { DOUBLE, FLOAT, INT64, UINT64, SINT64, FIXED64, INT32, UINT32, SFIXED32, BYTES, STRING } = ScalarType;

function isDefault(value: unknown): boolean {
  return Object.is(value, 0) || value === 0n || value === '' || value === false;
}

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('fields' in value)) return false;
  const message = value as ReflectMessage;
  return message.fields.every((field) => !message.isSet(field)) && !message.getUnknown()?.length;
}

function depthOf(message: ReflectMessage): number {
  const inner = message.fields.flatMap((field) => (message.isSet(field) ? messagesIn(message, field) : []));
  return 1 + Math.max(0, ...inner.map(depthOf));
}

export const valueLies = {
  'takes-int64-for-double': bendsValues([INT64, UINT64, SINT64, FIXED64], (value: bigint) =>
    // What does not fit is 0.
    BigInt.asIntN(63, BigInt(Number(value))),
  ),
  'takes-30-bits': bendsValues([INT32, UINT32, SFIXED32], (value: number) => value % 2 ** 30),
  'turns-nan-to-0': bendsValues([FLOAT, DOUBLE], (value: number) => (Number.isNaN(value) ? 0 : value)),
  'has-no-infinity': bendsValues([FLOAT, DOUBLE], (value: number) =>
    Math.abs(value) === Number.POSITIVE_INFINITY ? Math.sign(value) : value,
  ),
  'loses-the-minus-of-0': bendsValues([FLOAT, DOUBLE], (value: number) => value + 0),
  'takes-doubles-for-floats': bendsValues([DOUBLE], Math.fround),
  'takes-bytes-for-text': bendsValues([BYTES], (value: Uint8Array) =>
    Buffer.from(Buffer.from(value).toString('utf8')),
  ),
  'takes-bytes-up-to-nul': bendsValues([BYTES], (value: Uint8Array) => {
    const end = value.indexOf(0);
    return end < 0 ? value : value.subarray(0, end);
  }),
  'composes-texts': bendsValues([STRING], (value: string) => value.normalize('NFC')),
  'drops-enum-numbers': drops(
    (field, message) => field.fieldKind === 'enum' && !field.enum.value[message.get(field)],
  ),
  'drops-unknown-fields': {
    parses: (type, bytes) => fromBinary(type, bytes, { readUnknownFields: false }),
  },
  'drops-what-is-default': drops(
    (field, message) =>
      field.fieldKind === 'scalar' &&
      field.presence !== FeatureSet_FieldPresence.LEGACY_REQUIRED &&
      (isDefault(message.get(field)) || message.get(field) === field.getDefaultValue()),
  ),
  'drops-empty-messages': drops(
    (field, message) => field.fieldKind === 'message' && isEmpty(message.get(field)),
  ),
  'drops-groups': drops((field) => field.fieldKind === 'message' && field.delimitedEncoding),
  'drops-zeros-in-lists': thins((item) => !isDefault(item)),
  'drops-empty-messages-in-lists': thins((item) => !isEmpty(item)),
  'drops-zeros-in-maps': bends((message) => {
    for (const field of message.fields) {
      if (field.fieldKind !== 'map') continue;
      const map = message.get(field);
      for (const [key, value] of [...map]) if (isDefault(value) || isEmpty(value)) map.delete(key);
    }
  }),
  'cuts-nanoseconds': bends((message) => {
    const nanos = message.desc.fields.find(({ name }) => name === 'nanos');
    if (nanos) message.set(nanos, Math.trunc((message.get(nanos) as number) / 1000) * 1000);
  }),
  'goes-50-deep': {
    parses(type, bytes, from) {
      const message = honest.parses(type, bytes, from);
      if (depthOf(reflect(type, message)) > 50) throw new Error('the message is nested too deeply');
      return message;
    },
  },
  'sends-no-details': { ends: ({ details: _, ...ending }) => ending },
  'reports-no-details': reports(({ status: { details: _, ...status }, ...record }) => ({
    ...record,
    status,
  })),
} satisfies Record<string, Lie>;
