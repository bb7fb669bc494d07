// One call, as a server answers it: by a script, or by the plain service.
import { setTimeout as delay } from 'node:timers/promises';
import { create, type DescMethod, type Message } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext, type MethodImpl } from '@connectrpc/connect';
import type { Row, Script } from './contract.ts';
import { ExpirementSchema, Manage, type NameRequest } from './gen/expirement_pb.ts';
import { write } from './lines.ts';
import { manage } from './manage.ts';
import { only, parse, record, serialize, UnusableError } from './messages.ts';
import { append, toEntries } from './metadata.ts';
import { pathOf } from './methods.ts';
import { clientName } from './tls.ts';

/** Scripts by name. */
export type Scripts = ReadonlyMap<string, Script>;

/** The script of a call: by its `stitch-script`, if that is not empty, else by its path. */
export function scriptOf(scripts: Scripts, name: string, path: string): Script | undefined {
  return scripts.get(name === '' ? path : name);
}

/** The handler of a method, in the shape that the library wants for its kind. */
export function handlerOf(method: DescMethod, scripts: Scripts): MethodImpl<DescMethod> {
  const { clientStreaming, serverStreaming } = method.proto;
  const handler = (input: Message | AsyncIterable<Message>, context: HandlerContext) => {
    const requests = clientStreaming ? (input as AsyncIterable<Message>) : only(input as Message);
    const responses = answer(method, requests, context, scripts);
    return serverStreaming ? responses : last(responses);
  };
  return handler as MethodImpl<DescMethod>;
}

async function last(messages: AsyncIterable<Message>): Promise<Message | undefined> {
  let last: Message | undefined;
  for await (const message of messages) last = message;
  return last;
}

/**
 * Yields the responses, of which each is taken when the next one is asked for; throws a status that is
 * not OK. Either way the `served` line is written before the library has the call's end.
 */
async function* answer(
  method: DescMethod,
  messages: AsyncIterable<Message>,
  context: HandlerContext,
  scripts: Scripts,
): AsyncGenerator<Message, void> {
  const { requestHeader, signal } = context;
  const path = pathOf(method);
  const name = requestHeader.get('stitch-script') ?? '';
  const script = scriptOf(scripts, name, path);
  const served = {
    callId: requestHeader.get('stitch-call-id') ?? '',
    method: path,
    script: script?.name ?? '',
    metadata: toEntries(requestHeader),
    requests: [] as Row[],
    responses: [] as Row[],
    timeRemainingMs: context.timeoutMs(),
    clientName: context.values.get(clientName),
  };
  let reported = false;
  const report = (outcome: object) => {
    if (!reported) write({ served: { ...served, ...outcome } });
    reported = true;
  };
  // When its call ends, a generator may be left at a `yield` for good.
  signal.addEventListener('abort', () => report({ cancelled: true }));
  const requests = messages[Symbol.asyncIterator]();
  const receive: Receive = async () => {
    const { done, value } = await requests.next();
    if (!done) record(served.requests, serialize(method.input, value));
    return value;
  };
  try {
    let responses: AsyncIterable<Message>;
    if (script !== undefined) responses = play(script, receive, method, context);
    else if (name === '' && path === pathOf(Manage.method.pickOne)) responses = pickOne(receive, context);
    else throw new ConnectError(name === '' ? 'no script' : `no script "${name}"`, Code.Unimplemented);
    for await (const response of responses) {
      const bytes = serialize(method.output, response);
      yield response;
      record(served.responses, bytes);
    }
    report({ status: {} });
  } catch (error) {
    const status = ConnectError.from(signal.aborted ? signal.reason : error, Code.Internal);
    const { code, rawMessage: message } = status;
    if (signal.aborted) report({ cancelled: true });
    else if (error instanceof UnusableError) report({ status: { code, message }, unusable: message });
    else report({ status: { code, message } });
    throw status;
  }
}

/** Takes a request; undefined when the client has half-closed. */
type Receive = () => Promise<Message | undefined>;

async function* pickOne(receive: Receive, context: HandlerContext) {
  const request = (await receive()) as NameRequest;
  yield create(ExpirementSchema, await manage.pickOne(request, context));
}

async function* play(
  { steps = [] }: Script,
  receive: Receive,
  { output }: DescMethod,
  { signal, responseHeader, responseTrailer }: HandlerContext,
): AsyncGenerator<Message, void> {
  for (const { headers, receive: count = 0, send, times, waitMs, end } of steps) {
    append(responseHeader, headers?.entries);
    for (let left = count; left !== 0 && (await receive()); left--);
    if (send !== undefined) yield* Array<Message>(times || 1).fill(parse(output, send));
    if (waitMs !== undefined) await delay(waitMs, undefined, { signal });
    signal.throwIfAborted();
    append(responseTrailer, end?.trailers);
    const { code, message = '', details } = end?.status ?? {};
    if (details) append(responseTrailer, [{ key: 'grpc-status-details-bin', binary: details }]);
    if (code) throw new ConnectError(message, code);
  }
}
