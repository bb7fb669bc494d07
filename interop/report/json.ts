import { type BlameLine, linesOfBlame } from '../blame.ts';
import type { Rounds } from '../flake.ts';
import { isHealthy, type Standing, startFold, type Tally, tally } from '../matrix.ts';
import { cellId } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import type { Reporter } from './reporter.ts';
import { verdict } from './verdict.ts';

/** What `--json` prints. */
export interface JsonReport {
  /** The exit code is 0. */
  readonly healthy: boolean;
  /** The sentence that every output begins or ends with. */
  readonly verdict: string;
  readonly tally: Tally;
  readonly blame: readonly BlameLine[];
  /** One result of every cell that is not ok: the first that shows why. */
  readonly results: readonly (CellResult & { readonly standing: Standing; readonly rounds: Rounds })[];
}

/** One JSON document for machines, after the last event: verdict, numbers, and every result that is not ok. */
export function jsonReporter(write: (text: string) => void): Reporter {
  const fold = startFold();
  return {
    name: 'json',
    on: (event) => fold.add(event),
    end() {
      const { matrix } = fold;
      const numbers = tally(matrix);
      const report: JsonReport = {
        healthy: isHealthy(numbers),
        verdict: verdict(matrix),
        tally: numbers,
        blame: linesOfBlame(matrix),
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
