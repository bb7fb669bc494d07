// The methods that are called and served.
import { createFileRegistry, type DescMethod, type DescService, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { Base64 } from './contract.ts';
import { Manage } from './gen/expirement_pb.ts';

/** Methods by their paths. */
export type Methods = ReadonlyMap<string, DescMethod>;

/** What is known without any descriptors: the plain service. */
export const plainMethods: Methods = methodsOf([Manage]);

/** The methods of every service in a serialized FileDescriptorSet, and of the plain service. */
export function describe(files: Base64): Methods {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, Buffer.from(files, 'base64')));
  const services = [...registry].filter((type) => type.kind === 'service');
  return new Map([...plainMethods, ...methodsOf(services)]);
}

function methodsOf(services: DescService[]): Methods {
  return new Map(services.flatMap(({ methods }) => methods.map((method) => [pathOf(method), method])));
}

export function pathOf({ parent, name }: DescMethod): string {
  return `/${parent.typeName}/${name}`;
}
