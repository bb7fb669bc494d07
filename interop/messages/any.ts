/** `google.protobuf.Any` from JSON, also of a type that nobody here knows. */
import { create, fromJson, type JsonValue, type Registry } from '@bufbuild/protobuf';
import { type Any, AnySchema } from '@bufbuild/protobuf/wkt';
import { isObject, type Json } from '../model/message.ts';

/** `{"@type": …}` with the fields of that message, or with `"@bytes"`, as `plainOf` has it of an unknown type. Throws as fromJson does. */
export function anyOf(json: Json, registry: Registry): Any {
  const { '@type': typeUrl, '@bytes': bytes } = isObject(json) ? json : {};
  return typeof bytes === 'string' && typeof typeUrl === 'string'
    ? create(AnySchema, { typeUrl, value: Buffer.from(bytes, 'base64') })
    : fromJson(AnySchema, json as JsonValue, { registry });
}
