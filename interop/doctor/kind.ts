import { encodeProbe, object, string } from '../session/codec.ts';
import { attend } from './attended.ts';
import type { Check } from './check.ts';
import { attendServer } from './server-program.ts';
import type { Ward } from './ward.ts';

/** "An unknown call kind gets an answer that says so; it is never a crash and never a silence." */
export function kindCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'client answers a call of an unknown kind',
    section: ward.section,
    needs,
    hint: 'answer {"ended":{"id":ID,"unsupported":"call kind \\"KIND\\""}}, whatever else the line holds',
    async run(signal) {
      await using client = await attend(ward, ward.peer, 'client');
      const { readyMs, callMs } = ward.limits;
      await client.heard('its "ready" line', (json) => object(json, 'ready'), readyMs, signal);
      client.say(encodeProbe('unknown-kind'));
      const ended = await client.heard(
        'an answer to a call of an unknown kind',
        (json) => endedOf(json, 'unknown-kind'),
        callMs,
        signal,
      );
      if (string(ended, 'unsupported') === '')
        throw client.fault('answered a call of an unknown kind without "unsupported"');
      return '';
    },
  };
}

function endedOf(json: Readonly<Record<string, unknown>>, id: string) {
  const ended = object(json, 'ended');
  return ended?.id === id ? ended : undefined;
}

/** What comes at a server's standard input and means nothing to it. */
const nonsense = ['nonsense', '{"unheardOf":{}}'];

/** "What is unknown, cannot be parsed or fails is answered by `refused`." */
export function instructionCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server refuses an unknown instruction',
    section: ward.section,
    needs,
    hint: 'answer each line of standard input by one line, in order: {"refused":{"reason":…}} to what is unknown or cannot be parsed',
    async run(signal) {
      await using server = await attendServer(ward, signal);
      for (const [index, line] of nonsense.entries()) {
        server.say(line);
        let refusals = 0;
        await server.heard(
          `"refused" as the answer to the line ${line}`,
          (json) => (object(json, 'refused') && refusals++ === index ? true : undefined),
          ward.limits.callMs,
          signal,
        );
      }
      return '';
    },
  };
}

/** What every run asks of a server between its calls. */
export function flushCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server answers flush',
    section: ward.section,
    needs,
    hint: 'read standard input line by line, and answer {"flush":{}} by {"flushed":{}}, flushed; the calls of a run wait for it',
    async run(signal) {
      await using server = await attendServer(ward, signal);
      server.say('{"flush":{}}');
      await server.heard('"flushed"', (json) => object(json, 'flushed'), ward.limits.callMs, signal);
      return '';
    },
  };
}
