import { string } from '../../session/codec.ts';
import { type Check, NotTried } from '../check.ts';
import { answerTo, attendReady, attendServer } from '../listening.ts';
import type { Subject } from '../subject.ts';

/** "A port that another program listens on is refused": a second server is told to listen on the port of the first. */
export function portCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server refuses a port that is taken',
    section: subject.section,
    needs,
    hint: 'answer "listen" by "refused", with what the system says; SO_REUSEPORT, which some libraries set, is off',
    async run(signal) {
      if (subject.starter.kind === 'container') throw new NotTried('each container has ports of its own');
      await using first = await attendServer(subject, signal);
      await using second = await attendReady(subject, 'server', signal);
      second.instruct('taken', { listen: { host: subject.starter.listenHost, port: first.port } });
      const taken = `port ${first.port}, on which another one listens`;
      const answer = await second.heard(
        `an answer to "listen" on ${taken},`,
        (json) => answerTo(json, 'taken'),
        subject.limits.recordMs,
        signal,
      );
      if (string(answer, 'refused') === '') throw second.fault(`says that it listens on ${taken}`);
      return '';
    },
  };
}
