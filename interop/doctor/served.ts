import { object } from '../session/codec.ts';
import { dial } from './caller.ts';
import type { Check } from './check.ts';
import { plain } from './in-flight.ts';
import { attendServer } from './server-program.ts';
import type { Ward } from './ward.ts';

/** "Each line is flushed as it is written", before the answer: nothing is asked of the server that would flush it. */
export function servedCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server tells of a call at once',
    section: ward.section,
    needs,
    hint: 'write one "served" line a call before the answer goes to the library, and flush it: standard output is a pipe, which most languages buffer',
    async run(signal) {
      await using server = await attendServer(ward, signal);
      await using caller = await dial(server.address, ward.limits.callMs, signal);
      await plain(caller, 'Stitch');
      await server.heard('its "served" line', (json) => object(json, 'served'), ward.limits.callMs, signal);
      return '';
    },
  };
}
