import type { Role } from '../../model/peer.ts';
import { Code, codeName } from '../../model/status.ts';
import { encodeCall } from '../../session/codec.ts';
import { dial } from '../caller.ts';
import { beginWaiting, callOf, loadWaiting, waiting } from '../calls.ts';
import { type Check, NotTried, Wrong } from '../check.ts';
import { answered, attendReady, attendServer, codeOf, endOf, finished } from '../listening.ts';
import { partner } from '../partner.ts';
import type { Attended } from '../program.ts';
import type { Subject } from '../subject.ts';
import { until, within } from '../until.ts';

const stopHint =
  'stop means: take no new calls, finish those in flight, for 5 s at most, then exit with code 0';

/** "End of standard input means stop" */
export function endOfInputCheck(subject: Subject, role: Role, needs: readonly Check[]): Check {
  return {
    name: `${role} stops at the end of its input`,
    section: subject.section,
    needs,
    hint: 'read standard input to its end, also when nothing is done with it; then stop with exit code 0',
    async run(signal) {
      const { launcher, peer } = subject;
      await using running =
        role === 'server' ? await launcher.serve(peer, signal) : await launcher.connect(peer, signal);
      const problem = await until(signal, running.stop());
      if (problem) throw new Wrong(problem);
      return '';
    },
  };
}

/** The call of a server that has got SIGTERM is answered all the same. */
export function serverTerminateCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'server finishes a call in flight on SIGTERM',
    section: subject.section,
    needs,
    hint: stopHint,
    async run(signal) {
      if (!subject.peer.server?.features.includes('scripts'))
        throw new NotTried('the server does not claim scripts');
      await using server = await attendServer(subject, signal);
      await answered(subject, server, 'load', loadWaiting, signal);
      await using caller = await dial(server.address, subject.limits.callMs, signal);
      const slow = await beginWaiting(caller);
      await server.terminate();
      await finished(server, slow);
      await endsWell(subject, server, signal);
      return '';
    },
  };
}

/** The call of a client that has got SIGTERM is told of all the same. */
export function clientTerminateCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'client finishes a call in flight on SIGTERM',
    section: subject.section,
    needs,
    hint: stopHint,
    async run(signal) {
      await using server = await subject.launcher.serve(partner, signal);
      await server.load(waiting);
      await using client = await attendReady(subject, 'client', signal);
      const ended = (what: string, id: string) =>
        client.heard(what, (json) => endOf(json, id), subject.limits.callMs, signal);
      client.say(encodeCall(callOf(server.address, 'waiting', 'Stitch', true)));
      client.say(encodeCall(callOf(server.address, 'beside', 'Gigi')));
      await ended('the end of a call', 'beside');
      await client.terminate();
      const code = codeOf(await ended('the end of the call in flight', 'waiting'));
      if (code !== Code.OK) throw client.fault(`ended the call in flight with ${codeName(code)}: wanted OK`);
      await endsWell(subject, client, signal);
      return '';
    },
  };
}

async function endsWell({ limits }: Subject, program: Attended, signal: AbortSignal): Promise<void> {
  const ending = await within(limits.stopMs, signal, program.ended, program);
  if (!ending) throw program.fault(`did not stop within ${limits.stopMs} ms of SIGTERM`);
  if (!ending.clean) throw program.fault(`stopped with ${ending.how} on SIGTERM: wanted exit code 0`);
}
