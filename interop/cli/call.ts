import { UsageError } from '../errors.ts';
import { payloadOf } from '../messages/payload.ts';
import type { Method, Types } from '../messages/types.ts';
import type { Call, ClientStep } from '../model/call.ts';
import type { Json } from '../model/message.ts';
import { takesOneRequest } from '../model/method.ts';
import { Code } from '../model/status.ts';
import { count, printable } from '../report/text.ts';
import { answerText } from '../witness/say.ts';
import { byHand } from './by-hand.ts';
import type { Options } from './options.ts';
import { contractsOf, peerNamed } from './select.ts';

/** `call PEER ADDRESS METHOD JSON…`: one call of one client by hand, with a request for each JSON. */
export async function callCommand(options: Options): Promise<number> {
  const [name, address, path, ...requests] = options.words;
  const peer = await peerNamed(name, options);
  if (!peer.client) throw new UsageError(`${peer.name} does not play the client`);
  if (!address || !/:\d+$/.test(address))
    throw new UsageError(`call: wanted an address like 127.0.0.1:6000, got ${address ?? 'none'}`);
  const { types } = await contractsOf(options);
  const method = methodNamed(path, types);
  const call: Call = {
    id: 'by-hand',
    address,
    channel: 'by hand',
    method: method.path,
    metadata: [],
    steps: stepsOf(method, requests, types),
  };
  return byHand(peer, types, options, async (launcher, signal) => {
    await using client = await launcher.connect(peer, signal);
    const [record] = await client.call(call);
    if (!record) throw new Error(`${peer.name} client: no record of the call`);
    const text = record.unsupported ?? `${answerText(record)} (${record.elapsedMs.toFixed(1)} ms)`;
    process.stdout.write(`${options.json ? JSON.stringify(record) : printable(text)}\n`);
    return record.code === Code.OK && !record.unsupported ? 0 : 1;
  });
}

/** With or without the slash in front. Throws a UsageError that lists the methods. */
function methodNamed(word: string | undefined, { methods }: Types): Method {
  const found = methods.get(word?.startsWith('/') ? word : `/${word}`);
  if (found) return found;
  const names = [...methods.keys()].map((path) => path.slice(1));
  throw new UsageError(
    `call: ${word === undefined ? 'no method was named' : `no method is named ${word}`}; there are ${names.join(' ')}`,
  );
}

/** One request for a method that takes one, as many as there are for others. */
function stepsOf(method: Method, texts: readonly string[], { registry }: Types): readonly ClientStep[] {
  const takesOne = takesOneRequest(method.kind);
  if (takesOne && texts.length > 1)
    throw new UsageError(`call: ${method.path} takes one request, got ${count(texts.length, 'request')}`);
  const given = takesOne && texts.length === 0 ? ['{}'] : texts;
  return given.map((text) => {
    try {
      return { send: payloadOf(method.request, JSON.parse(text) as Json, registry) };
    } catch (error) {
      throw new UsageError(`call: the request ${text.slice(0, 200)}: ${(error as Error).message}`);
    }
  });
}
