import { tally } from '../matrix.ts';
import { cellId } from '../model/cell.ts';
import type { Role } from '../model/peer.ts';
import { type Check, Wrong } from './check.ts';
import { play } from './play.ts';
import { problemOf } from './verdict.ts';
import type { Ward } from './ward.ts';

/** Of so many that fail it is said why; of the others, that they do. */
const told = 3;

/**
 * Plays all that the peer claims to be able to, as the matrix will. Listed failures are
 * known here, too.
 */
export function everyScenarioCheck(ward: Ward, role: Role, needs: readonly Check[]): Check {
  return {
    name: `${role} passes every scenario that it claims`,
    section: ward.section,
    needs,
    hint: `docs/peer-contract.md says what each feature means; what the library cannot do is not claimed, or listed in ledger.json with a link`,
    async run(signal) {
      const { matrix } = await play(ward, role, ward.scenarios, signal);
      const { ok, known, unsupported, missing, planned } = tally(matrix);
      // One that is listed and passes may fail beside another partner.
      const wrong = matrix.notable.filter((result) => {
        const standing = matrix.standings.get(cellId(result));
        return result.outcome.kind !== 'passed' && (standing === 'unexpected' || standing === 'broken');
      });
      const problems = wrong.map((result) => [result.scenario, problemOf(result)] as const);
      if (missing > 0) throw new Wrong(`${missing} of ${planned} scenarios did not run`);
      if (problems.length === 0) return remark(planned - known - unsupported, known, unsupported);
      throw new Wrong(
        [
          `${problems.length} of ${planned - unsupported} failed, ${ok} passed`,
          ...problems.slice(0, told).map(([scenario, problem]) => `${scenario}: ${problem}`),
          ...(problems.length > told
            ? [
                `and ${problems
                  .slice(told)
                  .map(([scenario]) => scenario)
                  .join(' ')}`,
              ]
            : []),
        ].join('\n'),
      );
    },
  };
}

function remark(passed: number, known: number, unsupported: number): string {
  return [
    `${passed} passed`,
    known > 0 && `${known} listed in ledger.json`,
    unsupported > 0 && `${unsupported} not claimed`,
  ]
    .filter(Boolean)
    .join(', ');
}
