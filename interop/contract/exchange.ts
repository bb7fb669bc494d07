/** Who sends what, and when. */
import { isMap, isScalar, type Node } from 'yaml';
import type { ClientStep, ServerStep } from '../model/call.ts';
import type { Payload } from '../model/message.ts';
import { givesOneResponse, takesOneRequest } from '../model/method.ts';
import type { Reading } from './reading.ts';
import { durationOf, itemsOf, membersOf } from './source-node.ts';
import { yamlPayload } from './yaml-message.ts';

/** What both sides do, message by message. */
export interface Exchange {
  readonly client: readonly ClientStep[];
  readonly server: readonly ServerStep[];
  readonly responses: readonly Payload[];
}

/** Throws a UsageError with file and line of what is wrong. */
export function exchangeOf(reading: Reading): Exchange {
  return reading.members.has('exchange') ? inTurns(reading) : allAtOnce(reading);
}

/** All requests, the half-close, all responses. */
function allAtOnce(reading: Reading): Exchange {
  const { file, members, method } = reading;
  const requests = messagesOf(reading, 'request', takesOneRequest(method.kind));
  const responses = messagesOf(reading, 'response', givesOneResponse(method.kind));
  if (!members.has('status') && !members.has('response') && !members.has('responses'))
    throw file.wrong(
      reading.node,
      'neither "response" nor "responses" nor "status": what comes of the call?',
    );
  const delay = members.get('delay');
  return {
    client: [...requests.map((send) => ({ send })), ...cancelOf(reading)],
    server: [
      { receive: takesOneRequest(method.kind) ? 1 : -1 },
      ...(delay ? [{ waitMs: durationOf(file, delay, 'delay') }] : []),
      ...responses.map((send) => ({ send })),
    ],
    responses,
  };
}

/** `request` is one message, `requests` a list of them; so many as the method takes. */
function messagesOf(
  { file, node, members, method, builder }: Reading,
  what: 'request' | 'response',
  isOne: boolean,
): readonly Payload[] {
  const [one, many] = [members.get(what), members.get(`${what}s`)];
  const type = method[what];
  if (one && many) throw file.wrong(many, `"${what}" and "${what}s": one of them is enough`);
  if (many && isOne)
    throw file.wrong(many, `${method.path.slice(1)} has one ${what}: wanted "${what}", got "${what}s"`);
  const nodes = one ? [one] : many ? itemsOf(file, many, `${what}s`) : [];
  if (what === 'request' && isOne && nodes.length === 0) throw file.wrong(node, '"request" is missing');
  return nodes.map((each) => yamlPayload(file, each, type, builder.types.registry));
}

/** Who sends what when, from the client's side. */
function inTurns(reading: Reading): Exchange {
  const { file, members, method, builder } = reading;
  const twin = ['request', 'requests', 'response', 'responses'].find((key) => members.has(key));
  if (twin) throw file.wrong(members.get(twin), `"exchange" says it already: without "${twin}"`);
  const { registry } = builder.types;
  const client: ClientStep[] = [];
  const server: ServerStep[] = [];
  const responses: Payload[] = [];
  for (const item of itemsOf(file, members.get('exchange') ?? null, 'exchange')) {
    const [word, value] = wordOf(reading, item);
    switch (word) {
      case 'send':
        client.push({ send: yamlPayload(file, value, method.request, registry) });
        server.push({ receive: 1 });
        break;
      case 'receive': {
        const send = yamlPayload(file, value, method.response, registry);
        client.push({ receive: 1 });
        server.push({ send });
        responses.push(send);
        break;
      }
      case 'wait': {
        const waitMs = durationOf(file, value, 'wait');
        client.push({ waitMs });
        break;
      }
      case 'close':
        client.push({ close: true });
        server.push({ receive: -1 });
        break;
      default:
        word satisfies never;
    }
  }
  const isClosed = client.some((step) => 'close' in step);
  if (!takesOneRequest(method.kind) && !isClosed) server.push({ receive: -1 });
  checkCounts(reading, client, responses);
  return { client: [...client, ...cancelOf(reading)], server, responses };
}

const words = ['send', 'receive', 'wait', 'close'] as const;
type Word = (typeof words)[number];

/** `close`, or one of the others with what it is about. */
function wordOf({ file }: Reading, item: Node): readonly [Word, Node] {
  if (isScalar(item) && item.value === 'close') return ['close', item];
  const members = isMap(item) ? membersOf(file, item, 'exchange', words) : new Map<string, Node>();
  const [[word, value] = ['', item]] = members;
  const found = words.find((each) => each === word);
  if (members.size === 1 && found) return [found, value];
  throw file.wrong(item, 'exchange: wanted one of send, receive, wait, each with what it is about, or close');
}

function checkCounts(
  { file, node, method }: Reading,
  client: readonly ClientStep[],
  responses: readonly Payload[],
): void {
  const sends = client.filter((step) => 'send' in step).length;
  if (takesOneRequest(method.kind) && sends !== 1)
    throw file.wrong(node, `${method.path.slice(1)} takes one request, and ${sends} are sent`);
  if (givesOneResponse(method.kind) && responses.length > 1)
    throw file.wrong(
      node,
      `${method.path.slice(1)} gives one response, and ${responses.length} are received`,
    );
}

/** `cancel: 200ms`, or `cancel: {responses: 2}`: when so many have come. */
export function cancelOf({ file, members }: Reading): readonly ClientStep[] {
  const node = members.get('cancel');
  if (!node) return [];
  if (!isMap(node)) return [{ waitMs: durationOf(file, node, 'cancel') }, { cancel: true }];
  const count = membersOf(file, node, 'cancel', ['responses']).get('responses');
  const number = isScalar(count) && typeof count.value === 'bigint' ? Number(count.value) : 0;
  if (number < 1) throw file.wrong(count ?? node, 'cancel: responses: wanted a number from 1 on');
  return [{ receive: number }, { cancel: true }];
}
