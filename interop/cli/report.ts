import { UsageError } from '../errors.ts';
import { knowing, parseQuery } from '../plan/query.ts';
import { baselineOf, readRun } from './baseline.ts';
import { readEvents } from './events.ts';
import type { Options } from './options.ts';
import { audienceOf, outputs } from './outputs.ts';

/** `report FILE`: the events of a log, into the outputs of a run. */
export async function reportCommand(options: Options): Promise<number> {
  const [file, ...words] = options.words;
  if (file === undefined) throw new UsageError('report: which log? wanted a file like interop/out/run.jsonl');
  const query = parseQuery(words);
  // How a cell stands is known at the end of the log only, and its conversation is drawn before.
  const selected = query.asksStanding ? knowing(query, (await readRun(file)).matrix.standings) : query;
  const baseline = await baselineOf(options);
  const audience = audienceOf(outputs(options, false, baseline, selected), baseline, options.failOn);
  for await (const event of readEvents(file)) await audience.on(event);
  return audience.end();
}
