import { Enum, type Field, Namespace, Root, Service, Type } from 'protobufjs';

const scalars = [
  'int32',
  'uint32',
  'sint32',
  'int64',
  'uint64',
  'sint64',
  'bool',
  'fixed32',
  'sfixed32',
  'float',
  'fixed64',
  'sfixed64',
  'double',
  'string',
  'bytes',
] as const;

/** How a field's bytes are read. `raw`: a message, a map or a repeated field, which are shown as they are. */
export type Kind = (typeof scalars)[number] | 'raw';

export interface MessageField {
  readonly number: number;
  readonly name: string;
  readonly kind: Kind;
  /** It can be absent: no default is filled in (`optional`, `oneof`, messages). */
  readonly hasPresence: boolean;
}

export interface MessageType {
  /** With its package, without the dot in front. */
  readonly name: string;
  /** By number. */
  readonly fields: ReadonlyMap<number, MessageField>;
}

/** What the service's description says of a method's messages. */
export interface Methods {
  /** `path` as in the request's `:path`: `/package.Service/Method`. Undefined: it is not described. */
  find(path: string): { readonly request: MessageType; readonly response: MessageType } | undefined;
}

/** Reads a .proto file. Throws when it cannot be read or parsed. */
export function loadMethods(protoFile: string): Methods {
  const root = new Root().loadSync(protoFile, { keepCase: true }).resolveAll();
  const methods = new Map<string, { request: MessageType; response: MessageType }>();
  for (const service of servicesOf(root)) {
    for (const { name, resolvedRequestType, resolvedResponseType } of service.methodsArray) {
      if (!resolvedRequestType || !resolvedResponseType) continue;
      methods.set(`/${service.fullName.slice(1)}/${name}`, {
        request: messageOf(resolvedRequestType),
        response: messageOf(resolvedResponseType),
      });
    }
  }
  return { find: (path) => methods.get(path) };
}

function servicesOf(namespace: Namespace): readonly Service[] {
  return namespace.nestedArray.flatMap((nested) => {
    if (nested instanceof Service) return nested;
    return nested instanceof Namespace ? servicesOf(nested) : [];
  });
}

function messageOf(type: Type): MessageType {
  const fields = type.fieldsArray.map(
    (field) =>
      [
        field.id,
        { number: field.id, name: field.name, kind: kindOf(field), hasPresence: canBeAbsent(field) },
      ] as const,
  );
  return { name: type.fullName.slice(1), fields: new Map(fields) };
}

/** `hasPresence` of the package leaves messages out. */
function canBeAbsent(field: Field): boolean {
  if (field.repeated || field.map) return false;
  return field.resolvedType instanceof Type || Boolean(field.hasPresence);
}

/** protobuf.dev, "Encoding": an enum is written as an int32 is. */
function kindOf(field: Field): Kind {
  if (field.repeated || field.map) return 'raw';
  if (field.resolvedType) return field.resolvedType instanceof Enum ? 'int32' : 'raw';
  return scalars.find((scalar) => scalar === field.type) ?? 'raw';
}
