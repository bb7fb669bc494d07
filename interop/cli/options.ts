import path from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../errors.ts';
import { workFolder } from '../folders.ts';
import { type LauncherWord, launcherWords } from '../launch/choose.ts';
import { type CommandWord, commandWords } from './help.ts';

/** What the command line asks for. */
export interface Options {
  readonly command: CommandWord;
  /** The words behind the command: query words, or the command's own. */
  readonly words: readonly string[];
  readonly launcher: LauncherWord;
  /** Peers to run; the others are left out on purpose. */
  readonly only: readonly string[] | undefined;
  readonly json: boolean;
  /** Read along between clients and servers. */
  readonly wire: boolean;
  /** Print the conversation of every cell. */
  readonly evidence: boolean;
  /** Files of outputs for other programs; absolute. */
  readonly junit: string | undefined;
  readonly markdown: string | undefined;
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
  return {
    command: command ?? 'run',
    words: command ? rest : positionals,
    launcher,
    only: values.only?.flatMap((list) => list.split(',')),
    json: values.json,
    wire: !values['no-wire'],
    evidence: values.evidence,
    junit: values.junit && path.resolve(values.junit),
    markdown: values.markdown && path.resolve(values.markdown),
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
        json: { type: 'boolean', default: false },
        'no-wire': { type: 'boolean', default: false },
        evidence: { type: 'boolean', default: false },
        junit: { type: 'string' },
        markdown: { type: 'string' },
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
