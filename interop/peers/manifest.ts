import { readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import {
  type Argument,
  type ClientFeature,
  type ClientPart,
  type Peer,
  type ProcessSpec,
  type ServerPart,
  unclaimed,
} from '../model/peer.ts';
import { checkerOf } from './schema.ts';
import { isNamingScripts, isRunOnceACase, placeholdersIn, placeholdersOf } from './stranger.ts';

type Manifest = Omit<Peer, 'folder' | 'process'> & {
  readonly $schema?: string;
  readonly process?: Partial<ProcessSpec> & Pick<ProcessSpec, 'command'>;
};

const schema = JSON.parse(readFileSync(new URL('peer.schema.json', import.meta.url), 'utf8')) as object;
const problemsOf = checkerOf(schema, 'the manifest');

/** Checks a manifest's text. Throws a UsageError that names the file and every key that is wrong. */
export function readManifest(file: string, content: string): Peer {
  const shown = path.relative(process.cwd(), file);
  const value = parse(shown, content);
  const wrong = problemsOf(value);
  if (wrong.length > 0) throw new UsageError(wrong.map((each) => `${shown}: ${each}`).join('\n'));
  const manifest = value as Manifest;
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
function impliedFeatures(client: ClientPart): readonly ClientFeature[] {
  if (!client.output) return Object.keys(unclaimed) as readonly ClientFeature[];
  return isNamingScripts({ client }) ? ['script', 'case'] : ['case'];
}

const ofBothRoles = 'a peer gets its arguments from "args", for both roles';

/** What a schema cannot say of the two parts. */
function partProblems({ args, server, client, container }: Manifest): readonly string[] {
  const isPeer = (server && !server.ready) || (client && !client.output);
  const problems = [
    isPeer && !args && '"args" is missing: what makes the program a peer, behind its command',
    isPeer && server?.ready && 'server.ready: its client speaks the lines of a peer, and its server does not',
    container?.shell &&
      !client?.output &&
      'container.shell: only of a client with "output"; others live by themselves',
    container?.shell && shellProblem(Object.keys(client?.env ?? {})),
    ...(server ? serverProblems(server) : []),
    ...(client ? clientProblems(client) : []),
  ];
  return problems.filter((problem) => typeof problem === 'string');
}

type Problem = string | false | undefined;

/** "Words consisting solely of underscores, digits, and alphabetics", no digit first (POSIX.1-2017, Name). */
function shellProblem(variables: readonly string[]): Problem {
  const odd = variables.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  return (
    odd !== undefined && `container.shell: a shell can set no variable ${JSON.stringify(odd)} (client.env)`
  );
}

function serverProblems(server: ServerPart): readonly Problem[] {
  const isTold = placeholdersOf(server).has('port');
  if (!server.ready)
    return [
      server.args !== undefined && `server.args: ${ofBothRoles}`,
      ...(['env', 'port', 'services'] as const).map(
        (key) =>
          server[key] !== undefined &&
          `server.${key}: only of a server with "ready"; a peer serves what and where it is asked to`,
      ),
    ];
  return [
    !isTold &&
      server.port === undefined &&
      'server.args: a server that is ready when its port answers must be given {port}, there or in "env"; or "port" says where it listens',
    isTold &&
      server.port !== undefined &&
      'server.port: it is given {port}, and need not say where it listens',
    ...groupProblems('server', server.args),
  ];
}

function clientProblems(client: ClientPart): readonly Problem[] {
  if (!client.output)
    return [
      client.args && `client.args: ${ofBothRoles}`,
      client.input && 'client.input: only of a client with "output"; a peer reads lines there',
      client.env && 'client.env: only of a client with "output"',
      client.cases && 'client.cases: only of a client with "output"; a peer makes the calls that it is given',
    ];
  const told = placeholdersOf(client);
  return [
    !told.has('address') &&
      !told.has('port') &&
      'client.args: a client that is run once a call, or once a case, must be given {address}, or {host} and {port}',
    isRunOnceACase({ client }) &&
      !client.cases &&
      'client.cases: it is not told what to call (no {method}, {request:json}, {name of a field}): which cases does it make?',
    ...groupProblems('client', client.args),
    ...(client.output === 'none'
      ? []
      : Object.entries(client.output).map(([key, pattern]) => patternProblem(key, pattern))),
  ];
}

/** Metadata has none, one or several entries. */
function groupProblems(role: string, args: readonly Argument[] = []): readonly Problem[] {
  return args.map(
    (arg) =>
      typeof arg === 'string' &&
      placeholdersIn(arg).some((name) => name.startsWith('metadata:')) &&
      `${role}.args: ${JSON.stringify(arg)}: there may be no metadata, or several entries: put it into a list of its own, ["-H", ${JSON.stringify(arg)}]`,
  );
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
