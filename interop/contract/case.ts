/** One case in YAML → a scenario: it says once what happens, and both halves follow. */
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { statusWith } from '../messages/status.ts';
import type { Method } from '../messages/types.ts';
import type { ClientStep, Metadatum, ServerEnd, ServerStep } from '../model/call.ts';
import type { Json, Payload } from '../model/message.ts';
import { givesOneResponse, takesOneRequest } from '../model/method.ts';
import type { Expectation, PlannedCall, Scenario } from '../model/scenario.ts';
import { Code, type CodeName } from '../model/status.ts';
import { type Builder, end, inTurn } from './builder.ts';
import type { CaseFile } from './cases.ts';
import { closest } from './closest.ts';
import { matchKeys, matchOf } from './match.ts';
import { slugOf } from './slug.ts';
import { durationOf, itemsOf, keyOf, membersOf, textOf } from './source-node.ts';
import { yamlPayload } from './yaml-message.ts';

/** What a case may say. */
export const caseKeys = [
  'name',
  'title',
  'method',
  'request',
  'requests',
  'response',
  'responses',
  'exchange',
  'status',
  'metadata',
  'headers',
  'trailers',
  'timeout',
  'delay',
  'cancel',
  'compression',
  ...matchKeys,
  'expect',
] as const;

type Members = ReadonlyMap<string, Node>;

/** A case, while it is read. */
interface Reading {
  readonly file: CaseFile;
  readonly node: Node;
  readonly members: Members;
  readonly method: Method;
  readonly builder: Builder;
}

/** What both sides do, message by message. */
interface Exchange {
  readonly client: readonly ClientStep[];
  readonly server: readonly ServerStep[];
  readonly responses: readonly Payload[];
}

/** Throws a UsageError with file and line of what is wrong. */
export function scenarioOf(
  file: CaseFile,
  node: Node,
  members: Members,
  method: Method,
  builder: Builder,
): Scenario {
  const reading: Reading = { file, node, members, method, builder };
  const word = textOf(file, members.get('name') ?? node, 'name');
  const name = `${file.group}/${slugOf(word)}`;
  const title = members.get('title');
  const isTimed = ['timeout', 'delay', 'cancel'].some((key) => members.has(key));
  return builder.scenario({
    name,
    title: title ? textOf(file, title, 'title') : `${method.path.slice(1)}: ${word}.`,
    source: { text: word, link: file.placeOf(node) },
    steps: [inTurn(plannedCall(reading, name))],
    ...(!file.isScripted && { isService: true }),
    ...(isTimed && { connection: 'own', waits: true }),
  });
}

function plannedCall(reading: Reading, name: string): PlannedCall {
  const { file, members, method } = reading;
  const exchange = members.has('exchange') ? exchangeOf(reading) : plainExchange(reading);
  const status = statusOf(reading, members.get('status'));
  const trailers = metadataOf(reading, 'trailers');
  const headers = metadataOf(reading, 'headers');
  const timeout = members.get('timeout');
  const compression = members.get('compression');
  if (compression && textOf(file, compression, 'compression') !== 'gzip')
    throw file.wrong(compression, 'compression: wanted gzip');
  return {
    spec: {
      method: method.path,
      metadata: metadataOf(reading, 'metadata') ?? [],
      ...(timeout && { timeoutMs: durationOf(file, timeout, 'timeout') }),
      ...(compression && { compression: 'gzip' }),
      steps: exchange.client,
    },
    script: {
      name,
      steps: [
        ...(headers ? [{ headers }] : []),
        ...exchange.server,
        end({ ...status.end, trailers: trailers ?? [] }),
      ],
    },
    expect: expectationOf(reading, exchange, status, headers, trailers),
  };
}

/** All requests, the half-close, all responses. */
function plainExchange(reading: Reading): Exchange {
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
function exchangeOf(reading: Reading): Exchange {
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
function cancelOf({ file, members }: Reading): readonly ClientStep[] {
  const node = members.get('cancel');
  if (!node) return [];
  if (!isMap(node)) return [{ waitMs: durationOf(file, node, 'cancel') }, { cancel: true }];
  const count = membersOf(file, node, 'cancel', ['responses']).get('responses');
  const number = isScalar(count) && typeof count.value === 'bigint' ? Number(count.value) : 0;
  if (number < 1) throw file.wrong(count ?? node, 'cancel: responses: wanted a number from 1 on');
  return [{ receive: number }, { cancel: true }];
}

interface Ending {
  readonly end: Pick<ServerEnd, 'code' | 'message' | 'details'>;
  readonly code: Code;
  readonly message?: string;
  readonly details?: readonly Json[];
}

/** `status: NOT_FOUND`, or with message and details. Absent: OK. */
function statusOf(reading: Reading, node: Node | undefined): Ending {
  const { file, builder } = reading;
  if (!node) return { end: { code: Code.OK, message: '' }, code: Code.OK };
  if (!isMap(node)) {
    const code = codeOf(reading, node);
    return { end: { code, message: '' }, code };
  }
  const members = membersOf(file, node, 'status', ['code', 'message', 'details']);
  const code = codeOf(reading, members.get('code') ?? node);
  const text = members.get('message');
  const message = text ? textOf(file, text, 'status.message') : '';
  const given = members.get('details');
  if (!given) return { end: { code, message }, code, ...(text && { message }) };
  const details = itemsOf(file, given, 'status.details').map(
    (each) => yamlPayload(file, each, AnySchema, builder.types.registry).json,
  );
  const bytes = statusWith(code, message, details, builder.types.registry);
  return { end: { code, message, details: bytes }, code, ...(text && { message }), details };
}

function codeOf({ file }: Reading, node: Node): Code {
  const name = textOf(file, node, 'status');
  if (Object.hasOwn(Code, name)) return Code[name as CodeName];
  throw file.wrong(node, `status: ${name} is no status code${closest(name, Object.keys(Code))}`);
}

/** A value for each key, or a list of them; that of a `-bin` key in base64. */
function metadataOf({ file, members }: Reading, what: string): readonly Metadatum[] | undefined {
  const node = members.get(what);
  if (!node) return undefined;
  if (!isMap(node)) throw file.wrong(node, `${what}: wanted keys and their values`);
  return node.items.flatMap((pair) => {
    const key = keyOf(file, pair);
    if (!/^[a-z0-9_.-]+$/.test(key)) throw file.wrong(pair, `${what}: ${key}: a key is in lower case`);
    const value = pair.value as Node;
    return (isSeq(value) ? (value.items as readonly Node[]) : [value]).map((each): Metadatum => {
      const text = isScalar(each) ? String(each.value) : textOf(file, each, `${what}.${key}`);
      return key.endsWith('-bin') ? { key, binary: text } : { key, text };
    });
  });
}

/** What must come of it: what is said, and where client and server differ, what `expect` says. */
function expectationOf(
  reading: Reading,
  { responses }: Exchange,
  status: Ending,
  headers: readonly Metadatum[] | undefined,
  trailers: readonly Metadatum[] | undefined,
): Expectation {
  const { file, members, method, builder } = reading;
  const metadata = metadataOf(reading, 'metadata');
  const sent = responses.map(({ json }) => ({ json }));
  const node = members.get('expect');
  const common = {
    ...(metadata && { metadata }),
    ...(headers && { headers }),
    ...(trailers && { trailers }),
  };
  if (!node && members.has('cancel'))
    return {
      code: Code.CANCELLED,
      responses: cancelledAfter(reading, sent),
      served: 'cancelled',
      ...(metadata && { metadata }),
    };
  if (!node)
    return {
      code: status.code,
      ...(status.message !== undefined && { message: status.message }),
      ...(status.details && { details: status.details }),
      responses: sent,
      ...matchOf(file, members, method, sent),
      served: 'answered',
      ...common,
    };
  const twin = matchKeys.find((key) => members.has(key));
  if (twin)
    throw file.wrong(
      members.get(twin),
      `"${twin}" is of what is in "response", and "expect" says that otherwise`,
    );
  const expect = membersOf(file, node, 'expect', ['status', 'served', 'requests', 'responses']);
  const ending = statusOf(reading, expect.get('status'));
  const served = expect.get('served');
  const listOf = (key: 'requests' | 'responses') => {
    const list = expect.get(key);
    const type = key === 'requests' ? method.request : method.response;
    return (
      list &&
      itemsOf(file, list, `expect.${key}`).map((each) => ({
        json: yamlPayload(file, each, type, builder.types.registry).json,
      }))
    );
  };
  const requests = listOf('requests');
  return {
    code: ending.code,
    ...(ending.message !== undefined && { message: ending.message }),
    ...(ending.details && { details: ending.details }),
    ...(requests && { requests }),
    responses: listOf('responses') ?? [],
    served: served ? servedOf(reading, served) : 'answered',
    ...(metadata && { metadata }),
  };
}

/** What came before the client cancelled. */
function cancelledAfter(reading: Reading, sent: Expectation['responses']): Expectation['responses'] {
  const [step] = cancelOf(reading);
  return step && 'receive' in step ? sent.slice(0, step.receive) : [];
}

const servedWords = ['answered', 'cancelled', 'never', 'either'] as const;

function servedOf({ file }: Reading, node: Node): Expectation['served'] {
  const word = textOf(file, node, 'expect.served');
  const found = servedWords.find((each) => each === word);
  if (found) return found;
  throw file.wrong(
    node,
    `expect.served: wanted ${servedWords.join(', ')}, got ${word}${closest(word, servedWords)}`,
  );
}
