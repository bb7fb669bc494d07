/** A message as a person writes it in YAML → ProtoJSON, with the place of each mistake. */
import { type DescField, type DescMessage, type Registry, ScalarType } from '@bufbuild/protobuf';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { payloadOf } from '../messages/payload.ts';
import type { Json, Payload } from '../model/message.ts';
import { closest } from './closest.ts';
import { keyOf, type YamlFile } from './source-node.ts';

/** Reads it by its type. Throws a UsageError with file and line: an unknown field, two members of a oneof, an integer out of range. */
export function yamlPayload(file: YamlFile, node: Node, type: DescMessage, registry: Registry): Payload {
  const json = ofMessage(node, type, type.typeName);
  try {
    return payloadOf(type, json, registry);
  } catch (error) {
    throw file.wrong(node, (error as Error).message);
  }

  function ofMessage(value: Node, desc: DescMessage, where: string): Json {
    if (desc.typeName === 'google.protobuf.Any') return ofAny(value, where);
    if (desc.typeName.startsWith('google.protobuf.')) return plain(value);
    if (!isMap(value)) throw file.wrong(value, `${where}: wanted a message, with keys and their values`);
    return Object.fromEntries(fieldsOf(value, desc, where));
  }

  function fieldsOf(value: Node, desc: DescMessage, where: string): readonly (readonly [string, Json])[] {
    if (!isMap(value)) return [];
    const oneofs = new Map<string, string>();
    return value.items.flatMap((pair): readonly (readonly [string, Json])[] => {
      const key = keyOf(file, pair);
      if (key === '@type') return [];
      if (/^#\d+$|^\[.+\]$/.test(key)) return [[key, plain(pair.value as Node)]];
      const field = desc.fields.find(({ name, jsonName }) => name === key || jsonName === key);
      if (!field)
        throw file.wrong(
          pair,
          `${where} has no field ${JSON.stringify(key)}${closest(
            key,
            desc.fields.map(({ name }) => name),
          )}`,
        );
      const oneof = field.oneof?.name;
      const twin = oneof === undefined ? undefined : oneofs.get(oneof);
      if (twin !== undefined)
        throw file.wrong(
          pair,
          `${where}: ${twin} and ${key} are both of the oneof ${oneof}: at most one is set`,
        );
      if (oneof !== undefined) oneofs.set(oneof, key);
      return [[field.name, ofField(pair.value as Node, field, `${where}.${field.name}`)]];
    });
  }

  function ofField(value: Node, field: DescField, where: string): Json {
    if (field.fieldKind === 'list') {
      if (!isSeq(value)) throw file.wrong(value, `${where}: wanted a list`);
      return value.items.map((item, index) => ofItem(item as Node, field, `${where}[${index}]`));
    }
    if (field.fieldKind === 'map') {
      if (!isMap(value)) throw file.wrong(value, `${where}: wanted a map, with keys and their values`);
      return Object.fromEntries(
        value.items.map((pair) => {
          const key = keyOf(file, pair);
          return [key, ofItem(pair.value as Node, field, `${where}[${key}]`)];
        }),
      );
    }
    return ofItem(value, field, where);
  }

  function ofItem(value: Node, field: DescField, where: string): Json {
    if (field.message) return ofMessage(value, field.message, where);
    if (field.enum) {
      const names = field.enum.values.map(({ name }) => name);
      const got = isScalar(value) ? value.value : undefined;
      if (typeof got === 'bigint') return Number(got);
      if (typeof got !== 'string' || !names.includes(got))
        throw file.wrong(
          value,
          `${where}: ${shown(value)} is no ${field.enum.typeName}${closest(String(got), names)}`,
        );
      return got;
    }
    return ofScalar(value, field.scalar, where);
  }

  function ofScalar(node: Node, scalar: ScalarType | undefined, where: string): Json {
    const value: unknown = isScalar(node) ? node.value : undefined;
    switch (scalar) {
      case ScalarType.BOOL:
        if (typeof value === 'boolean') return value;
        break;
      case ScalarType.STRING:
      case ScalarType.BYTES:
        if (typeof value === 'string') return value;
        break;
      case ScalarType.FLOAT:
      case ScalarType.DOUBLE:
        if (typeof value === 'bigint' || typeof value === 'number') return floating(value);
        if (typeof value === 'string' && /^(?:NaN|-?Infinity)$/.test(value)) return value;
        break;
      default:
        return integer(node, value, scalar, where);
    }
    throw file.wrong(node, `${where}: ${shown(node)} is no ${typeName(scalar)}`);
  }

  function integer(node: Node, value: unknown, scalar: ScalarType | undefined, where: string): Json {
    const text = typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : value;
    if (typeof text !== 'bigint')
      throw file.wrong(node, `${where}: ${shown(node)} is no ${typeName(scalar)}`);
    const [least, most] = rangeOf(scalar);
    if (text < least || text > most)
      throw file.wrong(
        node,
        `${where}: ${text} is out of the range of ${typeName(scalar)}, ${least} to ${most}`,
      );
    return String(text);
  }

  function ofAny(value: Node, where: string): Json {
    if (!isMap(value)) throw file.wrong(value, `${where}: wanted "@type" and the fields of that message`);
    const type = value.items.find((pair) => keyOf(file, pair) === '@type')?.value;
    const url = isScalar(type) && typeof type.value === 'string' ? type.value : undefined;
    if (url === undefined)
      throw file.wrong(value, `${where}: "@type" is missing: the full name of a message`);
    const name = url.slice(url.lastIndexOf('/') + 1);
    const desc = registry.getMessage(name);
    const bytes = value.items.find((pair) => keyOf(file, pair) === '@bytes')?.value;
    if (!desc && isScalar(bytes) && typeof bytes.value === 'string')
      return { '@type': url, '@bytes': bytes.value };
    if (!desc) throw file.wrong(value, `${where}: no message ${name} is described`);
    const full = url.includes('/') ? url : `type.googleapis.com/${url}`;
    return desc.typeName.startsWith('google.protobuf.')
      ? { '@type': full, ...(plain(value) as object) }
      : { '@type': full, ...Object.fromEntries(fieldsOf(value, desc, name)) };
  }

  /** What has no fields of its own: JSON as it is written. */
  function plain(value: Node | null): Json {
    if (isMap(value))
      return Object.fromEntries(
        value.items
          .map((pair) => [keyOf(file, pair), plain(pair.value as Node)] as const)
          .filter(([key]) => key !== '@type'),
      );
    if (isSeq(value)) return value.items.map((item) => plain(item as Node));
    const scalar = isScalar(value) ? value.value : null;
    if (typeof scalar === 'bigint') {
      const number = Number(scalar);
      return Number.isSafeInteger(number) ? number : String(scalar);
    }
    return scalar as Json;
  }
}

function floating(value: bigint | number): Json {
  if (typeof value === 'bigint') return Number(value);
  return Number.isFinite(value) ? value : String(value);
}

function shown(node: Node): string {
  return isScalar(node)
    ? typeof node.value === 'bigint'
      ? String(node.value)
      : JSON.stringify(node.value)
    : 'this';
}

function typeName(scalar: ScalarType | undefined): string {
  return ScalarType[scalar ?? ScalarType.STRING].toLowerCase();
}

const [thirtyTwo, sixtyFour] = [2n ** 32n, 2n ** 64n];

function rangeOf(scalar: ScalarType | undefined): readonly [bigint, bigint] {
  switch (scalar) {
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return [0n, thirtyTwo - 1n];
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return [0n, sixtyFour - 1n];
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return [-thirtyTwo / 2n, thirtyTwo / 2n - 1n];
    default:
      return [-sixtyFour / 2n, sixtyFour / 2n - 1n];
  }
}
