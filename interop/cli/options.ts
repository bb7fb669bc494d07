import path from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../errors.ts';
import { workFolder } from '../folders.ts';
import { type LauncherWord, launcherWords } from '../launch/word.ts';
import { type CommandWord, commandWords } from './help.ts';

const failOnWords = ['any', 'regressions'] as const;
/** What makes the exit code 1: all that is not healthy, or only what was ok in the baseline and is not any more. */
export type FailOn = (typeof failOnWords)[number];

/** What the command line asks for. */
export interface Options {
  readonly command: CommandWord;
  /** The words behind the command: query words, or the command's own. */
  readonly words: readonly string[];
  readonly launcher: LauncherWord;
  /** Peers to run; the others are left out on purpose. */
  readonly only: readonly string[] | undefined;
  /** How often each cell is played. */
  readonly repeat: number;
  readonly json: boolean;
  /** Read along between clients and servers. */
  readonly wire: boolean;
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

/** Reads the arguments behind the program's name. Throws a UsageError that says what was wanted. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args);
  const [first = 'run', ...rest] = positionals;
  const command = commandWords.find((word) => word === first);
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
  if (!failOn)
    throw new UsageError(`--fail-on: wanted ${failOnWords.join(' or ')}, got ${values['fail-on']}`);
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
    only: values.only?.flatMap((list) => list.split(',')),
    repeat,
    json: values.json,
    wire: !values['no-wire'],
    evidence: values.evidence,
    junit: values.junit && path.resolve(values.junit),
    markdown: values.markdown && path.resolve(values.markdown),
    html: values.html && path.resolve(values.html),
    baseline: values.baseline,
    failOn,
    peers: values.peer ?? [],
    servers: values.server ?? [],
    contracts: values.contract ?? [],
    protos: values.proto ?? [],
    imports: values.import ?? [],
    reflect: typeof values.reflect === 'boolean' ? '' : values.reflect,
    metadata: values.metadata ?? [],
    record: values.record && path.resolve(values.record),
    live: values.live,
    port,
    help: values.help,
    out: path.resolve(values.out ?? workFolder),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        launcher: { type: 'string', default: 'auto' },
        only: { type: 'string', multiple: true },
        repeat: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        'no-wire': { type: 'boolean', default: false },
        evidence: { type: 'boolean', default: false },
        junit: { type: 'string' },
        markdown: { type: 'string' },
        html: { type: 'string' },
        baseline: { type: 'string' },
        'fail-on': { type: 'string', default: 'any' },
        peer: { type: 'string', multiple: true },
        server: { type: 'string', multiple: true },
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
