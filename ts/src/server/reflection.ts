// Reflection, with two faults repaired that keep grpcurl from calling Manage and Health by it.
import type { MethodDefinition, Server } from '@grpc/grpc-js';
import type {
  AnyDefinition,
  EnumTypeDefinition,
  MessageTypeDefinition,
  PackageDefinition,
} from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import descriptor, {
  type IDescriptorProto,
  type IFileDescriptorProto,
} from 'protobufjs/ext/descriptor/index.js';

/** What can be added to any number of servers. */
interface Reflection {
  addToServer(server: Server): void;
}

/** ServerReflectionRequest, as far as it names a symbol. */
interface Request {
  readonly fileContainingSymbol?: string;
}

/** ServerReflectionResponse, as far as it names symbols. */
interface Response {
  readonly originalRequest?: Request;
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] };
}

/** Makes the reflection services, v1 and v1alpha, that tell of `definitions`. */
export function createReflection(definitions: PackageDefinition): Reflection {
  const reflection = new ReflectionService(withEntries(definitions));
  // The keys are full names: a part before a dot is among them only when it has no package.
  const isTopLevel = (name: string) => Object.hasOwn(definitions, name);
  return {
    addToServer: (server) =>
      reflection.addToServer({
        addService: ({ ServerReflectionInfo: method, ...others }, handlers) => {
          if (method === undefined) throw new Error('@grpc/reflection has no method ServerReflectionInfo.');
          server.addService({ ...others, ServerReflectionInfo: withoutDots(method, isTopLevel) }, handlers);
        },
      }),
  };
}

/**
 * The library knows by ".Manage" what has no package, and clients ask for "Manage":
 * https://github.com/grpc/grpc-node/issues/2934. No descriptor talks it out of that, since it puts the dot
 * between package and name whether there is a package or not. So the dot is added as a request is read, and
 * dropped as a reply is written. To be removed when the library lists "Manage", which fails this peer's tests.
 */
function withoutDots(
  method: MethodDefinition<Request, Response>,
  isTopLevel: (name: string) => boolean,
): MethodDefinition<Request, Response> {
  const add = (symbol: string) => (isTopLevel(symbol.split('.', 1).join()) ? `.${symbol}` : symbol);
  const drop = (symbol: string) => (symbol.startsWith('.') ? symbol.slice(1) : symbol);
  const rename = (request: Request, change: (symbol: string) => string): Request =>
    request.fileContainingSymbol === undefined
      ? request
      : { ...request, fileContainingSymbol: change(request.fileContainingSymbol) };
  return {
    ...method,
    requestDeserialize: (bytes) => rename(method.requestDeserialize(bytes), add),
    responseSerialize: ({ originalRequest, listServicesResponse: list, ...others }) =>
      method.responseSerialize({
        ...others,
        ...(originalRequest && { originalRequest: rename(originalRequest, drop) }),
        ...(list && {
          listServicesResponse: { service: list.service.map(({ name }) => ({ name: drop(name) })) },
        }),
      }),
  };
}

/**
 * The descriptors that proto-loader makes call the entry of a map `statuses` "Statuses", and grpcurl refuses
 * a file where it is not "StatusesEntry": https://github.com/fullstorydev/grpcurl/issues/519. To be removed
 * when protobufjs, which makes them in Type#toDescriptor, writes the "Entry"; 8.8.1 does not yet.
 */
function withEntries(definitions: PackageDefinition): PackageDefinition {
  const { FileDescriptorProto } = descriptor;
  const mend = (bytes: Buffer): Buffer => {
    const file: IFileDescriptorProto = FileDescriptorProto.toObject(FileDescriptorProto.decode(bytes));
    file.messageType?.forEach(nameEntries);
    return Buffer.from(FileDescriptorProto.encode(file).finish());
  };
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      isType(definition)
        ? { ...definition, fileDescriptorProtos: definition.fileDescriptorProtos.map(mend) }
        : definition,
    ]),
  );
}

/** Adds "Entry" to the names of the map entries in `message`, and to the types of the maps. */
function nameEntries(message: IDescriptorProto): void {
  for (const nested of message.nestedType ?? []) {
    nameEntries(nested);
    if (!nested.options?.mapEntry) continue;
    const entry = `${nested.name}Entry`;
    for (const field of message.field ?? []) if (field.typeName === nested.name) field.typeName = entry;
    nested.name = entry;
  }
}

function isType(
  definition: AnyDefinition,
): definition is MessageTypeDefinition<object, object> | EnumTypeDefinition {
  return typeof definition.format === 'string';
}
