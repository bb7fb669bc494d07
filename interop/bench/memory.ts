import { spentBy } from './child.ts';
import { say, seconds } from './say.ts';

/** A run of 100,000 cells of peers in memory. */
export async function memory(): Promise<void> {
  const { wallMs, cpuMs, cells, peakMiB, isHealthy, scenarios } = await spentBy('in-memory.ts', [
    50,
    40,
    'log',
  ]);
  const what = `${cells} cells of ${scenarios} scenarios, ${isHealthy ? 'all passed' : 'NOT healthy'}`;
  say('memory: plan, run, log, fold', seconds(wallMs), '≤ 10 s', `${seconds(cpuMs)} of CPU; ${what}`);
  say('memory: peak', `${Math.round(peakMiB)} MiB`, '≤ 512 MiB', '');
}
