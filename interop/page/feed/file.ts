import { eventIn, logVersion } from '../../model/event.ts';
import type { Run } from '../run.ts';
import { embeddedRun } from './embedded.ts';
import { startWholeRun } from './whole.ts';

/** The run in a file that somebody chose: a log, or a page with one in it. Rejects with a sentence for that person. */
export async function fileRun(file: File): Promise<Run> {
  const text = await file.text();
  if (/^\s*</.test(text)) return pageRun(file.name, text);
  const run = startWholeRun();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const event = eventIn(line);
    const isFirst = !run.run.matrix.started;
    if (isFirst && event?.type !== 'run-started')
      throw new Error(
        `${file.name}, line ${index + 1}: wanted the log of a run, which begins with run-started`,
      );
    if (event?.type === 'run-started' && event.version !== logVersion)
      throw new Error(
        `${file.name}: a log of version ${event.version}; this page reads version ${logVersion}`,
      );
    // A log that was cut in the middle of a line is read as far as it goes.
    if (!event) break;
    try {
      run.add(event);
    } catch {
      throw new Error(`${file.name}, line ${index + 1}: not an event of a run`);
    }
  }
  if (!run.run.matrix.started) throw new Error(`${file.name} is empty: wanted the log of a run`);
  return run.run;
}

async function pageRun(name: string, text: string): Promise<Run> {
  const found = await embeddedRun(new DOMParser().parseFromString(text, 'text/html'));
  if (!found?.run.matrix.started) throw new Error(`${name}: a page without the log of a run`);
  return found.run;
}
