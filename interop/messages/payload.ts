/** Messages that are to be sent, made from what a case says. */
import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type Registry,
  toBinary,
} from '@bufbuild/protobuf';
import type { Json, Payload } from '../model/message.ts';
import { plainOf } from './plain.ts';

/**
 * The message that ProtoJSON describes. Throws an Error that says what is wrong with it:
 * `cannot decode message Expirement from JSON: key "nam" is unknown`. `more`: bytes that
 * follow, such as fields that the descriptor does not have.
 */
export function payloadOf(
  type: DescMessage,
  json: Json,
  registry: Registry,
  more: Uint8Array = new Uint8Array(),
): Payload {
  const known = toBinary(type, fromJson(type, json as JsonValue, { registry }));
  const bytes = Buffer.concat([known, more]);
  return {
    json: plainOf(type, fromBinary(type, bytes), registry),
    bytes: bytes.toString('base64'),
  };
}
