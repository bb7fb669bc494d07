import type { RunEvent } from '../model/event.ts';
import { type Baseline, startComparison } from '../outcome/baseline.ts';
import { split } from '../report/page-data.ts';
import { readEvents } from './events.ts';
import type { Options } from './options.ts';

/**
 * The run of `--baseline`, read to its end: its file may be the log that is about to
 * be written. Undefined when none was asked for. Throws as readEvents does.
 */
export async function baselineOf({ baseline }: Pick<Options, 'baseline'>): Promise<Baseline | undefined> {
  return baseline === undefined ? undefined : await readRun(baseline);
}

/** What a log came to; what a cell's witnesses said is only counted, and stays in the log. Throws as readEvents does. */
export async function readRun(file: string): Promise<Baseline> {
  const { matrix, timings, add } = startComparison();
  const events: RunEvent[] = [];
  for await (const whole of readEvents(file)) {
    const event = withoutDetail(whole);
    add(event);
    if (event.type !== 'cell-started') events.push(event);
  }
  return { matrix, timings, name: file, events };
}

function withoutDetail(event: RunEvent): RunEvent {
  if (event.type !== 'cell-finished') return event;
  const { result, detail } = split(event.result);
  const omitted = detail.evidence.omitted + detail.evidence.calls.length;
  return { ...event, result: { ...result, evidence: { calls: [], omitted } } };
}
