/**
 * The JSON Schema of a contract's files of cases, for editors: methods, the fields of their
 * messages, enum values and status codes complete while one types. It is for a person's eyes; what
 * a case may say is decided by who reads it (case.ts), and a test holds the one against the other.
 */
import { AnySchema } from '@bufbuild/protobuf/wkt';
import type { Method, Types } from '../../messages/types.ts';
import { givesOneResponse, type MethodKind, takesOneRequest } from '../../model/method.ts';
import { Code } from '../../model/status.ts';
import { valueTypes } from '../../witness/rule.ts';
import { type MessageSchemas, messageSchemas, type Schema, when } from './message-schema.ts';

/** Of the name of the file in a contract's folder. */
export const schemaFile = 'cases.schema.json';

/** Draft 7, which is what editors know. */
export function editorSchema({ methods, registry }: Types): Schema {
  const messages = messageSchemas(registry);
  const all = [...methods.values()];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'cases of a contract',
    type: 'object',
    additionalProperties: false,
    required: ['cases'],
    properties: {
      method: { description: 'of the cases that name none', ...methodNames(all) },
      cases: { type: 'array', items: { $ref: '#/definitions/case' } },
    },
    allOf: all.map((method) =>
      when(isOf(method), { properties: { cases: { items: when(namesNone, ofMethod(method)) } } }),
    ),
    definitions: {
      case: {
        type: 'object',
        additionalProperties: false,
        required: ['name'],
        properties: caseProperties(all, messages.of(AnySchema)),
        allOf: all.map((method) => when(isOf(method), ofMethod(method))),
      },
      ...Object.fromEntries(all.map((method) => [definitionOf(method), methodSchema(method, messages)])),
      ...messages.definitions,
    },
  };
}

const namesNone: Schema = { not: { required: ['method'] } };

function ofMethod(method: Method): Schema {
  return { $ref: `#/definitions/${definitionOf(method)}` };
}

/** A slash would have to be written as something else. */
function definitionOf(method: Method): string {
  return nameOf(method).replace('/', '.');
}

/** `/package.Service/Method` → as cases name it. */
function nameOf({ path }: Method): string {
  return path.slice(1);
}

function methodNames(methods: readonly Method[]): Schema {
  // With the slash in front it is one as well, and is not offered.
  const paths = methods.map(({ path }) => path.replaceAll('.', '\\.')).join('|');
  return { anyOf: [{ enum: methods.map(nameOf) }, { type: 'string', pattern: `^(${paths})$` }] };
}

function isOf(method: Method): Schema {
  return { required: ['method'], properties: { method: { enum: [nameOf(method), method.path] } } };
}

const kinds: Readonly<Record<MethodKind, string>> = {
  unary: 'one request, one response',
  'client-streams': 'a stream of requests, one response',
  'server-streams': 'one request, a stream of responses',
  'bidi-streams': 'a stream of requests, a stream of responses',
};

/** What a case of that method says of its messages. */
function methodSchema(method: Method, messages: MessageSchemas): Schema {
  const [request, response] = [messages.of(method.request), messages.of(method.response)];
  const isOneRequest = takesOneRequest(method.kind);
  return {
    description: `${nameOf(method)}: ${kinds[method.kind]}`,
    properties: {
      request,
      requests: isOneRequest ? false : { type: 'array', items: request },
      response,
      responses: givesOneResponse(method.kind) ? false : { type: 'array', items: response },
      exchange: {
        items: {
          anyOf: [
            { const: 'close' },
            ...Object.entries({ send: request, receive: response, wait: duration }).map(([key, value]) => ({
              type: 'object',
              additionalProperties: false,
              required: [key],
              properties: { [key]: value },
            })),
          ],
        },
      },
      ...(givesOneResponse(method.kind) && { count: false }),
      // Those that have no dot are offered; the others are for the reader to judge.
      values: { properties: Object.fromEntries(method.response.fields.map(({ name }) => [name, {}])) },
      expect: {
        properties: {
          requests: { type: 'array', items: request },
          responses: { type: 'array', items: response },
        },
      },
    },
  };
}

const duration: Schema = {
  description: 'such as 200ms, 1.5s, 2m',
  type: 'string',
  pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$',
};

const bounds: Schema = {
  description: 'the least and the most; null is no bound',
  anyOf: [
    { type: 'number' },
    { type: 'array', items: { type: ['number', 'null'] }, minItems: 2, maxItems: 2 },
  ],
};

/** What a value of a response may be in place of that of the case. */
const rule: Schema = {
  anyOf: [
    { const: 'any' },
    {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: {
        type: { anyOf: [{ enum: [...valueTypes] }, { type: 'string', pattern: '\\.' }] },
        pattern: { type: 'string' },
        range: bounds,
        length: bounds,
      },
    },
  ],
};

const texts: Schema = { type: ['string', 'number', 'boolean'] };
const metadata: Schema = {
  type: 'object',
  propertyNames: { pattern: '^[a-z0-9_.-]+$' },
  additionalProperties: { anyOf: [texts, { type: 'array', items: texts }] },
};

function caseProperties(methods: readonly Method[], details: Schema): Schema {
  const code: Schema = { enum: Object.keys(Code) };
  const status: Schema = {
    anyOf: [
      code,
      {
        type: 'object',
        additionalProperties: false,
        properties: { code, message: { type: 'string' }, details: { type: 'array', items: details } },
      },
    ],
  };
  return {
    name: { description: 'played as FILE/NAME', type: 'string' },
    title: { description: 'what should happen, as a sentence', type: 'string' },
    method: methodNames(methods),
    request: { description: 'what the client sends, and the server must have seen' },
    requests: { description: 'the same of a method that takes a stream', type: 'array' },
    response: { description: 'what a scripted server answers, and every client must have got' },
    responses: { description: 'the same of a method that gives a stream; [] is none', type: 'array' },
    exchange: { description: 'who sends what when, from the side of the client', type: 'array' },
    status: { description: 'OK when it is not said', ...status },
    metadata: { description: 'of the request', ...metadata },
    headers: { description: 'of the response', ...metadata },
    trailers: { description: 'of the response', ...metadata },
    timeout: { ...duration, description: "the client's deadline" },
    delay: { ...duration, description: 'what the server waits before it answers' },
    cancel: {
      description: 'so long after the requests, or when so many responses have come',
      anyOf: [
        duration,
        {
          type: 'object',
          additionalProperties: false,
          required: ['responses'],
          properties: { responses: { type: 'integer', minimum: 1 } },
        },
      ],
    },
    match: { description: 'fields that the case does not name may be there', const: 'partial' },
    values: {
      description: 'what may be otherwise, by its place: items.price',
      type: 'object',
      additionalProperties: rule,
    },
    count: { ...bounds, description: 'so many responses; those behind the last must be like it' },
    compression: { description: 'of the requests', const: 'gzip' },
    expect: {
      description: 'where client and server differ',
      type: 'object',
      additionalProperties: false,
      properties: {
        status,
        served: { enum: ['answered', 'cancelled', 'never', 'either'] },
        requests: { type: 'array' },
        responses: { type: 'array' },
      },
    },
  };
}
