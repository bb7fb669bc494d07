/** A message's ProtoJSON → what a person would write in YAML: the way back of yaml-message.ts. */
import { type DescField, type DescMessage, type Registry, ScalarType } from '@bufbuild/protobuf';
import { isObject, type Json } from '../../model/message.ts';
import type { YamlValue } from './yaml-text.ts';

/** Integers without quotes and with all their digits, floats as YAML has them; what has a form of its own as it is. */
export function yamlValue(json: Json, type: DescMessage, registry: Registry): YamlValue {
  return ofMessage(json, type);

  function ofMessage(value: Json, desc: DescMessage): YamlValue {
    if (!isObject(value)) return value;
    if (desc.typeName === 'google.protobuf.Any') return ofAny(value);
    return desc.typeName.startsWith('google.protobuf.') ? value : fieldsOf(value, desc);
  }

  function fieldsOf(value: { readonly [key: string]: Json }, desc: DescMessage): YamlValue {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => {
        const field = desc.fields.find(({ name }) => name === key);
        return [key, field ? ofField(each, field) : each];
      }),
    );
  }

  function ofAny(value: { readonly [key: string]: Json }): YamlValue {
    const url = String(value['@type'] ?? '');
    const held = registry.getMessage(url.slice(url.lastIndexOf('/') + 1));
    return held && !held.typeName.startsWith('google.protobuf.') ? fieldsOf(value, held) : value;
  }

  function ofField(value: Json, field: DescField): YamlValue {
    if (Array.isArray(value) && field.fieldKind === 'list') return value.map((item) => ofItem(item, field));
    if (isObject(value) && field.fieldKind === 'map')
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, ofItem(each, field)]));
    return ofItem(value, field);
  }

  function ofItem(value: Json, field: DescField): YamlValue {
    if (field.message) return ofMessage(value, field.message);
    if (field.enum) return typeof value === 'number' ? BigInt(value) : value;
    return ofScalar(value, field.scalar);
  }
}

function ofScalar(value: Json, scalar: ScalarType | undefined): YamlValue {
  switch (scalar) {
    case ScalarType.BOOL:
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return value;
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return Number(value);
    default:
      return BigInt(value as string | number);
  }
}
