import { object } from '../../session/codec.ts';
import { dial } from '../caller.ts';
import { plain } from '../calls.ts';
import type { Check } from '../check.ts';
import { attendServer } from '../listening.ts';
import type { Subject } from '../subject.ts';

/** "Each line is flushed as it is written", before the answer: nothing is asked of the server that would flush it. */
export function servedCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server tells of a call at once',
    section: subject.section,
    needs,
    hint: 'write one "served" line a call before the status goes to the library, and flush it: standard output is a pipe, which most languages buffer',
    async run(signal) {
      await using server = await attendServer(subject, signal);
      await using caller = await dial(server.address, subject.limits.callMs, signal);
      await plain(caller, 'Stitch');
      await server.heard(
        'its "served" line',
        (json) => object(json, 'served'),
        subject.limits.recordMs,
        signal,
      );
      return '';
    },
  };
}
