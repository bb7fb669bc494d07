/** Services by name → the files that describe them, with all that these import. */
import { create, type DescFile, fromBinary, toBinary } from '@bufbuild/protobuf';
import * as wellKnown from '@bufbuild/protobuf/wkt';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import type { Ask, Reflected } from './reflect.ts';

/** A service that is not described, or imports what is not, is left out and told of. */
export async function filesFor(services: readonly string[], ask: Ask): Promise<Reflected> {
  const known = new Map<string, FileDescriptorProto>();
  const order = new Map<string, FileDescriptorProto>();
  const told: string[] = [];
  const problems: string[] = [];
  for (const service of services) {
    try {
      const [file] = await take({ symbol: service }, known, ask);
      if (file) await place(file, known, order, ask);
      told.push(service);
    } catch (error) {
      problems.push(`${service}: ${(error as Error).message}`);
      // What went wrong with the connection goes wrong for all of them.
      if (!(error instanceof NotDescribed)) throw error;
    }
  }
  const set = create(FileDescriptorSetSchema, { file: [...order.values()] });
  return { set: toBinary(FileDescriptorSetSchema, set), services: told, problems };
}

class NotDescribed extends Error {}

/** Puts a file behind those that it imports. */
async function place(
  file: FileDescriptorProto,
  known: Map<string, FileDescriptorProto>,
  order: Map<string, FileDescriptorProto>,
  ask: Ask,
): Promise<void> {
  if (order.has(file.name)) return;
  for (const name of file.dependency) {
    const imported = known.get(name) ?? (await importedFile(name, file, known, ask));
    await place(imported, known, order, ask);
  }
  order.set(file.name, file);
}

async function importedFile(
  name: string,
  { name: by }: FileDescriptorProto,
  known: Map<string, FileDescriptorProto>,
  ask: Ask,
): Promise<FileDescriptorProto> {
  try {
    const [file] = await take({ file: name }, known, ask);
    if (file) return file;
  } catch (error) {
    const own = ownFiles.get(name);
    if (own) return own;
    if (!(error instanceof NotDescribed)) throw error;
  }
  throw new NotDescribed(`${by} imports ${name}, which the server does not describe`);
}

/** Servers need not tell of what comes with every protobuf. */
const ownFiles = new Map(
  Object.values(wellKnown)
    .filter((each): each is DescFile => typeof each === 'object' && 'kind' in each && each.kind === 'file')
    .map(({ proto }) => [proto.name, proto]),
);

/** What the server tells: the file that was asked for, and others that it gives with it. */
async function take(
  question: Parameters<Ask>[0],
  known: Map<string, FileDescriptorProto>,
  ask: Ask,
): Promise<readonly FileDescriptorProto[]> {
  const { files, problem } = await ask(question);
  if (problem !== undefined || files.length === 0) throw new NotDescribed(problem ?? 'it gives no file');
  const read = files.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  for (const file of read) known.set(file.name, file);
  return read;
}
