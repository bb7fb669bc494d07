import { linesOfBlame } from '../blame.ts';
import { isHealthy, startFold, tally } from '../matrix.ts';
import { cellId } from '../model/cell.ts';
import type { Reporter } from './reporter.ts';
import { verdict } from './verdict.ts';

/** One JSON document for machines, after the last event: verdict, numbers, and every result that is not ok. */
export function jsonReporter(write: (text: string) => void): Reporter {
  const fold = startFold();
  return {
    name: 'json',
    on: (event) => fold.add(event),
    end() {
      const { matrix } = fold;
      const numbers = tally(matrix);
      const results = matrix.notable.map((result) => ({
        standing: matrix.standings.get(cellId(result)),
        ...result,
      }));
      write(
        `${JSON.stringify({ healthy: isHealthy(numbers), verdict: verdict(matrix), tally: numbers, blame: linesOfBlame(matrix), results }, null, 2)}\n`,
      );
    },
  };
}
