import { string } from '../../session/codec.ts';
import { dial } from '../caller.ts';
import { beginWaiting, loadWaiting } from '../calls.ts';
import { type Check, NotTried } from '../check.ts';
import { answered, answerTo, attendServer, finished } from '../listening.ts';
import type { Subject } from '../subject.ts';

/** "A slow instruction (`drain`) holds up nothing." */
export function drainCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server takes lines while it drains',
    section: subject.section,
    needs,
    hint: 'a drain waits for the calls in flight: carry it out beside the loop that reads lines, and answer it when they have ended',
    async run(signal) {
      const { limits, peer } = subject;
      const unclaimed = (['scripts', 'drain'] as const).find((each) => !peer.server?.features.includes(each));
      if (unclaimed) throw new NotTried(`the server does not claim ${unclaimed}`);
      await using server = await attendServer(subject, signal);
      await answered(subject, server, 'load', loadWaiting, signal);
      await using caller = await dial(server.address, limits.callMs, signal);
      const slow = await beginWaiting(caller);
      server.instruct('drain', { drain: { port: server.port } });
      server.instruct('flush', { flush: {} });
      const first = await server.heard(
        'the answer to "flush" during a drain',
        (json) => ['flush', 'drain'].find((id) => answerTo(json, id)),
        limits.recordMs,
        signal,
      );
      await finished(server, slow);
      const drained = await server.heard(
        'the answer to "drain"',
        (json) => answerTo(json, 'drain'),
        limits.recordMs,
        signal,
      );
      const refused = string(drained, 'refused');
      if (refused !== '') throw server.fault(`refused the instruction "drain": ${refused}`);
      if (first === 'drain') throw server.fault('answered "flush" only when the drain before it had ended');
      return '';
    },
  };
}
