/** One set of descriptors for a run of several contracts. */
import { create, equals, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  type FileDescriptorSet,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { UsageError } from '../errors.ts';

/** The descriptors of a contract. */
export interface Part {
  /** The contract's name. */
  readonly name: string;
  /** A FileDescriptorSet, serialized. */
  readonly set: Uint8Array;
}

/**
 * All files of all parts, each once. Files of one name that differ are told apart by their
 * contracts' names. Throws a UsageError when two contracts say different things of one service or message.
 */
export function mergeDescriptors(parts: readonly Part[]): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0].set;
  const files = new Map<string, FileDescriptorProto>();
  const owners = new Map<string, { readonly contract: string; readonly file: FileDescriptorProto }>();
  for (const { name, set } of parts) {
    const renamed = new Map<string, string>();
    for (const file of (fromBinary(FileDescriptorSetSchema, set) as FileDescriptorSet).file) {
      const own = withImports(file, renamed);
      const there = files.get(own.name);
      if (there && equals(FileDescriptorProtoSchema, there, own)) continue;
      const kept = there ? { ...own, name: `${name}/${own.name}` } : own;
      renamed.set(file.name, kept.name);
      for (const symbol of symbolsOf(kept)) {
        const owner = owners.get(symbol);
        if (owner)
          throw new UsageError(
            `the contracts ${owner.contract} and ${name} each have a ${symbol} of their own\n  hint: play them in runs of their own, with --contract`,
          );
        owners.set(symbol, { contract: name, file: kept });
      }
      files.set(kept.name, kept);
    }
  }
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...files.values()] }));
}

function withImports(file: FileDescriptorProto, renamed: ReadonlyMap<string, string>): FileDescriptorProto {
  return { ...file, dependency: file.dependency.map((each) => renamed.get(each) ?? each) };
}

function symbolsOf(file: FileDescriptorProto): readonly string[] {
  const prefix = file.package === '' ? '' : `${file.package}.`;
  return [...file.messageType, ...file.enumType, ...file.service, ...file.extension].map(
    ({ name }) => `${prefix}${name}`,
  );
}
