import { createReadStream } from 'node:fs';
import { UsageError } from '../errors.ts';
import { eventIn, logVersion, type RunEvent } from '../model/event.ts';
import { complain } from './complain.ts';

/** The events of a log. Throws a UsageError that names file and line for what is no event; a cut last line ends the log. */
export async function* readEvents(file: string): AsyncGenerator<RunEvent> {
  let number = 0;
  let bad: string | undefined;
  try {
    for await (const line of linesOf(file)) {
      number += 1;
      if (bad !== undefined) throw new UsageError(bad);
      if (line.trim() === '') continue;
      const event = eventIn(line);
      if (event) yield checked(event, file, number);
      else bad = `${file}, line ${number}: not an event of a run`;
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  if (number === 0 || (bad !== undefined && number === 1))
    throw new UsageError(bad ?? `${file} is empty: wanted the log of a run`);
  if (bad !== undefined) complain(`${bad}: the log was cut there`);
}

/** The start of the run of a log; undefined: it does not begin with it. Throws as readEvents does. */
export async function startOf(file: string): Promise<Extract<RunEvent, { type: 'run-started' }> | undefined> {
  for await (const event of readEvents(file)) return event.type === 'run-started' ? event : undefined;
  return undefined;
}

/** Not node:readline, which also breaks lines at U+2028, and peers may say that. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function checked(event: RunEvent, file: string, number: number): RunEvent {
  if (number === 1 && event.type !== 'run-started')
    throw new UsageError(`${file}, line 1: wanted run-started, got ${event.type}`);
  if (event.type === 'run-started' && event.version !== logVersion) {
    throw new UsageError(
      `${file}: a log of version ${event.version}; this program reads version ${logVersion}`,
    );
  }
  return event;
}
