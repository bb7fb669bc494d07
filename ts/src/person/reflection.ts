// Reflection, with two faults repaired that keep grpcurl from calling Manage and Health by it.

import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import descriptor, {
  type IDescriptorProto,
  type IFileDescriptorProto,
} from 'protobufjs/ext/descriptor/index.js';

/** What the library keeps for a version of the protocol. It is private: the tests say when it is no longer so. */
interface Tables {
  readonly symbols: Record<string, object>;
  readonly services: Record<string, object>;
  readonly fileEncodings: Map<IFileDescriptorProto, Uint8Array>;
}

/** Makes the reflection services, v1 and v1alpha, that tell of `definitions`. */
export function createReflection(definitions: PackageDefinition): ReflectionService {
  const reflection = new ReflectionService(definitions);
  for (const { symbols, services, fileEncodings } of Object.values(reflection) as Tables[]) {
    dropDots(symbols);
    dropDots(services);
    for (const file of fileEncodings.keys()) {
      file.messageType?.forEach(nameEntries);
      fileEncodings.set(file, descriptor.FileDescriptorProto.encode(file).finish());
    }
  }
  return reflection;
}

/**
 * The library knows by ".Manage" what has no package, and clients ask for "Manage":
 * https://github.com/grpc/grpc-node/issues/2934. To be removed when it lists "Manage".
 */
function dropDots(table: Record<string, object>): void {
  for (const [name, value] of Object.entries(table)) {
    delete table[name];
    table[name.replace(/^\./, '')] = value;
  }
}

/**
 * The descriptors that proto-loader makes call the entry of a map `statuses` "Statuses", and grpcurl refuses
 * a file where it is not "StatusesEntry": https://github.com/fullstorydev/grpcurl/issues/519. To be removed
 * when protobufjs, which makes them in Type#toDescriptor, writes the "Entry"; 8.8.1 does not yet.
 */
function nameEntries(message: IDescriptorProto): void {
  for (const nested of message.nestedType ?? []) {
    nameEntries(nested);
    if (!nested.options?.mapEntry) continue;
    const entry = `${nested.name}Entry`;
    for (const field of message.field ?? []) if (field.typeName === nested.name) field.typeName = entry;
    nested.name = entry;
  }
}
