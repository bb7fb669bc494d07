/** What ProtoJSON can say of a message. */
import { type DescMessage, fromJson, type JsonValue, type Registry } from '@bufbuild/protobuf';
import { isObject, type Json, type Payload } from '../model/message.ts';
import { plainOf } from './plain.ts';

/** The same messages are in many cases, and some are megabytes. */
const known = new WeakMap<Payload, boolean>();

/** Its ProtoJSON is the whole message: it has no fields that nobody knows, and nothing of a type that is not described. */
export function isProtoJson(type: DescMessage, payload: Payload, registry: Registry): boolean {
  const found = known.get(payload) ?? survives(type, payload, registry);
  known.set(payload, found);
  return found;
}

function survives(type: DescMessage, payload: Payload, registry: Registry): boolean {
  try {
    const json = shortened(payload.json);
    const again = plainOf(type, fromJson(type, json as JsonValue, { registry }), registry);
    return JSON.stringify(again) === JSON.stringify(json);
  } catch {
    return false;
  }
}

/** Groups of four: what is base64 stays it. */
const enough = 1_024;

/** Long texts and bytes cut: of what can be said of them their beginning says as much, and takes no time. */
function shortened(json: Json): Json {
  if (typeof json === 'string') return json.slice(0, enough);
  if (isObject(json))
    return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, shortened(value)]));
  return Array.isArray(json) ? json.map(shortened) : json;
}
