import { cellId } from '../../model/cell.ts';
import type { CellResult } from '../../model/event.ts';
import type { Role } from '../../model/peer.ts';
import { type Matrix, tally } from '../../outcome/matrix.ts';
import { reasonOf } from '../../outcome/reason.ts';
import { count } from '../../report/text.ts';
import { type Check, Wrong } from '../check.ts';
import { scenarios } from '../contracts.ts';
import { play } from '../play.ts';
import { problemOf } from '../problem.ts';
import type { Subject } from '../subject.ts';

/** Of so many reasons it is said what came instead; of the others, in which scenarios. */
const told = 3;

/**
 * Plays all that the peer claims to be able to, as the matrix will. Listed failures are
 * known here, too.
 */
export function allScenariosCheck(subject: Subject, role: Role, needs: readonly Check[]): Check {
  return {
    name: `${role} passes every scenario that it claims`,
    section: subject.section,
    needs,
    hint: 'docs/peer-contract.md says what each feature means: what is not written yet is not claimed yet. What the library itself does otherwise is listed in ledger.json, with a link',
    async run(signal) {
      const { matrix } = await play(subject, role, subject.scenarios, signal);
      const { ok, known, unsupported, missing, planned } = tally(matrix);
      if (missing > 0) throw new Wrong(`${missing} of ${planned} scenarios did not run`);
      const wrong = wrongIn(matrix);
      if (wrong.length === 0) return remark(planned - known - unsupported, known, unsupported);
      throw new Wrong(
        [
          `${wrong.length} of ${planned - unsupported} failed, ${ok} passed`,
          ...unwritten(subject, role, matrix, wrong),
          ...reasons(wrong),
        ].join('\n'),
      );
    },
  };
}

/** One that is listed and passes may fail beside another partner. */
function wrongIn(matrix: Matrix): readonly CellResult[] {
  return matrix.notable.filter((result) => {
    const standing = matrix.standings.get(cellId(result));
    return result.outcome.kind !== 'passed' && (standing === 'unexpected' || standing === 'broken');
  });
}

/** Features of which nothing works are most likely not there. */
function unwritten(
  { peer }: Subject,
  role: Role,
  matrix: Matrix,
  wrong: readonly CellResult[],
): readonly string[] {
  const played = new Set(
    matrix.started?.cells.filter((cell) => !cell.unsupported).map((cell) => cell.scenario),
  );
  const failed = new Set(wrong.map(({ scenario }) => scenario));
  return (peer[role]?.features ?? []).flatMap((feature) => {
    const own = scenarios.filter(
      ({ name, needs }) => played.has(name) && needs[role].some((need) => need === feature),
    );
    if (own.length < 2 || own.some(({ name }) => !failed.has(name))) return [];
    return [`none of the ${own.length} scenarios that need ${feature} passes: is it written?`];
  });
}

/** One scenario for each reason in full, and the names of those that fail alike. */
function reasons(wrong: readonly CellResult[]): readonly string[] {
  const groups = [...Map.groupBy(wrong, reasonOf).values()];
  const others = groups.slice(told).flatMap((group) => group.map(({ scenario }) => scenario));
  return [
    ...groups.slice(0, told).flatMap(([first, ...alike]) => {
      if (!first) return [];
      const more = alike.map(({ scenario }) => scenario).join(' ');
      return [`${first.scenario}: ${problemOf(first)}`, ...(more ? [`  and alike ${more}`] : [])];
    }),
    ...(others.length > 0 ? [`${count(others.length, 'other')}: ${others.join(' ')}`] : []),
  ];
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
