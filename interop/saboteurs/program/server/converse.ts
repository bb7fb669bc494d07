/** A server's call with who answers it: what is taken and given, and the record of it. */
import type { ServerHttp2Stream } from 'node:http2';
import type { Method } from '../../../messages/types.ts';
import { Code } from '../../../model/status.ts';
import type { Behaviour, Incoming, Message } from '../behaviour.ts';
import { isSingle } from '../grpc/kind.ts';
import { textOf } from '../grpc/metadata.ts';
import { StatusError, statusOf } from '../grpc/status-error.ts';
import { makeTally } from '../grpc/tally.ts';
import { startTimer } from '../grpc/timer.ts';
import type { End, Served } from '../lines.ts';
import type { Handler } from './handler.ts';
import type { Reply } from './reply.ts';

/** Resolves to one request after another, and to undefined when there are no more. Rejects when one cannot be had. */
export type Requests = () => Promise<Message | undefined>;

export interface Conversation {
  readonly stream: ServerHttp2Stream;
  readonly method: Method;
  readonly requests: Requests;
  readonly call: Incoming;
  readonly handler: Handler;
  readonly reply: Reply;
  /** On the clock of `performance.now`. */
  readonly startedAt: number;
  readonly behaviour: Behaviour;
  print(record: Served): void;
}

/** Has the handler answer, and leaves a record before the status goes. */
export async function converse(conversation: Conversation): Promise<void> {
  const { method, requests, call, handler, reply, behaviour, print } = conversation;
  const { compression } = handler;
  const { timeoutMs } = call;
  const leftMs =
    timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - conversation.startedAt);
  const { over, ended } = watch(conversation.stream, leftMs);
  const [taken, given] = [makeTally(), makeTally()];
  const isStream = !isSingle(method, 'response');
  /** Of a method that gives one: it goes with the status. */
  let response: Message | undefined;
  let unusable: string | undefined;

  async function put(message: Message): Promise<boolean> {
    const bytes = Buffer.from(behaviour.serializes(method.response, message, 'wire'));
    const frame = compression === 'gzip' ? await behaviour.gzips(bytes) : { compressed: false, bytes };
    const framed = behaviour.frames(frame, { index: given.count(), isStream });
    return reply.message(framed, compression, over);
  }

  function gave(message: Message): void {
    given.add(behaviour.serializes(method.response, message, 'line'));
  }

  const handled = handler.answer({
    over,
    headers: (entries) => reply.headers(entries, compression),
    async receive() {
      const request = await behaviour.receives(() => Promise.race([requests(), ended]));
      if (request) taken.add(behaviour.serializes(method.request, request, 'line'));
      return request;
    },
    async send(message) {
      if (!isStream) response = message;
      else if (await put(message)) gave(message);
    },
  });
  const end = await handled.catch((error: unknown): End => {
    if (!(error instanceof StatusError)) unusable = (error as Error).message;
    return { status: statusOf(error) };
  });
  const isCancelled = behaviour.noticesTheEnd && over.aborted;
  if (response && !isCancelled) gave(response);
  const { code = Code.OK, message = '', details } = end.status ?? {};
  const status = { code, message, ...(details && { details }) };
  const record = {
    callId: textOf(call.metadata, 'stitch-call-id'),
    method: call.path,
    script: handler.script,
    metadata: call.metadata,
    requests: taken.entries(),
    responses: given.entries(),
    ...(leftMs !== undefined && { timeRemainingMs: leftMs }),
    ...(isCancelled ? { cancelled: true as const } : { status }),
    ...(unusable !== undefined && { unusable }),
  };
  behaviour.records(record, print);
  if (isCancelled) {
    const status = { code: Code.DEADLINE_EXCEEDED, message: 'deadline passed' };
    return reply.end({ ...status, trailers: end.trailers ?? [] });
  }
  const ending = { ...status, trailers: end.trailers ?? [], ...(response && { response }) };
  const sent = await behaviour.ends(ending, reply.hasHeaders());
  if (sent?.response) await put(sent.response);
  if (sent) reply.end(sent);
  else reply.abandon();
}

/** Whether the call has ended under its handler: given up by the client, past its deadline, or its connection lost. */
function watch(stream: ServerHttp2Stream, leftMs: number | undefined) {
  const over = new AbortController();
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  function end(): void {
    timer?.stop();
    resolve(undefined);
    over.abort();
  }
  const timer = leftMs === undefined ? undefined : startTimer(Math.max(0, leftMs), end);
  stream.once('aborted', end);
  stream.once('close', end);
  return { over: over.signal, ended };
}
