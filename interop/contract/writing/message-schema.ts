/** A message as JSON Schema: what an editor may offer in a case, and what it underlines. */
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type Registry,
  ScalarType,
} from '@bufbuild/protobuf';
import type { Json } from '../../model/message.ts';

export type Schema = { readonly [key: string]: Json };

/** The schemas of messages by name, those in them among them. */
export interface MessageSchemas {
  /** A reference to that of the message, which is made when it is first asked for. */
  of(message: DescMessage): Schema;
  readonly definitions: Readonly<Record<string, Schema>>;
}

export function messageSchemas(registry: Registry): MessageSchemas {
  const definitions: Record<string, Schema> = {};
  const all = [...registry];
  const messages = all.filter((desc) => desc.kind === 'message');
  const extensions = all.filter((desc) => desc.kind === 'extension');

  function reference(name: string, make: () => Schema): Schema {
    if (!Object.hasOwn(definitions, name)) {
      // It may have itself in it.
      definitions[name] = {};
      definitions[name] = make();
    }
    return { $ref: `#/definitions/${name}` };
  }

  function of(message: DescMessage): Schema {
    return reference(message.typeName, () => wellKnown(message, anySchema) ?? withFields(message));
  }

  function withFields(message: DescMessage): Schema {
    const own = message.fields.map((field) => [field.name, fieldSchema(field)] as const);
    const more = extensions
      .filter(({ extendee }) => extendee === message)
      .map((extension) => [`[${extension.typeName}]`, {}] as const);
    const inJson = message.fields.filter(({ name, jsonName }) => name !== jsonName);
    const oneofs = message.oneofs.flatMap(({ fields }) => atMostOne(fields.map(({ name }) => name)));
    return {
      type: 'object',
      description: message.typeName,
      additionalProperties: false,
      properties: Object.fromEntries([...own, ...more]),
      // Not offered, and not wrong: fields that the descriptor does not have, and the names of ProtoJSON.
      patternProperties: {
        '^#\\d+$': unknownField,
        '^@type$': { type: 'string' },
        ...Object.fromEntries(inJson.map((field) => [`^${field.jsonName}$`, fieldSchema(field)])),
      },
      ...(oneofs.length > 0 && { allOf: oneofs }),
    };
  }

  function fieldSchema(field: DescField): Schema {
    if (field.fieldKind === 'list') return { type: 'array', items: itemSchema(field) };
    if (field.fieldKind === 'map') return { type: 'object', additionalProperties: itemSchema(field) };
    return itemSchema(field);
  }

  function itemSchema(field: DescField): Schema {
    if (field.message) return of(field.message);
    if (field.enum) return enumSchema(field.enum);
    return scalarSchema(field.scalar ?? ScalarType.STRING);
  }

  function enumSchema(type: DescEnum): Schema {
    return reference(type.typeName, () => ({
      description: type.typeName,
      // A number that it does not name is a value as well.
      anyOf: [{ enum: type.values.map(({ name }) => name) }, { type: 'integer' }],
    }));
  }

  /** The type's own fields, once the type is known. */
  function anySchema(): Schema {
    const held = messages.filter(({ typeName }) => !typeName.startsWith('google.protobuf.'));
    return {
      type: 'object',
      description: 'google.protobuf.Any: "@type" is the full name of a message, beside its fields',
      required: ['@type'],
      properties: {
        '@type': { anyOf: [{ enum: messages.map(({ typeName }) => typeName) }, { type: 'string' }] },
      },
      allOf: held.map((message) =>
        when(
          { required: ['@type'], properties: { '@type': { type: 'string', pattern: urlOf(message) } } },
          of(message),
        ),
      ),
    };
  }

  return { of, definitions };
}

/** With a host in front or without. */
function urlOf({ typeName }: DescMessage): string {
  return `(^|/)${typeName.replaceAll('.', '\\.')}$`;
}

/** A schema for what fits another. */
export function when(condition: Schema, consequence: Schema): Schema {
  return Object.fromEntries([
    ['if', condition],
    ['then', consequence],
  ]);
}

/** When one is there, those behind it are not: an editor marks the second one. */
function atMostOne(names: readonly string[]): readonly Schema[] {
  return names.slice(0, -1).map((name, index) => {
    const others = Object.fromEntries(names.slice(index + 1).map((each) => [each, false]));
    return when({ required: [name] }, { properties: others });
  });
}

const unknownField: Schema = {
  description:
    'what a field holds that the descriptor does not have: varint 7, bytes 6869, 32-bit 01000000, …',
  type: ['array', 'string'],
};

const ranges: Readonly<Partial<Record<ScalarType, readonly [number, number]>>> = {
  [ScalarType.INT32]: [-(2 ** 31), 2 ** 31 - 1],
  [ScalarType.SINT32]: [-(2 ** 31), 2 ** 31 - 1],
  [ScalarType.SFIXED32]: [-(2 ** 31), 2 ** 31 - 1],
  [ScalarType.UINT32]: [0, 2 ** 32 - 1],
  [ScalarType.FIXED32]: [0, 2 ** 32 - 1],
  // What a double has near them: an editor need not be exact, and the reader of cases is.
  [ScalarType.UINT64]: [0, 2 ** 64],
  [ScalarType.FIXED64]: [0, 2 ** 64],
};

function scalarSchema(type: ScalarType): Schema {
  const description = ScalarType[type].toLowerCase();
  switch (type) {
    case ScalarType.BOOL:
      return { description, type: 'boolean' };
    case ScalarType.STRING:
      return { description, type: 'string' };
    case ScalarType.BYTES:
      return { description: 'bytes, in base64', type: 'string', pattern: '^[A-Za-z0-9+/_-]*={0,2}$' };
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return { description, anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] };
    default: {
      const [minimum, maximum] = ranges[type] ?? [-(2 ** 63), 2 ** 63];
      return {
        description,
        anyOf: [
          { type: 'integer', minimum, maximum },
          { type: 'string', pattern: '^-?\\d+$' },
        ],
      };
    }
  }
}

/** What ProtoJSON writes in a form of its own; undefined for what it does not. */
function wellKnown({ typeName }: DescMessage, any: () => Schema): Schema | undefined {
  const [, name = ''] = /^google\.protobuf\.(\w+)$/.exec(typeName) ?? [];
  if (name === 'Any') return any();
  const schemas: Readonly<Record<string, Schema>> = {
    Timestamp: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d' },
    Duration: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?s$' },
    FieldMask: { type: 'string' },
    Struct: { type: 'object' },
    Value: {},
    ListValue: { type: 'array' },
    DoubleValue: scalarSchema(ScalarType.DOUBLE),
    FloatValue: scalarSchema(ScalarType.FLOAT),
    Int64Value: scalarSchema(ScalarType.INT64),
    UInt64Value: scalarSchema(ScalarType.UINT64),
    Int32Value: scalarSchema(ScalarType.INT32),
    UInt32Value: scalarSchema(ScalarType.UINT32),
    BoolValue: scalarSchema(ScalarType.BOOL),
    StringValue: scalarSchema(ScalarType.STRING),
    BytesValue: scalarSchema(ScalarType.BYTES),
  };
  const schema = schemas[name];
  return schema && { description: typeName, ...schema };
}
