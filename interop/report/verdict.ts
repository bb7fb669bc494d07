import type { Changes } from '../outcome/baseline.ts';
import { isHealthy, type Matrix, type Tally, tally } from '../outcome/matrix.ts';
import { sinceText } from './changes.ts';
import { count, duration } from './text.ts';

/** The one sentence that every output begins or ends with; with a baseline, whether anything is a regression. */
export function verdict(matrix: Matrix, changes?: Changes): string {
  const numbers = tally(matrix);
  const time = matrix.finished ? ` in ${duration(matrix.finished.durationMs)}` : '';
  const played = matrix.started?.rounds ?? 1;
  const rounds = played > 1 ? ` in each of ${played} rounds` : '';
  const parts = [
    `${numbers.ok} of ${numbers.planned} planned cells passed${rounds}${time}`,
    ...exceptions(numbers),
  ];
  if (matrix.finished?.stopped) parts.push(`stopped by ${matrix.finished.stopped}`);
  else if (!matrix.finished) parts.push('the log ends before the run does');
  const { unexpected, broken, flaky, missing, problems } = numbers;
  const isExplained = unexpected + broken + flaky + missing + problems.length > 0 || !numbers.complete;
  if (!isHealthy(numbers) && !isExplained) parts.push('nothing passed');
  if (changes) {
    const { regressions, since } = changes;
    parts.push(
      `${regressions === 0 ? 'no regression' : count(regressions, 'regression')} since ${sinceText(since)}`,
    );
  }
  return parts.join('; ');
}

function exceptions(numbers: Tally): string[] {
  return [
    numbers.unexpected > 0 && count(numbers.unexpected, 'unexpected result'),
    numbers.broken > 0 && `${numbers.broken} broken`,
    numbers.flaky > 0 && `${numbers.flaky} flaky`,
    numbers.known > 0 && count(numbers.known, 'known failure'),
    numbers.unsupported > 0 && `${numbers.unsupported} unsupported`,
    numbers.missing > 0 && `${numbers.missing} missing`,
    numbers.problems.length > 0 && count(numbers.problems.length, 'problem'),
  ].filter((part) => part !== false);
}
