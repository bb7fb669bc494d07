/** What ProtoJSON can say of a message. */
import { type DescMessage, fromJson, type JsonValue, type Registry } from '@bufbuild/protobuf';
import type { Payload } from '../model/message.ts';
import { plainOf } from './plain.ts';

/** The same messages are in many cases, and some are megabytes. */
const known = new WeakMap<Payload, boolean>();

/** Its ProtoJSON is the whole message: it has no fields that nobody knows, and nothing of a type that is not described. */
export function isProtoJson(type: DescMessage, payload: Payload, registry: Registry): boolean {
  const found = known.get(payload) ?? survives(type, payload, registry);
  known.set(payload, found);
  return found;
}

function survives(type: DescMessage, { json }: Payload, registry: Registry): boolean {
  try {
    const again = plainOf(type, fromJson(type, json as JsonValue, { registry }), registry);
    return JSON.stringify(again) === JSON.stringify(json);
  } catch {
    return false;
  }
}
