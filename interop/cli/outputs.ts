import { isHealthy, startFold, tally } from '../matrix.ts';
import type { RunEvent } from '../model/event.ts';
import { parseQuery } from '../query.ts';
import { jsonReporter } from '../report/json.ts';
import { multiplex, type Reporter } from '../report/reporter.ts';
import { terminalReporter } from '../report/terminal.ts';
import type { Options } from './options.ts';

/**
 * The outputs for whoever reads standard output: the matrix, or with `--json` one
 * document there and the matrix on standard error. `isLive` is for runs; only a
 * terminal outside of CI is drawn in place. With `--evidence`, the conversations of
 * the cells that the query selects are drawn.
 */
export function outputs(
  { json, evidence }: Pick<Options, 'json' | 'evidence'>,
  isLive: boolean,
  query = parseQuery([]),
): readonly Reporter[] {
  const stream = json ? process.stderr : process.stdout;
  const isDrawn =
    isLive && stream.isTTY === true && process.env.CI === undefined && process.env.TERM !== 'dumb';
  const terminal = terminalReporter({ stream, isLive: isDrawn, ...(evidence && { draws: query.matches }) });
  return json ? [terminal, jsonReporter((text) => process.stdout.write(text))] : [terminal];
}

/** Whoever hears of a run: the reporters, and the exit code. */
export interface Audience {
  on(event: RunEvent): Promise<void>;
  note(sentence: string): void;
  /** After the last event. 0: healthy; 1: not; 2: a reporter failed. */
  end(): Promise<0 | 1 | 2>;
}

export function audienceOf(reporters: readonly Reporter[]): Audience {
  const fold = startFold();
  const all = multiplex(reporters, complain);
  return {
    async on(event) {
      fold.add(event);
      await all.on(event);
    },
    note: (sentence) => all.note?.(sentence),
    async end() {
      await all.end?.();
      if (all.failures.length > 0) return 2;
      return isHealthy(tally(fold.matrix)) ? 0 : 1;
    },
  };
}

/** One sentence for a person, on standard error. */
export function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
