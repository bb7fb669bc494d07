import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { UsageError } from '../errors.ts';
import type { Peer, ProcessSpec } from '../model/peer.ts';

type Manifest = Omit<Peer, 'folder' | 'process'> & {
  readonly $schema?: string;
  readonly process?: Partial<ProcessSpec> & Pick<ProcessSpec, 'command'>;
};

const schema = JSON.parse(readFileSync(new URL('peer.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ allErrors: true }).compile<Manifest>(schema);

/** Checks a manifest's text. Throws a UsageError that names the file and every key that is wrong. */
export function readManifest(file: string, content: string): Peer {
  const shown = path.relative(process.cwd(), file);
  const manifest = parse(shown, content);
  if (!validate(manifest)) {
    // A failed anyOf repeats what its branches have said already.
    const errors = (validate.errors ?? []).filter(
      (error, _, all) => error.keyword !== 'anyOf' || all.length === 1,
    );
    throw new UsageError(errors.map((error) => `${shown}: ${describe(error)}`).join('\n'));
  }
  const { process: asProcess, $schema: _, ...rest } = manifest;
  if (!asProcess && !rest.container)
    throw new UsageError(`${shown}: neither "process" nor "container": it cannot be launched`);
  return {
    ...rest,
    folder: path.dirname(path.resolve(file)),
    ...(asProcess && { process: { needs: [], build: [], outputs: [], test: [], check: [], ...asProcess } }),
  };
}

function parse(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}

function describe(error: ErrorObject): string {
  const at = error.instancePath.slice(1).replaceAll('/', '.');
  const key = at === '' ? 'the manifest' : at;
  switch (error.keyword) {
    case 'additionalProperties':
      return `${key}: unknown key ${JSON.stringify(error.params.additionalProperty)}`;
    case 'required':
      return `${key}: ${JSON.stringify(error.params.missingProperty)} is missing`;
    case 'enum':
      return `${key}: wanted one of ${(error.params.allowedValues as readonly string[]).join(', ')}`;
    default:
      return `${key}: ${error.message}`;
  }
}
