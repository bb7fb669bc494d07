import { UsageError } from '../errors.ts';
import { chooseLauncher } from '../launch/choose.ts';
import type { CallRecord } from '../model/call.ts';
import { Code, codeName } from '../model/status.ts';
import { printable } from '../report/text.ts';
import { call } from '../scenarios/build.ts';
import { interruptSignal } from './interrupt.ts';
import type { Options } from './options.ts';
import { complain } from './outputs.ts';
import { peerNamed } from './select.ts';

/** `call PEER ADDRESS NAME…`: one client by hand. */
export async function callCommand(options: Options): Promise<number> {
  const [name, address, ...names] = options.words;
  const peer = await peerNamed(name);
  if (!peer.client) throw new UsageError(`${peer.name} does not play the client`);
  if (!address || !/:\d+$/.test(address))
    throw new UsageError(`call: wanted an address like 127.0.0.1:6000, got ${address ?? 'none'}`);
  const { launcher, why } = await chooseLauncher(options.launcher, [peer]);
  await using _ = launcher;
  const signal = interruptSignal(complain);
  complain(`building ${peer.name} to run as a ${launcher.kind} (${why})`);
  await launcher.build(peer, signal);
  await using client = await launcher.connect(peer, signal);
  let isOk = true;
  for (const [index, wanted] of (names.length > 0 ? names : ['Stitch']).entries()) {
    const record = await client.call({ ...call(wanted), id: String(index), address, channel: 'by hand' });
    process.stdout.write(`${options.json ? JSON.stringify(record) : printable(text(record))}\n`);
    isOk &&= record.code === Code.OK && record.reply !== undefined;
  }
  return isOk ? 0 : 1;
}

function text({ code, message, reply, elapsedMs }: CallRecord): string {
  const answer = reply
    ? `name ${JSON.stringify(reply.name)}, id ${reply.id}, skill ${JSON.stringify(reply.skill)}`
    : message;
  return `${codeName(code)} ${answer} (${elapsedMs.toFixed(1)} ms)`;
}
