import { duration } from '../../report/text.ts';
import type { Check } from '../check.ts';
import type { Subject } from '../subject.ts';

/** What is asked of a server that knows nothing of the harness before it is called. */
export function speaksCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server speaks HTTP/2 at its port',
    section: subject.section,
    needs,
    hint: 'it must listen on the {host} and {port} of its arguments, without encryption',
    async run(signal) {
      await using server = await subject.launcher.serve(subject.peer, signal);
      return duration(server.startupMs);
    },
  };
}
