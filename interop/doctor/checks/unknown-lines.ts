import type { Role } from '../../model/peer.ts';
import { string } from '../../session/codec.ts';
import type { Check } from '../check.ts';
import { answerTo, attendReady } from '../listening.ts';
import type { Subject } from '../subject.ts';

/** What comes at standard input and cannot be done: the line, and the id of its answer. */
type Nonsense = readonly [line: string, id: string];

const either: readonly Nonsense[] = [
  ['nonsense', ''],
  ['{"unheardOf":{}}', ''],
  ['{"id":"unheard","unheardOf":{}}', 'unheard'],
];

const nonsense: Readonly<Record<Role, readonly Nonsense[]>> = {
  client: either,
  // A server that knows TLS knows that these are no certificates. One that does not must not listen without.
  server: [
    ...either,
    ['{"id":"tls","listen":{"host":"127.0.0.1","tls":{"cert":"none","key":"none"}}}', 'tls'],
  ],
};

/** "refused when it is unknown, has something the peer does not know, or fails" */
export function unknownLinesCheck(subject: Subject, role: Role, needs: readonly Check[]): Check {
  return {
    name: `${role} refuses what it does not know`,
    section: subject.section,
    needs,
    hint: 'answer a line that is no call by {"answer":{"id":ID,"refused":WHY}} when it is unknown or has a member that you do not obey, with an empty id when it has none or is no JSON; go on',
    async run(signal) {
      await using program = await attendReady(subject, role, signal);
      const lines = nonsense[role];
      for (const [index, [line, id]] of lines.entries()) {
        program.say(line);
        // Of those without an id, so many are to be there.
        const wanted = lines.slice(0, index + 1).filter(([, each]) => each === id).length;
        let answers = 0;
        const answer = await program.heard(
          `an answer to the line ${line}`,
          (json) => {
            const found = answerTo(json, id);
            return found && ++answers === wanted ? found : undefined;
          },
          subject.limits.recordMs,
          signal,
        );
        if (string(answer, 'refused') === '')
          throw program.fault(`answered the line ${line} without "refused"`);
      }
      return '';
    },
  };
}
