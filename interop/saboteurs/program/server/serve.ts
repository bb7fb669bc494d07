/** A server's call, from its headers to its status. */
import type { ServerHttp2Stream } from 'node:http2';
import type { Method, Types } from '../../../messages/types.ts';
import { Code } from '../../../model/status.ts';
import type { Behaviour, Message } from '../behaviour.ts';
import { makeInbox } from '../grpc/inbox.ts';
import { isSingle } from '../grpc/kind.ts';
import { decodeMetadata, decodeTimeout, firstOf, type RawHeaders } from '../grpc/metadata.ts';
import { unpack } from '../grpc/pack.ts';
import { StatusError, statusOf } from '../grpc/status-error.ts';
import type { Script, Served } from '../lines.ts';
import { answer } from './answer.ts';
import { handlerFor } from './handler.ts';
import type { Requests } from './open-call.ts';
import { makeReply } from './reply.ts';

/** What a listener serves with. */
export interface Serving {
  readonly types: Types;
  readonly scripts: ReadonlyMap<string, Script>;
  readonly limitBytes: number;
  readonly behaviour: Behaviour;
  print(record: Served): void;
}

/** Serves one call. What the library turns away by itself leaves no record. */
export async function serve(
  stream: ServerHttp2Stream,
  raw: RawHeaders,
  clientName: string | undefined,
  serving: Serving,
): Promise<void> {
  const { types, scripts, behaviour, print } = serving;
  const startedAt = performance.now();
  const path = firstOf(raw, ':path') ?? '';
  stream.on('error', () => {});
  await behaviour.meets(path, stream);
  if (stream.closed) return;
  const reply = makeReply(stream, behaviour);
  try {
    const method = await behaviour.finds(path, types);
    if (!method) throw new StatusError(Code.UNIMPLEMENTED, `unknown method ${path}`);
    const requests = await requestsOf(stream, method, raw, serving);
    if (!requests) return;
    const incoming = await behaviour.sees({
      path,
      metadata: decodeMetadata(raw),
      timeoutMs: decodeTimeout(firstOf(raw, 'grpc-timeout')),
      clientName,
    });
    const handler = handlerFor(incoming, method, scripts, behaviour);
    const { timeoutMs } = incoming;
    const leftMs = timeoutMs === undefined ? undefined : timeoutMs - (performance.now() - startedAt);
    const { compression } = handler;
    const conversation = { stream, method, requests, compression, reply, behaviour };
    await answer(conversation, incoming, leftMs, handler, print);
  } catch (error) {
    reply.end({ ...statusOf(error), trailers: [] });
  }
  // What the client still sends is not wanted, but must go somewhere.
  stream.removeAllListeners('data').resume();
}

/** Of a method that takes one request, that request is there when the handler begins. Undefined: the call is over. */
async function requestsOf(
  stream: ServerHttp2Stream,
  method: Method,
  raw: RawHeaders,
  { limitBytes, behaviour }: Serving,
): Promise<Requests | undefined> {
  const inbox = makeInbox(stream, limitBytes);
  async function next(): Promise<Message | undefined> {
    const frame = await inbox.next();
    if (!frame) return undefined;
    const bytes = await unpack(frame, firstOf(raw, 'grpc-encoding'), limitBytes, behaviour);
    return behaviour.parses(method.request, bytes, 'wire');
  }
  if (!isSingle(method, 'request')) return next;
  const queue: Message[] = [];
  for (let message = await next(); message; message = await next()) queue.push(message);
  if (stream.closed) return undefined;
  if (!behaviour.isOne(queue.length))
    throw new StatusError(Code.UNIMPLEMENTED, queue.length === 0 ? 'no request' : 'more than one request');
  return async () => queue.shift();
}
