import { attend } from './attended.ts';
import { type Check, NotTried } from './check.ts';
import { attendServer, portIn } from './server-program.ts';
import { within } from './until.ts';
import type { Ward } from './ward.ts';

/** "A port that another program listens on is an error": a second server on the port of the first ends. */
export function portCheck(ward: Ward, needs: readonly Check[]): Check {
  return {
    name: 'server refuses a port that is taken',
    section: ward.section,
    needs,
    hint: 'one sentence on standard error and exit code 1; SO_REUSEPORT, which some libraries set, is off',
    async run(signal) {
      if (ward.starter.kind === 'container') throw new NotTried('each container has ports of its own');
      await using first = await attendServer(ward, signal);
      await using second = await attend(ward, ward.peer, 'server', first.port);
      const announced = second.heard('the line with its port', portIn, ward.limits.readyMs, signal);
      announced.catch(() => {});
      const ended = await within(
        ward.limits.readyMs,
        signal,
        Promise.race([second.ended, announced.then((port) => ({ port }))]),
      );
      const taken = `port ${first.port}, on which another one listens`;
      if (!ended) throw second.fault(`neither ended nor said a word when it was given ${taken}`);
      if ('port' in ended) throw second.fault(`announced port ${ended.port} when it was given ${taken}`);
      if (ended.how !== 'exit code 1')
        throw second.fault(`ended with ${ended.how} when it was given ${taken}: wanted exit code 1`);
      if (second.stderr().trim() === '')
        throw second.fault(`ended when it was given ${taken}, and said nothing on standard error`);
      return '';
    },
  };
}
