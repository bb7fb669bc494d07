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
      const first = wrongIn(matrix);
      const wrong = await thatStays(first, subject, role, signal);
      const races = first.filter((result) => !wrong.includes(result)).map(({ scenario }) => scenario);
      if (wrong.length === 0) return remark(planned - known - unsupported, known, unsupported, races);
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

/** A race concerns few scenarios. */
const maxRaces = 3;

/** What fails again when it is played again: what does not was a race, which is told and is no fault. */
async function thatStays(
  wrong: readonly CellResult[],
  subject: Subject,
  role: Role,
  signal: AbortSignal,
): Promise<readonly CellResult[]> {
  if (wrong.length === 0 || wrong.length > maxRaces) return wrong;
  const names = wrong.map(({ scenario }) => scenario);
  const { results } = await play(subject, role, names, signal);
  const passed = results.filter(({ outcome }) => outcome.kind === 'passed').map(({ scenario }) => scenario);
  return wrong.filter(({ scenario }) => !passed.includes(scenario));
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

function remark(passed: number, known: number, unsupported: number, races: readonly string[]): string {
  return [
    `${passed} passed`,
    known > 0 && `${known} listed in ledger.json`,
    unsupported > 0 && `${unsupported} not claimed`,
    races.length > 0 && `of these only the second time ${races.join(' ')}`,
  ]
    .filter(Boolean)
    .join(', ');
}
