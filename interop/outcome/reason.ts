import type { CellResult } from '../model/event.ts';

/**
 * Why a cell is not ok, without what differs from run to run: two results of the same
 * reason give the same text, which is for comparing only. Empty without a result.
 */
export function reasonOf(result: CellResult | undefined): string {
  if (!result) return '';
  const { outcome } = result;
  switch (outcome.kind) {
    case 'failed': {
      const differences = outcome.mismatches.map(({ witness, what, call }) => `${witness} ${what} ${call}`);
      return JSON.stringify(['failed', outcome.blame.side, [...new Set(differences)].toSorted()]);
    }
    case 'broken':
      return JSON.stringify(['broken', outcome.by, outcome.stage]);
    case 'unsupported':
      return JSON.stringify(['unsupported', outcome.by, outcome.feature]);
    case 'passed':
      return 'passed';
    default:
      return outcome satisfies never;
  }
}
