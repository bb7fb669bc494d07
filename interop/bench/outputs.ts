import path from 'node:path';
import { durationsFileOf, pageFileOf } from '../cli/files.ts';
import { buildPage } from '../cli/page-bundle.ts';
import { openOutput } from '../report/file.ts';
import { durationsReporter } from '../report/outputs/durations.ts';
import { htmlReporter } from '../report/outputs/html.ts';
import { terminalReporter } from '../report/outputs/terminal.ts';
import type { Reporter } from '../report/reporter.ts';

/** What `npm run interop` makes of a run beside its log; what a person reads goes to standard error. */
export function usualOutputs(out: string): readonly Reporter[] {
  return [
    durationsReporter(durationsFileOf({ out })),
    terminalReporter({ stream: process.stderr, isLive: false }),
    htmlReporter(openOutput(path.join(pageFileOf({ out, html: undefined }))), buildPage),
  ];
}
