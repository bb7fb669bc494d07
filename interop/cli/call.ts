import { UsageError } from '../errors.ts';
import type { CallRecord } from '../model/call.ts';
import { Code, codeName } from '../model/status.ts';
import { printable } from '../report/text.ts';
import { call } from '../scenarios/build.ts';
import { byHand } from './by-hand.ts';
import type { Options } from './options.ts';
import { peerNamed } from './select.ts';

/** `call PEER ADDRESS NAME…`: one client by hand. */
export async function callCommand(options: Options): Promise<number> {
  const [name, address, ...names] = options.words;
  const peer = await peerNamed(name, options);
  if (!peer.client) throw new UsageError(`${peer.name} does not play the client`);
  if (!address || !/:\d+$/.test(address))
    throw new UsageError(`call: wanted an address like 127.0.0.1:6000, got ${address ?? 'none'}`);
  return byHand(peer, options, async (launcher, signal) => {
    await using client = await launcher.connect(peer, signal);
    let isOk = true;
    for (const [index, wanted] of (names.length > 0 ? names : ['Stitch']).entries()) {
      const record = await client.call({ ...call(wanted), id: String(index), address, channel: 'by hand' });
      process.stdout.write(`${options.json ? JSON.stringify(record) : printable(text(record))}\n`);
      isOk &&= record.code === Code.OK && record.reply !== undefined;
    }
    return isOk ? 0 : 1;
  });
}

function text({ code, message, reply, elapsedMs }: CallRecord): string {
  const answer = reply
    ? `name ${JSON.stringify(reply.name)}, id ${reply.id}, skill ${JSON.stringify(reply.skill)}`
    : message;
  return `${codeName(code)} ${answer} (${elapsedMs.toFixed(1)} ms)`;
}
