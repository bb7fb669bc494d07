/** Where a run leaves what it leaves. */
import path from 'node:path';
import type { Options } from './options.ts';

/** Its log. */
export function logFileOf({ out }: Pick<Options, 'out'>): string {
  return path.join(out, 'run.jsonl');
}

/** Its page. */
export function pageFileOf({ html, out }: Pick<Options, 'html' | 'out'>): string {
  return html ?? path.join(out, 'report.html');
}

/** How long cells took. */
export function durationsFileOf({ out }: Pick<Options, 'out'>): string {
  return path.join(out, 'durations.json');
}
