// Reflection, with two faults repaired that keep grpcurl from calling Manage and Health by it.
import type { Server } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import descriptor, {
  type IDescriptorProto,
  type IFileDescriptorProto,
} from 'protobufjs/ext/descriptor/index.js';

/** Adds the reflection services, v1 and v1alpha, that tell of `definitions`. */
export function addReflection(server: Server, definitions: PackageDefinition): void {
  const reflection = new ReflectionService(withEntries(definitions));
  dropDots(reflection);
  reflection.addToServer(server);
}

/**
 * The library knows by ".Manage" what has no package, and clients ask for "Manage":
 * https://github.com/grpc/grpc-node/issues/2934. No descriptor talks it out of that, since it puts the dot
 * between package and name whether there is a package or not. So the dots are dropped from its tables, which
 * are private. To be removed when the library lists "Manage"; the tests tell when its tables are others.
 */
function dropDots(reflection: ReflectionService): void {
  for (const version of Object.values(reflection) as Record<
    'symbols' | 'services',
    Record<string, object>
  >[]) {
    for (const table of [version.symbols, version.services]) {
      for (const [name, value] of Object.entries(table)) table[name.replace(/^\./, '')] = value;
      for (const name of Object.keys(table)) if (name.startsWith('.')) delete table[name];
    }
  }
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
  const mended = Object.entries(definitions).map(([name, definition]) => {
    const { fileDescriptorProtos: files } = definition;
    return [
      name,
      Array.isArray(files) ? { ...definition, fileDescriptorProtos: files.map(mend) } : definition,
    ];
  });
  return Object.fromEntries(mended);
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
