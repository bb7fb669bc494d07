// The methods that are known: those of the plain service, and of the types that a line brought.
import { loadFileDescriptorSetFromBuffer, type MethodDefinition } from '@grpc/proto-loader';
import { loaderOptions, packageDefinition } from '../service/definition.ts';

/** A method of any kind; its messages are objects. */
export type Method = MethodDefinition<object, object>;

/** Methods by path, "/Manage/PickOne". */
export type Methods = ReadonlyMap<string, Method>;

/** The methods of a google.protobuf.FileDescriptorSet, serialized, and of the plain service. */
export function loadMethods(files: Buffer): Methods {
  const definitions = { ...packageDefinition, ...loadFileDescriptorSetFromBuffer(files, loaderOptions) };
  const methods = new Map<string, Method>();
  for (const definition of Object.values(definitions)) {
    // Messages and enums have a format, of which the name is a string.
    if (typeof definition.format === 'string') continue;
    for (const method of Object.values(definition as Record<string, Method>))
      methods.set(method.path, method);
  }
  return methods;
}
