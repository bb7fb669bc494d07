import path from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../errors.ts';
import { outFolder } from '../folders.ts';
import { type LauncherWord, launcherWords } from '../launch/word.ts';
import { type Shard, shardIn } from '../plan/shard.ts';
import { type CommandWord, commandWords } from './help.ts';
import type { ProjectOptions } from './project.ts';

const failOnWords = ['any', 'regressions', 'every-round'] as const;
/** What makes the exit code 1: all that is not healthy; only what was ok in the baseline and is not any more; or what passed in no round. */
export type FailOn = (typeof failOnWords)[number];

/** How a server that runs already is called over TLS: whom to trust, what to show, which name to want. */
export const tlsOptions = ['tls-ca', 'tls-cert', 'tls-key', 'tls-name'] as const;
export type TlsOption = (typeof tlsOptions)[number];
/** What was said behind each, as it was said: `ca.pem`, or `mine=ca.pem`. */
export type TlsWords = Readonly<Record<TlsOption, readonly string[]>>;
export const noTls: TlsWords = { 'tls-ca': [], 'tls-cert': [], 'tls-key': [], 'tls-name': [] };

/** What the command line asks for. */
export interface Options {
  readonly command: CommandWord;
  /** The words behind the command: query words, or the command's own. */
  readonly words: readonly string[];
  readonly launcher: LauncherWord;
  /** Peers to run; the others are left out on purpose. */
  readonly only: readonly string[] | undefined;
  /** The part of the plan that is played; absent: all of it. */
  readonly shard: Shard | undefined;
  /** Where images of the program's own peers are pulled from; `--build`: none is pulled. */
  readonly images: string | undefined;
  readonly build: boolean;
  /** How often each cell is played. */
  readonly repeat: number;
  readonly json: boolean;
  /** Read along between clients and servers. */
  readonly wire: boolean;
  /** Encrypt every connection. */
  readonly tls: boolean;
  /** Print the conversation of every cell. */
  readonly evidence: boolean;
  /** Files of outputs for other programs; absolute. */
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
  readonly html: string | undefined;
  /** The log of an earlier run to compare with, as it was named. */
  readonly baseline: string | undefined;
  readonly failOn: FailOn;
  /** Manifests of peers from elsewhere, as they were named. */
  readonly peers: readonly string[];
  /** Servers that run already: `NAME=HOST:PORT`. */
  readonly servers: readonly string[];
  readonly tlsWords: TlsWords;
  /** Serve over TLS, and write the authority of the certificate to this file; absolute. */
  readonly tlsCaOut: string | undefined;
  /** Folders of contracts to play in place of the project's own, as they were named. */
  readonly contracts: readonly string[];
  /** `.proto` files, and where what they import is looked for, as they were named. */
  readonly protos: readonly string[];
  readonly imports: readonly string[];
  /** The address of a server that is asked for its reflection; empty: of the one that is called. */
  readonly reflect: string | undefined;
  /** Of a call by hand: `key: value`. */
  readonly metadata: readonly string[];
  /** The file of cases to which a call by hand is added; absolute. */
  readonly record: string | undefined;
  /** Serve the results page while the run goes on. */
  readonly live: boolean;
  /** Absent: each command has a default of its own. */
  readonly port: number | undefined;
  readonly help: boolean;
  /** Folder of the log. */
  readonly out: string;
}

/** Commands that play something: they take what the folder in which one stands says. */
const playing: readonly CommandWord[] = ['run', 'watch', 'list', 'serve', 'call'];

/** Reads the arguments behind the program's name; what they do not say, the project may. Throws a UsageError that says what was wanted. */
export function readOptions(args: readonly string[], project?: ProjectOptions): Options {
  const { values, positionals } = parse(args);
  const [first = 'run', ...rest] = positionals;
  const command = commandWords.find((word) => word === first);
  const found = playing.includes(command ?? 'run') ? project : undefined;
  const launcher = launcherWords.find((word) => word === values.launcher);
  if (!launcher)
    throw new UsageError(`--launcher: wanted ${launcherWords.join(', ')}, got ${values.launcher}`);
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535))
    throw new UsageError(`--port: wanted 0 to 65535, got ${values.port}`);
  const repeat = Number(values.repeat);
  if (!Number.isInteger(repeat) || repeat < 1 || repeat > 10_000)
    throw new UsageError(`--repeat: wanted 1 to 10000 rounds, got ${values.repeat}`);
  const failOn = failOnWords.find((word) => word === values['fail-on']);
  if (!failOn) throw new UsageError(`--fail-on: wanted ${failOnWords.join(', ')}, got ${values['fail-on']}`);
  if (failOn === 'regressions' && !values.baseline) {
    throw new UsageError(
      '--fail-on regressions: regressions since when?\n  hint: --baseline FILE names the log of an earlier run',
    );
  }
  const single = [repeat > 1 && '--repeat', values.baseline && '--baseline'].find((each) => each);
  if (command === 'watch' && single) throw new UsageError(`watch: ${single} is for a single run`);
  return {
    command: command ?? 'run',
    words: command ? rest : positionals,
    launcher,
    images: values.images ?? found?.images,
    build: values.build,
    shard: shardOf(values.shard, command ?? 'run'),
    only: values.only?.flatMap((list) => list.split(',')) ?? found?.only,
    repeat,
    json: values.json,
    wire: !values['no-wire'],
    tls: values.tls,
    evidence: values.evidence,
    junit: values.junit && path.resolve(values.junit),
    markdown: values.markdown && path.resolve(values.markdown),
    html: values.html && path.resolve(values.html),
    baseline: values.baseline,
    failOn,
    peers: [...(found?.peers ?? []), ...(values.peer ?? [])],
    servers: [...serversOf(found, values.server), ...(values.server ?? [])],
    tlsWords: {
      'tls-ca': values['tls-ca'] ?? [],
      'tls-cert': values['tls-cert'] ?? [],
      'tls-key': values['tls-key'] ?? [],
      'tls-name': values['tls-name'] ?? [],
    },
    tlsCaOut: values['tls-ca-out'] && path.resolve(values['tls-ca-out']),
    contracts: values.contract ?? found?.contracts ?? [],
    protos: values.proto ?? [],
    imports: values.import ?? [],
    reflect: typeof values.reflect === 'boolean' ? '' : values.reflect,
    metadata: values.metadata ?? [],
    record: values.record && path.resolve(values.record),
    live: values.live,
    port,
    help: values.help,
    out: path.resolve(values.out ?? project?.out ?? outFolder),
  };
}

function shardOf(word: string | undefined, command: CommandWord): Shard | undefined {
  if (word === undefined) return undefined;
  if (command !== 'run' && command !== 'list')
    throw new UsageError(`--shard: ${command} has no parts: it is for a run, and for list`);
  const shard = shardIn(word);
  if (!shard) throw new UsageError(`--shard: wanted one of so many, as in 2/8, got ${word}`);
  return shard;
}

/** Those of the project, but for what is named otherwise on the command line. */
function serversOf(project: ProjectOptions | undefined, named: readonly string[] = []): readonly string[] {
  return Object.entries(project?.servers ?? {})
    .filter(([name]) => !named.some((word) => word.startsWith(`${name}=`)))
    .map(([name, address]) => `${name}=${address}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        launcher: { type: 'string', default: 'auto' },
        only: { type: 'string', multiple: true },
        shard: { type: 'string' },
        images: { type: 'string' },
        build: { type: 'boolean', default: false },
        repeat: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        'no-wire': { type: 'boolean', default: false },
        tls: { type: 'boolean', default: false },
        evidence: { type: 'boolean', default: false },
        junit: { type: 'string' },
        markdown: { type: 'string' },
        html: { type: 'string' },
        baseline: { type: 'string' },
        'fail-on': { type: 'string', default: 'any' },
        peer: { type: 'string', multiple: true },
        server: { type: 'string', multiple: true },
        'tls-ca': { type: 'string', multiple: true },
        'tls-cert': { type: 'string', multiple: true },
        'tls-key': { type: 'string', multiple: true },
        'tls-name': { type: 'string', multiple: true },
        'tls-ca-out': { type: 'string' },
        contract: { type: 'string', multiple: true },
        proto: { type: 'string', multiple: true },
        import: { type: 'string', multiple: true },
        // A call has an address already.
        reflect: { type: isCall(args) ? 'boolean' : 'string' },
        metadata: { type: 'string', multiple: true },
        record: { type: 'string' },
        live: { type: 'boolean', default: false },
        port: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n  hint: npm run interop -- --help`);
  }
}

/** Whichever options stand in front of the command. */
function isCall(args: readonly string[]): boolean {
  return args.find((arg) => commandWords.some((word) => word === arg)) === 'call';
}
