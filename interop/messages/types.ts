/** The services and messages that a run is about, as descriptors: values, and no code. */
import { createFileRegistry, type DescMessage, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { MethodKind } from '../model/method.ts';

/** A method that is described. */
export interface Method {
  /** `/package.Service/Method`, as in the request's `:path`. */
  readonly path: string;
  readonly kind: MethodKind;
  readonly request: DescMessage;
  readonly response: DescMessage;
}

/** What a run's services are made of. */
export interface Types {
  /** A FileDescriptorSet, serialized, in base64: each file behind those that it imports. */
  readonly files: string;
  readonly registry: FileRegistry;
  readonly methods: ReadonlyMap<string, Method>;
}

/**
 * Reads a serialized FileDescriptorSet, every import in it. Throws an Error that says
 * what is wrong with it: `it imports "a.proto", which is not in it`.
 */
export function readTypes(set: Uint8Array): Types {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, set));
  const methods = new Map<string, Method>();
  for (const desc of registry) {
    if (desc.kind !== 'service') continue;
    for (const { name, methodKind, input, output } of desc.methods) {
      const path = `/${desc.typeName}/${name}`;
      methods.set(path, { path, kind: kinds[methodKind], request: input, response: output });
    }
  }
  return { files: Buffer.from(set).toString('base64'), registry, methods };
}

const kinds = {
  unary: 'unary',
  client_streaming: 'client-streams',
  server_streaming: 'server-streams',
  bidi_streaming: 'bidi-streams',
} as const;

/** None at all, for who has no service to speak of. */
export const noTypes: Types = { files: '', registry: createFileRegistry(), methods: new Map() };

/** The method that a person names: `package.Service/Method`, with a slash in front or without. Undefined: it is not described. */
export function methodNamed({ methods }: Types, name: string): Method | undefined {
  return methods.get(name.startsWith('/') ? name : `/${name}`);
}

/** Those of the services with these full names. */
export function methodsOf({ methods }: Types, services: readonly string[]): readonly Method[] {
  return [...methods.values()].filter(({ path }) => services.includes(path.split('/')[1] ?? ''));
}
