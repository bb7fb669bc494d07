import path from 'node:path';
import { UsageError } from '../errors.ts';
import type { Baseline } from '../outcome/baseline.ts';
import { knowing, parseQuery } from '../plan/query.ts';
import { durationsReporter } from '../report/outputs/durations.ts';
import { logReporter } from '../report/outputs/log.ts';
import type { Reporter } from '../report/reporter.ts';
import { baselineOf, readRun } from './baseline.ts';
import { complain } from './complain.ts';
import { startOf } from './events.ts';
import { durationsFileOf, logFileOf, pageFileOf } from './files.ts';
import type { Options } from './options.ts';
import { audienceOf, onGitHub, outputs } from './outputs.ts';
import { logIn } from './parts.ts';

/** `report FILE…`: the events of a log, or of those of shards, into the outputs of a run. */
export async function reportCommand(options: Options): Promise<number> {
  const [file, ...others] = options.words;
  if (file === undefined) throw new UsageError('report: which log? wanted a file like interop/out/run.jsonl');
  const files = [file, ...others.filter(isLog)];
  const query = parseQuery(others.filter((word) => !isLog(word)));
  const log = await logIn(files);
  // How a cell stands is known at the end of the log only, and its conversation is drawn before.
  const selected = query.asksStanding
    ? knowing(query, (await readRun(file, log.events())).matrix.standings)
    : query;
  const baseline =
    options.baseline === undefined ? undefined : await baselineOf({ ...options, tls: await isOverTls(file) });
  const html = options.html ?? (log.isFolded ? pageFileOf(options) : undefined);
  const reporters = outputs({ ...options, html }, false, baseline, selected);
  const left = log.isFolded ? leftBehind(options, files, baseline) : [];
  const audience = audienceOf([...left, ...reporters], baseline, options.failOn);
  for await (const event of log.events()) await audience.on(event);
  const code = await audience.end();
  if (log.isFolded) complain(`the log: ${shown(logFileOf(options))}; the page: ${shown(html ?? '')}`);
  return code;
}

/** No query word ends so. */
function isLog(word: string): boolean {
  return word.endsWith('.jsonl');
}

/** What a run leaves, and was in none of its shards. Throws a UsageError when it would overwrite one of them. */
function leftBehind(
  options: Options,
  files: readonly string[],
  baseline: Baseline | undefined,
): readonly Reporter[] {
  const log = logFileOf(options);
  if (files.some((each) => path.resolve(each) === log))
    throw new UsageError(
      `report: the whole goes to ${shown(log)}, which is one of its parts\n  hint: --out FOLDER`,
    );
  return [
    logReporter(log),
    durationsReporter(durationsFileOf(options)),
    ...onGitHub(options.json ? process.stderr : process.stdout, baseline),
  ];
}

function shown(file: string): string {
  return path.relative(process.cwd(), file);
}

/** Whether the run of that log encrypted every connection. */
async function isOverTls(file: string): Promise<boolean> {
  return (await startOf(file))?.transport === 'tls';
}
