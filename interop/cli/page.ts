import type { Baseline } from '../outcome/baseline.ts';
import { livePage } from '../report/outputs/html.ts';
import { type Live, openLive } from '../report/outputs/live.ts';
import { complain } from './complain.ts';
import { logFileOf } from './files.ts';
import type { Options } from './options.ts';
import { buildPage } from './page-bundle.ts';

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
