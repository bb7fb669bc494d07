import type { Role } from '../../model/peer.ts';
import { string } from '../../session/codec.ts';
import type { Check } from '../check.ts';
import { answerTo, attendReady, endOf } from '../listening.ts';
import type { Subject } from '../subject.ts';

/** What comes at standard input and means nothing: the line, and the id of its answer. */
const nonsense: readonly (readonly [line: string, id: string])[] = [
  ['nonsense', ''],
  ['{"unheardOf":{}}', ''],
  ['{"id":"unheard","unheardOf":{}}', 'unheard'],
];

/** "What is unknown, has something the peer does not know, or fails, is refused." */
export function unknownLinesCheck(subject: Subject, role: Role, needs: readonly Check[]): Check {
  return {
    name: `${role} refuses what it does not know`,
    section: subject.section,
    needs,
    hint: 'answer each line that is no call by {"answer":{"id":ID,"refused":WHY}} when it is unknown, with an empty id when the line has none or is no JSON; go on',
    async run(signal) {
      await using program = await attendReady(subject, role, signal);
      for (const [index, [line, id]] of nonsense.entries()) {
        program.say(line);
        // Of those without an id, so many are to be there.
        const wanted = nonsense.slice(0, index + 1).filter(([, each]) => each === id).length;
        let refusals = 0;
        const refused = await program.heard(
          `an answer to the line ${line}`,
          (json) => {
            const answer = answerTo(json, id);
            return answer && ++refusals === wanted ? answer : undefined;
          },
          subject.limits.callMs,
          signal,
        );
        if (string(refused, 'refused') === '')
          throw program.fault(`answered the line ${line} without "refused"`);
      }
      return '';
    },
  };
}

/** "A call with something that the client does not know is ended with unsupported." */
export function unknownCallCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'client answers a call that it does not know how to make',
    section: subject.section,
    needs,
    hint: 'end a call with a compression or a method that is not known by {"ended":{"id":ID,"unsupported":WHAT}}: no crash, no silence',
    async run(signal) {
      await using client = await attendReady(subject, 'client', signal);
      const nowhere = `${await subject.starter.harnessHost()}:1`;
      client.instruct('unknown', {
        call: { channel: { address: nowhere }, method: '/nobody.Knows/It', steps: [{ send: '' }] },
      });
      const ended = await client.heard(
        'the end of a call of a method that nobody knows',
        (json) => endOf(json, 'unknown'),
        subject.limits.callMs,
        signal,
      );
      if (string(ended, 'unsupported') === '')
        throw client.fault('ended a call of a method that the types do not have without "unsupported"');
      return '';
    },
  };
}
