import path from 'node:path';
import { buildPage } from '../cli/page-bundle.ts';
import type { Events } from '../fixtures/runs.ts';
import type { RunEvent } from '../model/event.ts';
import { livePage } from '../report/outputs/html.ts';
import { openLive } from '../report/outputs/live.ts';
import { logReporter } from '../report/outputs/log.ts';

/** The run of a log, told event by event to whoever looks. */
export async function aLiveRun(folder: string, events: Events) {
  const file = path.join(folder, `live-${performance.now()}.jsonl`);
  const log = logReporter(file);
  const live = await openLive({ log: file, page: async () => livePage(await buildPage()), port: 0 });
  const left = [...events];
  let finished = 0;
  return {
    /** Results that were told. */
    get finished() {
      return finished;
    },
    url: live.url,
    /** Tells the events up to and with the next one that the condition holds for; without one, all. */
    async until(holds: (event: RunEvent) => boolean = () => false): Promise<void> {
      for (let event = left.shift(); event; event = left.shift()) {
        await log.on(event);
        await live.reporter.on(event);
        if (isFinished(event)) finished += 1;
        if (holds(event)) return;
      }
    },
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await log.end?.();
    },
  };
}

export function isFinished({ type }: RunEvent): boolean {
  return type === 'cell-finished';
}
