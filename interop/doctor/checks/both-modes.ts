import type { CellResult } from '../../model/event.ts';
import type { Role } from '../../model/peer.ts';
import { reasonOf } from '../../outcome/reason.ts';
import { type Check, NotTried, Wrong } from '../check.ts';
import { play } from '../play.ts';
import type { Subject } from '../subject.ts';

/** Rows, a name that nobody has, text outside of ASCII, bytes, compression. Nothing that is timed: it may differ by itself. */
const sample = [
  'pick/cyber',
  'pick/stitch',
  'unknown/nobody',
  'unknown/emoji',
  'metadata/request-binary',
  'status/message-cjk',
  'status/after-headers',
  'gzip/response',
  'streams/ping-pong',
];

/** The same scenarios come to the same, whichever way the peer was started. */
export function bothModesCheck(one: Subject, other: Subject, needs: readonly Check[]): Check {
  return {
    name: 'behaves the same in both',
    section: 'as a process and in a container',
    needs,
    hint: 'the same program with the same arguments: compare what the Dockerfile installs with what "build" does',
    async run(signal) {
      const roles = (['server', 'client'] as const).filter((role) => one.peer[role]);
      const differences: string[] = [];
      const played: CellResult[] = [];
      for (const role of roles) {
        const [{ results: here }, { results: there }] = await Promise.all([
          play(one, role, sample, signal),
          play(other, role, sample, signal),
        ]);
        const ours = [...here, ...there].find(
          ({ outcome }) => outcome.kind === 'broken' && outcome.by === 'harness',
        );
        if (ours?.outcome.kind === 'broken') throw new NotTried(ours.outcome.reason);
        played.push(...here);
        differences.push(...differing(role, [one, here], [other, there]));
      }
      if (differences.length > 0) throw new Wrong(differences.join('\n'));
      if (!played.some(({ outcome }) => outcome.kind === 'passed'))
        throw new NotTried(`none of ${played.length} cells passes in either`);
      return `${played.length} cells`;
    },
  };
}

type Side = readonly [subject: Subject, results: readonly CellResult[]];

function differing(role: Role, [one, here]: Side, [other, there]: Side): readonly string[] {
  return sample.flatMap((scenario) => {
    const [a, b] = [here, there].map((results) => results.find((each) => each.scenario === scenario));
    if (reasonOf(a) === reasonOf(b)) return [];
    return `${scenario} as the ${role}: ${kindOf(a)} ${one.section}, ${kindOf(b)} ${other.section}`;
  });
}

function kindOf(result: CellResult | undefined): string {
  return result?.outcome.kind ?? 'missing';
}

/** Stands in the list when there is one way only. */
export function oneModeCheck(why: string): Check {
  return {
    name: 'behaves the same in both',
    section: 'as a process and in a container',
    needs: [],
    hint: '',
    async run() {
      throw new NotTried(why);
    },
  };
}
