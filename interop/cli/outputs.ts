import type { RunEvent } from '../model/event.ts';
import { type Baseline, type Comparison, isAcceptable, startComparison } from '../outcome/baseline.ts';
import { isHealthy, type Tally, tally } from '../outcome/matrix.ts';
import { parseQuery } from '../plan/query.ts';
import { openOutput } from '../report/file.ts';
import { annotationsReporter } from '../report/outputs/annotations.ts';
import { htmlReporter } from '../report/outputs/html.ts';
import { jsonReporter } from '../report/outputs/json.ts';
import { junitReporter } from '../report/outputs/junit.ts';
import { markdownReporter } from '../report/outputs/markdown.ts';
import { terminalReporter } from '../report/outputs/terminal.ts';
import { multiplex, type Reporter } from '../report/reporter.ts';
import { complain } from './complain.ts';
import { pageFileOf } from './files.ts';
import type { FailOn, Options } from './options.ts';
import { buildPage } from './page-bundle.ts';

/**
 * The outputs for whoever reads standard output: the matrix, or with `--json` one
 * document there and the matrix on standard error. `isLive` is for runs; only a
 * terminal outside of CI is drawn in place. With `--evidence`, the conversations of
 * the cells that the query selects are drawn. With a baseline, they tell what is not
 * as it was there.
 */
export function outputs(
  options: OutputOptions,
  isLive: boolean,
  baseline?: Baseline,
  query = parseQuery([]),
): readonly Reporter[] {
  const { json, evidence } = options;
  const stream = json ? process.stderr : process.stdout;
  const isDrawn =
    isLive && stream.isTTY === true && process.env.CI === undefined && process.env.TERM !== 'dumb';
  const draws = evidence ? query.matches : undefined;
  const terminal = terminalReporter({
    stream,
    isLive: isDrawn,
    ...(draws && { draws }),
    ...(baseline && { baseline }),
  });
  const document = json ? [jsonReporter((text) => process.stdout.write(text), baseline)] : [];
  // Every run leaves a page; of a log one is made where it is asked for.
  const html = isLive ? pageFileOf(options) : options.html;
  return [
    terminal,
    ...document,
    ...files({ ...options, html }, baseline),
    ...(isLive ? onGitHub(stream, baseline) : []),
  ];
}

type OutputOptions = Pick<Options, 'json' | 'evidence' | 'junit' | 'markdown' | 'html' | 'out'>;

/** Throws a UsageError when one of the files cannot be written. */
function files({ junit, markdown, html }: OutputOptions, baseline?: Baseline): readonly Reporter[] {
  return [
    ...(junit ? [junitReporter(openOutput(junit))] : []),
    ...(markdown ? [markdownReporter(openOutput(markdown), baseline)] : []),
    ...(html ? [htmlReporter(openOutput(html), buildPage, baseline)] : []),
  ];
}

/** What a step of a workflow on GitHub shows: its summary, and annotations. */
export function onGitHub(stream: NodeJS.WriteStream, baseline?: Baseline): readonly Reporter[] {
  const { GITHUB_ACTIONS, GITHUB_STEP_SUMMARY } = process.env;
  return [
    ...(GITHUB_STEP_SUMMARY ? [markdownReporter(openOutput(GITHUB_STEP_SUMMARY, 'a'), baseline)] : []),
    ...(GITHUB_ACTIONS ? [annotationsReporter((text) => stream.write(text))] : []),
  ];
}

/** Whoever hears of a run: the reporters, and the exit code. */
export interface Audience {
  on(event: RunEvent): Promise<void>;
  note(sentence: string): void;
  /** After the last event. 0: healthy, or good enough by `failOn`; 1: not; 2: a reporter failed. */
  end(): Promise<0 | 1 | 2>;
}

function isGoodEnough(numbers: Tally, failOn: FailOn, { changes }: Comparison): boolean {
  switch (failOn) {
    case 'any':
      return isHealthy(numbers);
    case 'regressions': {
      const found = changes();
      return found ? isAcceptable(numbers, found) : isHealthy(numbers);
    }
    case 'every-round':
      // What passed in some round did not fail in every one.
      return isHealthy({ ...numbers, ok: numbers.ok + numbers.flaky, flaky: 0 });
    default:
      return failOn satisfies never;
  }
}

export function audienceOf(
  reporters: readonly Reporter[],
  baseline?: Baseline,
  failOn: FailOn = 'any',
): Audience {
  const comparison = startComparison(baseline);
  const all = multiplex(reporters, complain);
  return {
    async on(event) {
      comparison.add(event);
      await all.on(event);
    },
    note: (sentence) => all.note?.(sentence),
    async end() {
      await all.end?.();
      if (all.failures.length > 0) return 2;
      const numbers = tally(comparison.matrix);
      return isGoodEnough(numbers, failOn, comparison) ? 0 : 1;
    },
  };
}
