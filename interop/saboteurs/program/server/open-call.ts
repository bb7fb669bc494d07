import type { ServerHttp2Stream } from 'node:http2';
import type { Method } from '../../../messages/types.ts';
import type { Behaviour, Message } from '../behaviour.ts';
import { isSingle } from '../grpc/kind.ts';
import { makeTally, type Tally } from '../grpc/tally.ts';
import { startTimer } from '../grpc/timer.ts';
import type { ServerCall } from './handler.ts';
import type { Reply } from './reply.ts';

/** Resolves to one request after another, and to undefined when there are no more. Rejects when one cannot be had. */
export type Requests = () => Promise<Message | undefined>;

/** What a call goes by. */
export interface Conversation {
  readonly stream: ServerHttp2Stream;
  readonly method: Method;
  readonly requests: Requests;
  readonly compression: string;
  readonly reply: Reply;
  readonly behaviour: Behaviour;
}

/** A call that somebody answers, and what was taken and given in it. */
export interface OpenCall extends ServerCall {
  readonly taken: Tally;
  readonly given: Tally;
  /** Of a method that gives one response: the one that is to go with the status. */
  held(): Message | undefined;
  /** Sends a response without a word about it. Resolves to false when the library did not take it. */
  put(message: Message): Promise<boolean>;
  /** Says that a response was sent. */
  gave(message: Message): void;
}

/** `leftMs`: until its deadline, if it has one. */
export function openCall(
  { stream, method, requests, compression, reply, behaviour }: Conversation,
  leftMs: number | undefined,
): OpenCall {
  const { over, ended } = watch(stream, leftMs);
  const [taken, given] = [makeTally(), makeTally()];
  const isStream = !isSingle(method, 'response');
  let response: Message | undefined;

  async function put(message: Message): Promise<boolean> {
    const bytes = Buffer.from(behaviour.serializes(method.response, message, 'wire'));
    const frame = compression === 'gzip' ? await behaviour.gzips(bytes) : { compressed: false, bytes };
    const framed = behaviour.frames(frame, { index: given.count(), isStream });
    return reply.message(framed, compression, over);
  }

  function gave(message: Message): void {
    given.add(behaviour.serializes(method.response, message, 'line'));
  }

  return {
    over,
    taken,
    given,
    held: () => response,
    put,
    gave,
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
  };
}

/** Whether the call has ended under who answers it: given up by the client, past its deadline, or its connection lost. */
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
