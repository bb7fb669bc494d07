import { cellId } from '../../model/cell.ts';
import type { CellResult } from '../../model/event.ts';
import { type Baseline, type Changes, startComparison } from '../../outcome/baseline.ts';
import { type BlameLine, linesOfBlame } from '../../outcome/blame.ts';
import type { Rounds } from '../../outcome/flake.ts';
import { isHealthy, type Standing, type Tally, tally } from '../../outcome/matrix.ts';
import type { Reporter } from '../reporter.ts';
import { verdict } from '../verdict.ts';

/** What `--json` prints. */
export interface JsonReport {
  /** Nothing is wrong. The exit code is 0, unless `--fail-on` has it say something else. */
  readonly healthy: boolean;
  /** The sentence that every output begins or ends with. */
  readonly verdict: string;
  readonly tally: Tally;
  readonly blame: readonly BlameLine[];
  /** With a baseline: what is not as it was there. */
  readonly changes?: Changes;
  /** One result of every cell that is not ok: the first that shows why. */
  readonly results: readonly (CellResult & { readonly standing: Standing; readonly rounds: Rounds })[];
}

/** One JSON document for machines, after the last event: verdict, numbers, and every result that is not ok. */
export function jsonReporter(write: (text: string) => void, baseline?: Baseline): Reporter {
  const comparison = startComparison(baseline);
  return {
    name: 'json',
    on: (event) => comparison.add(event),
    end() {
      const { matrix } = comparison;
      const changes = comparison.changes();
      const numbers = tally(matrix);
      const report: JsonReport = {
        healthy: isHealthy(numbers),
        verdict: verdict(matrix, changes),
        tally: numbers,
        blame: linesOfBlame(matrix),
        ...(changes && { changes }),
        results: matrix.notable.map((result) => ({
          standing: matrix.standings.get(cellId(result)) ?? 'missing',
          rounds: matrix.rounds.get(cellId(result)) ?? { played: 0, passed: 0 },
          ...result,
        })),
      };
      write(`${JSON.stringify(report, null, 2)}\n`);
    },
  };
}
