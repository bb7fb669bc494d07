import { UsageError } from '../errors.ts';
import type { RunEvent } from '../model/event.ts';
import { type Baseline, startComparison } from '../outcome/baseline.ts';
import { split } from '../report/page-data.ts';
import { readEvents } from './events.ts';
import type { Options } from './options.ts';

/**
 * The run of `--baseline`, read to its end: its file may be the log that is about to
 * be written. Undefined when none was asked for. Throws as readEvents does, and a
 * UsageError when the one run is encrypted and the other is not.
 */
export async function baselineOf({
  baseline,
  tls,
}: Pick<Options, 'baseline' | 'tls'>): Promise<Baseline | undefined> {
  if (baseline === undefined) return undefined;
  const run = await readRun(baseline);
  const { transport } = run.matrix.started ?? {};
  if ((transport === 'tls') !== tls) {
    const [before, now] = tls ? ['was not', 'is'] : ['was', 'is not'];
    throw new UsageError(
      `--baseline ${baseline}: that run ${before} over TLS, and this one ${now}\n  hint: --tls makes a run that can be compared with another one over TLS, and with no other`,
    );
  }
  return run;
}

/** What a log came to; what a cell's witnesses said is only counted, and stays in the log. Throws as readEvents does. */
export async function readRun(
  file: string,
  log: AsyncIterable<RunEvent> = readEvents(file),
): Promise<Baseline> {
  const { matrix, timings, add } = startComparison();
  const events: RunEvent[] = [];
  for await (const whole of log) {
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
