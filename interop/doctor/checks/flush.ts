import type { Check } from '../check.ts';
import { answered, attendServer } from '../listening.ts';
import type { Subject } from '../subject.ts';

/** What every run asks of a server between its calls. */
export function flushCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server answers flush',
    section: subject.section,
    needs,
    hint: 'read standard input line by line, and answer {"id":ID,"flush":{}} by {"answer":{"id":ID}}, flushed; the calls of a run wait for it',
    async run(signal) {
      await using server = await attendServer(subject, signal);
      await answered(subject, server, 'flush', { flush: {} }, signal);
      return '';
    },
  };
}
