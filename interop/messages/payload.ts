/** Messages that are to be sent, made from what a case says. */
import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type Registry,
  toBinary,
} from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import type { Json, Payload } from '../model/message.ts';
import { anyOf } from './any.ts';
import { plainOf } from './plain.ts';
import { addUnknown, withoutUnknown } from './unknown.ts';

/**
 * The message that ProtoJSON describes. `"#15": ["varint 7", "bytes 6869"]` are fields that the
 * descriptor does not have, as in `Message.json`. Throws an Error that says what is wrong
 * with it: `cannot decode message Order from JSON: key "amont" is unknown`.
 */
export function payloadOf(type: DescMessage, json: Json, registry: Registry): Payload {
  const bytes = Buffer.from(bytesOf(type, json, registry));
  return { json: plainOf(type, fromBinary(type, bytes), registry), bytes: bytes.toString('base64') };
}

function bytesOf(type: DescMessage, json: Json, registry: Registry): Uint8Array {
  if (type.typeName === AnySchema.typeName) return toBinary(AnySchema, anyOf(json, registry));
  const message = fromJson(type, withoutUnknown(type, json) as JsonValue, { registry });
  addUnknown(reflect(type, message), json);
  return toBinary(type, message);
}
