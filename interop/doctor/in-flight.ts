import type { Call } from '../model/call.ts';
import { Code, codeName } from '../model/status.ts';
import { encodeRequest } from '../saboteurs/message.ts';
import { pickOne, call as spec } from '../scenarios/build.ts';
import { type Answer, answerText, type Caller, dial } from './caller.ts';
import { type Check, NotTried } from './check.ts';
import { partner } from './partner.ts';
import { attendServer } from './server-program.ts';
import { until } from './until.ts';
import { fault, type Ward } from './ward.ts';

/** Longer than a plain call takes that is made meanwhile, and shorter than the bound of a call. */
export const waitMs = 1_000;

const oneThread =
  'a call must not wait for the one before it: threads enough, or calls that do not block one. One that waits (stitch-wait-ms) has no deadline here, however the library tells that';

/** A second call is answered while a first one is still going on. */
export function serverInFlightCheck(ward: Ward, needs: readonly Check[]): Check {
  const waits = ward.peer.server?.features.includes('wait');
  return {
    name: 'server has two calls in flight',
    section: ward.section,
    needs,
    hint: oneThread,
    async run(signal) {
      await using server = await attendServer(ward, signal);
      await using caller = await dial(server.address, ward.limits.callMs, signal);
      // The first call of a program may take long.
      const alone = await plain(caller, 'Stitch');
      if (alone.code !== Code.OK) throw new NotTried(`it answers a call alone with ${answerText(alone)}`);
      const first = caller.begin(pickOne, waits ? { 'stitch-wait-ms': String(waitMs) } : {});
      const startedAt = performance.now();
      const waiting = waits ? first.finish(encodeRequest('Stitch')) : undefined;
      const ended = waiting?.then((answer) => ({ answer, ms: performance.now() - startedAt }));
      const second = plain(caller, 'Gigi');
      const isSerial = ended && !(await Promise.race([second.then(() => true), ended.then(() => false)]));
      const beside = await second;
      const waited = await ended;
      if (waited?.answer.code === Code.OK && waited.ms < waitMs * 0.9)
        throw server.fault(
          `answered after ${Math.round(waited.ms)} ms a call that told it to wait ${waitMs} ms: it claims wait, and does not obey stitch-wait-ms`,
        );
      if (isSerial && waited?.answer.code === Code.OK)
        throw server.fault('answered a call only when the one before it, which waits, had ended');
      okay(beside, 'a call beside another');
      okay(
        waited?.answer ?? (await first.finish(encodeRequest('Stitch'))),
        'a call with another one beside it',
      );
      return waits ? '' : 'the first was held open half-way, since the server does not claim wait';

      function okay(answer: Answer, which: string): void {
        if (answer.code !== Code.OK || !answer.reply)
          throw server.fault(`answered ${which} with ${answerText(answer)}: wanted OK and a row`);
      }
    },
  };
}

export function plain(caller: Caller, name: string): Promise<Answer> {
  return caller.begin(pickOne).finish(encodeRequest(name));
}

/** A second call ends while a first one is still going on. */
export function clientInFlightCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'client has two calls in flight',
    section: ward.section,
    needs,
    hint: 'read the next line while calls are in flight; their ends are told in whatever order they come',
    async run(signal) {
      await using server = await ward.launcher.serve(partner, signal);
      await using client = await ward.launcher.connect(ward.peer, signal);
      const make = async (id: string, name: string, wait?: number) => {
        const record = await client.call(lineOf(server.address, id, name, wait));
        if (record.code !== Code.OK)
          throw fault(ward, 'client', `ended call ${id} with ${codeName(record.code)}: ${record.message}`);
        return id;
      };
      await until(signal, make('first', 'Stitch'));
      const waiting = make('waiting', 'Stitch', waitMs);
      const earlier = await until(signal, Promise.race([waiting, make('beside', 'Gigi')]));
      if (earlier === 'waiting')
        throw fault(ward, 'client', 'ended a call only when the one before it, which waits, had ended');
      await until(signal, waiting);
      return '';
    },
  };
}

/** A call of that name that the harness's server answers after so long. */
export function lineOf(address: string, id: string, name: string, wait?: number): Call {
  const instruction = wait === undefined ? [] : [{ key: 'stitch-wait-ms', text: String(wait) }];
  const metadata = [{ key: 'stitch-call-id', text: id }, ...instruction];
  return { ...spec(name), id, address, channel: 'doctor', metadata };
}
