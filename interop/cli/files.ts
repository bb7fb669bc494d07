/** Where a run leaves what it leaves. */
import path from 'node:path';
import type { Options } from './options.ts';

type Places = Pick<Options, 'out'> & Partial<Pick<Options, 'shard'>>;

/** Its log; of a shard, one beside those of the others. */
export function logFileOf({ out, shard }: Places): string {
  return path.join(out, shard ? `part-${shard.index}-of-${shard.of}.jsonl` : 'run.jsonl');
}

/** Its page. */
export function pageFileOf({ html, out, shard }: Places & Pick<Options, 'html'>): string {
  return html ?? path.join(out, shard ? `part-${shard.index}-of-${shard.of}.html` : 'report.html');
}

/** How long cells took. */
export function durationsFileOf({ out }: Pick<Options, 'out'>): string {
  return path.join(out, 'durations.json');
}
