import type { Role } from '../model/peer.ts';
import { Code, codeName } from '../model/status.ts';
import { encodeRequest } from '../saboteurs/message.ts';
import { pickOne } from '../scenarios/build.ts';
import { encodeCall, object } from '../session/codec.ts';
import { type Attended, attend } from './attended.ts';
import { answerText, dial } from './caller.ts';
import { type Check, NotTried, Wrong } from './check.ts';
import { lineOf, plain, waitMs } from './in-flight.ts';
import { partner } from './partner.ts';
import { attendServer } from './server-program.ts';
import { until, within } from './until.ts';
import type { Ward } from './ward.ts';

const stopHint =
  'stop means: take no new calls, finish those in flight, for 5 s at most, then exit with code 0';

/** "End of standard input means stop" */
export function endOfInputCheck(ward: Ward, role: Role, needs: readonly Check[]): Check {
  return {
    name: `${role} stops at the end of its input`,
    section: ward.section,
    needs,
    hint: 'read standard input to its end, also when nothing is done with it; then stop with exit code 0',
    async run(signal) {
      const { launcher, peer } = ward;
      await using running =
        role === 'server' ? await launcher.serve(peer, signal) : await launcher.connect(peer, signal);
      const problem = await until(signal, running.stop());
      if (problem) throw new Wrong(problem);
      return '';
    },
  };
}

/** The call of a server that has got SIGTERM is answered all the same. */
export function serverTerminateCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server finishes a call in flight on SIGTERM',
    section: ward.section,
    needs,
    hint: stopHint,
    async run(signal) {
      if (!ward.peer.server?.features.includes('wait')) throw new NotTried('the server does not claim wait');
      await using server = await attendServer(ward, signal);
      await using caller = await dial(server.address, ward.limits.callMs, signal);
      // A server may refuse the first stream, which is then opened again.
      await plain(caller, 'Cyber');
      const first = caller.begin(pickOne, { 'stitch-wait-ms': String(waitMs) });
      const waiting = first.finish(encodeRequest('Stitch'));
      // It came behind the first, so the first is there as well.
      await plain(caller, 'Gigi');
      await server.terminate();
      const answer = await waiting;
      if (answer.code !== Code.OK || !answer.reply)
        throw server.fault(`ended the call in flight with ${answerText(answer)}: wanted OK and a row`);
      await endsWell(ward, server, signal);
      return '';
    },
  };
}

/** The call of a client that has got SIGTERM is told of all the same. */
export function clientTerminateCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'client finishes a call in flight on SIGTERM',
    section: ward.section,
    needs,
    hint: stopHint,
    async run(signal) {
      await using server = await ward.launcher.serve(partner, signal);
      await using client = await attend(ward, ward.peer, 'client');
      const heard = (what: string, find: Parameters<typeof client.heard<number>>[1]) =>
        client.heard(what, find, ward.limits.readyMs, signal);
      await heard('its "ready" line', (json) => (object(json, 'ready') ? 0 : undefined));
      client.say(encodeCall(lineOf(server.address, 'waiting', 'Stitch', waitMs)));
      client.say(encodeCall(lineOf(server.address, 'beside', 'Gigi')));
      await heard('the end of a call', (json) => codeOf(json, 'beside'));
      await client.terminate();
      const code = await heard('the end of the call in flight', (json) => codeOf(json, 'waiting'));
      if (code !== Code.OK) throw client.fault(`ended the call in flight with ${codeName(code)}: wanted OK`);
      await endsWell(ward, client, signal);
      return '';
    },
  };
}

/** The code of the call's `ended` line; absent members have their default. */
function codeOf(json: Readonly<Record<string, unknown>>, id: string): number | undefined {
  const ended = object(json, 'ended');
  return ended?.id === id ? Number(ended.code ?? 0) : undefined;
}

async function endsWell({ limits }: Ward, program: Attended, signal: AbortSignal): Promise<void> {
  const ending = await within(limits.stopMs, signal, program.ended);
  if (!ending) throw program.fault(`did not stop within ${limits.stopMs} ms of SIGTERM`);
  if (!ending.clean) throw program.fault(`stopped with ${ending.how} on SIGTERM: wanted exit code 0`);
}
