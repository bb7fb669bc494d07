import path from 'node:path';
import type { Baseline } from '../outcome/baseline.ts';
import { livePage } from '../report/outputs/html.ts';
import { type Live, openLive } from '../report/outputs/live.ts';
import type { Options } from './options.ts';
import { complain } from './outputs.ts';
import { buildPage } from './page-bundle.ts';

/** Where the log of a run goes. */
export function logFileOf({ out }: Options): string {
  return path.join(out, 'run.jsonl');
}

/** Serves the results page of the log, and says where. */
export async function openPage(options: Options, baseline?: Baseline): Promise<Live> {
  const live = await openLive({
    log: logFileOf(options),
    page: async () => livePage(await buildPage(), baseline),
    port: options.port ?? 0,
    // A page that an earlier start has left open must not mix two runs.
    generation: Date.now(),
  });
  complain(`the page: ${live.url}`);
  return live;
}
