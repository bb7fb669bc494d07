import { cellId } from '../model/cell.ts';
import type { CellResult } from '../model/event.ts';
import { flakeRate } from '../outcome/flake.ts';
import type { Matrix } from '../outcome/matrix.ts';
import { count } from './text.ts';

/** `it passed in 17 of 20 rounds: it fails in 15% of them, 5% to 36% at 95% confidence`. */
export function flakyText(place: Pick<CellResult, 'client' | 'server' | 'scenario'>, matrix: Matrix): string {
  const rounds = matrix.rounds.get(cellId(place));
  if (!rounds) return 'it was not played';
  const { passed, played } = rounds;
  const { rate, low, high } = flakeRate(rounds);
  if (passed === played)
    return `it passed in all of ${count(played, 'round')}: it fails in at most ${percent(high)} of them at 95% confidence`;
  const share = `it fails in ${percent(rate)} of them, ${percent(low)} to ${percent(high)} at 95% confidence`;
  return `it passed in ${passed} of ${count(played, 'round')}: ${share}`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
