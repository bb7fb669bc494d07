import type { Role } from '../../model/peer.ts';
import { type Check, Wrong } from '../check.ts';
import { play } from '../play.ts';
import { problemOf } from '../problem.ts';
import type { Subject } from '../subject.ts';

/** Plays one scenario as a run would, the peer in that role and the harness in the other. */
export function scenarioCheck(
  subject: Subject,
  role: Role,
  { name, scenario, hint, needs }: Pick<Check, 'name' | 'hint' | 'needs'> & { readonly scenario: string },
): Check {
  return {
    name,
    section: subject.section,
    needs,
    hint,
    async run(signal) {
      const { results } = await play(subject, role, [scenario], signal);
      const [result] = results;
      const problem = result ? problemOf(result) : `${scenario} did not run`;
      if (problem !== undefined) throw new Wrong(problem);
      return '';
    },
  };
}
