import { jsonReporter } from '../report/json.ts';
import type { Reporter } from '../report/reporter.ts';
import { terminalReporter } from '../report/terminal.ts';

/**
 * The outputs for whoever reads standard output: the matrix, or with `--json` one
 * document there and the matrix on standard error. `isLive` is for runs; only a
 * terminal outside of CI is drawn in place.
 */
export function outputs(json: boolean, isLive: boolean): readonly Reporter[] {
  const stream = json ? process.stderr : process.stdout;
  const draws =
    isLive && stream.isTTY === true && process.env.CI === undefined && process.env.TERM !== 'dumb';
  const terminal = terminalReporter({ stream, isLive: draws });
  return json ? [terminal, jsonReporter((text) => process.stdout.write(text))] : [terminal];
}

/** One sentence for a person, on standard error. */
export function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
