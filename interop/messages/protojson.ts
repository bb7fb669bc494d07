/** Texts in ProtoJSON, as programs print them. */
import type { DescMessage, Registry } from '@bufbuild/protobuf';
import { fromJson, type JsonValue } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import type { Json, JsonObject, Message } from '../model/message.ts';
import { payloadOf } from './payload.ts';
import { plainOf } from './plain.ts';

/** The messages of a text that has nothing but them, one behind the other, or in a list. Throws an Error that says what is wrong. */
export function messagesIn(text: string, type: DescMessage, registry: Registry): readonly Message[] {
  return valuesIn(text)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .map((value) => ({ json: payloadOf(type, value as Json, registry).json }));
}

/** A google.rpc.Status: the first object in the text that has a code. Undefined: there is none. Throws an Error when its details cannot be read. */
export function statusIn(text: string, registry: Registry) {
  for (let from = text.indexOf('{'); from >= 0; from = text.indexOf('{', from + 1)) {
    const value = objectAt(text, from);
    const { code, message, details } = (value ?? {}) as JsonObject;
    if (typeof code !== 'number' && typeof code !== 'string') continue;
    return {
      code: String(code),
      message: typeof message === 'string' ? message : '',
      details: Array.isArray(details) ? details.map((detail) => anyOf(detail as Json, registry)) : [],
    };
  }
  return undefined;
}

function anyOf(json: Json, registry: Registry): Json {
  return plainOf(AnySchema, fromJson(AnySchema, json as JsonValue, { registry }), registry);
}

/** The JSON values that the text consists of. Throws an Error that says at which character it is none. */
function valuesIn(text: string): readonly Json[] {
  const values: Json[] = [];
  for (let at = next(text, 0); at < text.length; ) {
    const end = endOf(text, at);
    values.push(parse(text.slice(at, end)));
    at = next(text, end);
  }
  return values;
}

function objectAt(text: string, from: number): Json | undefined {
  try {
    return parse(text.slice(from, endOf(text, from)));
  } catch {
    return undefined;
  }
}

/** Blanks and commas between values are passed over. */
function next(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[\s,]/.test(text.charAt(at))) at++;
  return at;
}

/** Where the object or list ends that begins there; of anything else, where the line does. */
function endOf(text: string, from: number): number {
  if (!'{['.includes(text.charAt(from))) {
    const end = text.indexOf('\n', from);
    return end < 0 ? text.length : end;
  }
  const token = /"(?:[^"\\]|\\.)*"|[{}[\]]/gs;
  token.lastIndex = from;
  let depth = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    if ('{['.includes(found[0])) depth += 1;
    else if ('}]'.includes(found[0])) depth -= 1;
    if (depth === 0) return token.lastIndex;
  }
  throw new Error('it ends in the middle of a message');
}

/** Integers of 64 bits are texts in ProtoJSON; where one is a number all the same, it keeps its digits. */
function parse(text: string): Json {
  return JSON.parse(text, (_, value: unknown, { source }: { readonly source?: string } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? source
      : value,
  ) as Json;
}
