import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { UsageError } from '../errors.ts';
import type { ClientFeature, Peer, ProcessSpec } from '../model/peer.ts';

type Manifest = Omit<Peer, 'folder' | 'process'> & {
  readonly $schema?: string;
  readonly process?: Partial<ProcessSpec> & Pick<ProcessSpec, 'command'>;
};

const schema = JSON.parse(readFileSync(new URL('peer.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, formats: { regex: true } }).compile<Manifest>(schema);

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
  const problems = partProblems(manifest);
  if (problems.length > 0) throw new UsageError(problems.map((each) => `${shown}: ${each}`).join('\n'));
  const { process: asProcess, client, $schema: _, ...rest } = manifest;
  if (!asProcess && !rest.container)
    throw new UsageError(`${shown}: neither "process" nor "container": it cannot be launched`);
  return {
    ...rest,
    ...(client && {
      client: { ...client, features: [...client.features, ...impliedFeatures(client)] },
    }),
    folder: path.dirname(path.resolve(file)),
    ...(asProcess && { process: { needs: [], build: [], outputs: [], test: [], check: [], ...asProcess } }),
  };
}

/** What no manifest claims. */
function impliedFeatures({
  args = [],
  input = '',
  output,
}: NonNullable<Manifest['client']>): readonly ClientFeature[] {
  if (!output) return ['channel', 'script'];
  return [...args, input].some((text) => text.includes('{script}')) ? ['script'] : [];
}

/** What a schema cannot say of the two parts. */
function partProblems({ args, server, client }: Manifest): readonly string[] {
  const placeholders = (part: Manifest['server'] | Manifest['client']) => part?.args?.join(' ') ?? '';
  const ofBothRoles = 'a peer gets its arguments from "args", for both roles';
  const isPeer = (server && !server.ready) || (client && !client.output);
  const problems = [
    isPeer && !args && '"args" is missing: what makes the program a peer, behind its command',
    isPeer && server?.ready && 'server.ready: its client speaks the lines of a peer, and its server does not',
    server?.args && !server.ready && `server.args: ${ofBothRoles}`,
    client?.args && !client.output && `client.args: ${ofBothRoles}`,
    server?.services &&
      !server.ready &&
      'server.services: only of a server with "ready"; a peer serves what it is asked to',
    client?.input &&
      !client.output &&
      'client.input: only of a client with "output"; a peer reads lines there',
    server?.ready &&
      !placeholders(server).includes('{port}') &&
      'server.args: a server that is ready when its port answers must be given {port}',
    client?.output &&
      !placeholders(client).includes('{address}') &&
      'client.args: a client that is run once a call must be given {address}',
    ...Object.entries(client?.output ?? {}).map(([key, pattern]) => patternProblem(key, pattern)),
  ];
  return problems.filter((problem) => typeof problem === 'string');
}

function patternProblem(key: string, pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'su');
    return undefined;
  } catch (error) {
    return `client.output.${key}: ${(error as Error).message}`;
  }
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
