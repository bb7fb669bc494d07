import { Code, codeName } from '../../model/status.ts';
import { answerText, dial } from '../caller.ts';
import { callOf, loadWaiting, namesWaiting, pickOne, plain, requestOf, waiting, waitMs } from '../calls.ts';
import { type Check, NotTried } from '../check.ts';
import { answered, attendServer } from '../listening.ts';
import { partner } from '../partner.ts';
import { fault, type Subject } from '../subject.ts';
import { until } from '../until.ts';

const oneThread =
  'a call must not wait for the one before it: threads enough, or calls that do not block one. One that waits has no deadline here, however the library tells that';

/** A second call is answered while a first one is still going on. */
export function serverInFlightCheck(subject: Subject, needs: readonly Check[]): Check {
  const waits = subject.peer.server?.features.includes('scripts') ?? false;
  return {
    name: 'server has two calls in flight',
    section: subject.section,
    needs,
    hint: oneThread,
    async run(signal) {
      await using server = await attendServer(subject, signal);
      if (waits) await answered(subject, server, 'load', loadWaiting, signal);
      await using caller = await dial(server.address, subject.limits.callMs, signal);
      // The first call of a program may take long.
      const alone = await plain(caller, 'Stitch');
      if (alone.code !== Code.OK) throw new NotTried(`it answers a call alone with ${answerText(alone)}`);
      const first = caller.begin(pickOne, waits ? namesWaiting : {});
      const startedAt = performance.now();
      const slow = waits ? first.finish(requestOf('Stitch')) : undefined;
      const ended = slow?.then((answer) => ({ answer, ms: performance.now() - startedAt }));
      const second = plain(caller, 'Gigi');
      const isSerial = ended && !(await Promise.race([second.then(() => true), ended.then(() => false)]));
      const beside = await second;
      const waited = await ended;
      if (waited?.answer.code === Code.OK && waited.ms < waitMs * 0.9)
        throw server.fault(
          `answered after ${Math.round(waited.ms)} ms a call whose script waits ${waitMs} ms: it claims scripts, and does not obey waitMs`,
        );
      if (isSerial && waited?.answer.code === Code.OK)
        throw server.fault('answered a call only when the one before it, which waits, had ended');
      const rest = waited?.answer ?? (await first.finish(requestOf('Stitch')));
      for (const [answer, which] of [
        [beside, 'a call beside another'],
        [rest, 'a call with another one beside it'],
      ] as const)
        if (answer.code !== Code.OK || !answer.response)
          throw server.fault(`answered ${which} with ${answerText(answer)}: wanted OK and a row`);
      return waits ? '' : 'the first was held open half-way, since the server does not claim scripts';
    },
  };
}

/** A second call ends while a first one is still going on. */
export function clientInFlightCheck(subject: Subject, needs: readonly Check[]): Check {
  return {
    name: 'client has two calls in flight',
    section: subject.section,
    needs,
    hint: 'read the next line while calls are in flight; their ends are told in whatever order they come',
    async run(signal) {
      await using server = await subject.launcher.serve(partner, signal);
      await using client = await subject.launcher.connect(subject.peer, signal);
      await server.load(waiting);
      const make = async (id: string, name: string, waits = false) => {
        const [record] = await client.call(callOf(server.address, id, name, waits));
        if (record?.code !== Code.OK)
          throw fault(
            subject,
            'client',
            `ended call ${id} with ${record ? codeName(record.code) : 'nothing'}: ${record?.message}`,
          );
        return id;
      };
      await until(signal, make('first', 'Stitch'));
      const slow = make('waiting', 'Stitch', true);
      const earlier = await until(signal, Promise.race([slow, make('beside', 'Gigi')]));
      if (earlier === 'waiting')
        throw fault(subject, 'client', 'ended a call only when the one before it, which waits, had ended');
      await until(signal, slow);
      return '';
    },
  };
}
