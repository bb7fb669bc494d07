/** Logs of the shards of a run, read as the log of one. */
import path from 'node:path';
import { UsageError } from '../errors.ts';
import type { RunEvent } from '../model/event.ts';
import { type Part, type Whole, wholeOf } from '../outcome/parts.ts';
import { readEvents, startOf } from './events.ts';

/** What is reported: a run, or what its shards come to. */
export interface Log {
  /** It was folded of the logs of shards. */
  readonly isFolded: boolean;
  events(): AsyncIterable<RunEvent>;
}

/** The log in these files. Rejects with a UsageError where one cannot be read, and where they are no parts of one run. */
export async function logIn(files: readonly string[]): Promise<Log> {
  const [first = ''] = files;
  if (files.length === 1 && !(await startOf(first))?.shard)
    return { isFolded: false, events: () => readEvents(first) };
  const parts: Part[] = [];
  for (const file of files) parts.push(await partIn(file));
  parts.sort((a, b) => a.started.shard.index - b.started.shard.index);
  const whole = wholeOf(parts);
  if ('problem' in whole) throw new UsageError(whole.problem);
  return { isFolded: true, events: () => folded(parts, whole) };
}

/** Reads it once to its end, and keeps nothing of its cells. */
async function partIn(file: string): Promise<Part> {
  let started: Extract<RunEvent, { type: 'run-started' }> | undefined;
  let finished: Part['finished'];
  const programs = new Map<string, string>();
  for await (const event of readEvents(file)) {
    if (event.type === 'run-started') started = event;
    else if (event.type === 'run-finished') finished = event;
    else if (event.type === 'peer-started') {
      const { library, libraryVersion, language, languageVersion } = event.implementation;
      const words = `${library} ${libraryVersion}, ${language} ${languageVersion}`;
      programs.set(`${event.peer} ${event.role}`, words);
    }
  }
  const name = path.relative(process.cwd(), file);
  if (!started?.shard)
    throw new UsageError(
      `${name} is the log of a whole run, and no part of one\n  hint: report takes one whole log, or those of shards: report part-*.jsonl`,
    );
  return { name: file, started: { ...started, shard: started.shard }, finished, programs };
}

async function* folded(parts: readonly Part[], { started, finished }: Whole): AsyncGenerator<RunEvent> {
  yield started;
  for (const { name } of parts)
    for await (const event of readEvents(name))
      if (event.type !== 'run-started' && event.type !== 'run-finished') yield event;
  if (finished) yield finished;
}
