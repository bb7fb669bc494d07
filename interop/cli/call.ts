import { once } from 'node:events';
import { styleText } from 'node:util';
import { whyNotHttp2 } from '../dial/why.ts';
import { UsageError } from '../errors.ts';
import { type ClientSession, defaultLimits, SilentCall } from '../launch/launcher.ts';
import type { Types } from '../messages/types.ts';
import type { Call, CallRecord } from '../model/call.ts';
import { givesOneResponse } from '../model/method.ts';
import { lackText } from '../model/peer.ts';
import { Code } from '../model/status.ts';
import type { ClientPem } from '../model/tls.ts';
import type { WireEvidence } from '../model/wire.ts';
import { wireText } from '../report/conversation.ts';
import { printable } from '../report/text.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { openPassage, type Passage } from '../wire/passage.ts';
import { byHand } from './by-hand.ts';
import { printer } from './call-print.ts';
import { heardOf, recordTo } from './call-record.ts';
import { metadataOf, stepsOf } from './call-steps.ts';
import { methodCalled } from './call-types.ts';
import { complain } from './complain.ts';
import { noTls, type Options } from './options.ts';
import { peerNamed } from './select.ts';
import { checkTlsNames, tlsOf } from './server-tls.ts';

/** A stream is listened to for as long as a person likes. */
const dayMs = 86_400_000;
const settleMs = 1_000;

/** `call PEER ADDRESS METHOD JSON…`: one call of one client by hand, with a request for each JSON, or for each line of standard input. */
export async function callCommand(options: Options): Promise<number> {
  const [name, address, path, ...texts] = options.words;
  // What is said of TLS is about the one server that is called.
  const peer = await peerNamed(name, { ...options, tlsWords: noTls });
  if (!peer.client) throw new UsageError(`${peer.name} does not play the client`);
  if (!address || !/:\d+$/.test(address))
    throw new UsageError(`call: wanted an address like 127.0.0.1:6000, got ${address ?? 'none'}`);
  if (!options.wire && (options.record !== undefined || options.evidence))
    throw new UsageError('call: --record and --evidence show what crossed the wire: not with --no-wire');
  checkTlsNames(options.tlsWords, [{ address }]);
  const tls = tlsOf(options.tlsWords, { address });
  if (tls && !peer.client.features.includes('tls'))
    throw new UsageError(
      `call: the ${peer.name} client ${lackText('tls')}: it cannot call a server over TLS`,
    );
  const { method, types } = await methodCalled(path, address, options);
  const record = options.record === undefined ? undefined : recordTo(options.record);
  const call: Omit<Call, 'address'> = {
    id: 'by-hand',
    channel: 'by hand',
    method: method.path,
    metadata: metadataOf(options.metadata),
    steps: await stepsOf(method, texts, types),
  };
  const limits = { ...defaultLimits, ...(!givesOneResponse(method.kind) && { callMs: dayMs }) };
  const use = async (launcher: Parameters<typeof tapLauncher>[0], signal: AbortSignal) => {
    await using client = await tapLauncher(launcher, types).connect(peer, signal);
    const shown = printer(options);
    using passage = options.wire
      ? await passageTo(address, await launcher.harnessHost(), client, types, shown.heard)
      : undefined;
    const made = { ...call, address: passage?.address ?? address };
    const told = await recordOf(client, made, tls, signal).catch(silenceOf(`${peer.name} client`, address));
    await passage?.wire.settle([made], settleMs);
    const [wire] = passage?.wire.take([made], 0) ?? [];
    if (told) shown.end(told, wire);
    if (told?.code !== Code.OK) await tellWhy(address, tls, wire);
    if (options.evidence && wire) process.stdout.write(`${wireText(wire, styled)}\n`);
    if (record) complain(record(heardOf(method, made, wire), types));
    return told?.code === Code.OK && !told.unsupported ? 0 : 1;
  };
  return byHand(peer, types, options, use, limits);
}

/** Undefined: nobody can read along, and it is said why. */
async function passageTo(
  address: string,
  host: string,
  { untapped, keyLog }: ClientSession,
  types: Types,
  heard: Parameters<typeof openPassage>[4],
): Promise<Passage | undefined> {
  if (untapped === undefined) return openPassage(host, address, types, keyLog, heard);
  complain(`nobody reads along: ${untapped}`);
  return undefined;
}

/** Of a call that does not end: that is told, and what crossed can be shown. */
function silenceOf(who: string, address: string): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof SilentCall)) throw error;
    complain(
      `${who}: the call to ${address} did not end within ${error.waitedMs} ms\n  hint: --evidence shows what crossed`,
    );
    return undefined;
  };
}

/** What the client says of it; undefined: Ctrl-C came first. Rejects with SilentCall when it does not end. */
async function recordOf(
  client: ClientSession,
  call: Call,
  tls: ClientPem | undefined,
  signal: AbortSignal,
): Promise<CallRecord | undefined> {
  const interrupted = once(signal, 'abort').then(() => []);
  const [record] = await Promise.race([client.call(call, undefined, tls), interrupted]);
  return record;
}

/** A call that the server did not answer: what is there in its place, where it is no server, or not to be believed. */
async function tellWhy(
  address: string,
  tls: ClientPem | undefined,
  wire: WireEvidence | undefined,
): Promise<void> {
  if (wire?.streams.some(({ response }) => response.headersFrame !== undefined)) return;
  const why = await whyNotHttp2(address, tls);
  if (why) complain(printable(`the server ${why.text}\n  hint: ${why.hint}`));
}

function styled(format: Parameters<typeof styleText>[0], text: string): string {
  return styleText(format, text, { stream: process.stdout });
}
