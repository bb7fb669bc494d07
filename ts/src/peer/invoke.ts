// One call of the client's, from its first step to its record.
import { PassThrough } from 'node:stream';
import * as grpc from '@grpc/grpc-js';
import type { Call } from './lines.ts';
import { fromEntries, type Message, parse, record, toEntries, Unusable } from './messages.ts';
import type { Method } from './methods.ts';
import { iterate, receive, send, wait } from './steps.ts';

/** Makes the call, and gives an Ended. Never rejects: what the library throws is the call's status. */
export async function invoke(client: grpc.Client, method: Method, call: Call, id: string): Promise<object> {
  const startedMs = performance.now();
  const responses: Message[] = [];
  const take = (response: object) => record(responses, method.responseSerialize(response));
  const start = (request?: object) => begin(client, method, call, id, request);
  let outgoing: ReturnType<typeof begin> | undefined;
  let sent = 0;
  let ending: Ending;
  try {
    // Where a method takes one request, the library begins the call with it: only waiting can come before.
    if (method.requestStream) outgoing = start();
    for (const step of call.steps ?? []) {
      if (step.waitMs !== undefined) await wait(step.waitMs, outgoing?.ending);
      else if (step.send !== undefined) {
        const request = parse(method.requestDeserialize, step.send);
        outgoing ??= start(request);
        sent += method.requestStream ? await send(outgoing.call, request, step.times, outgoing.ending) : 1;
      } else if (step.receive !== undefined && outgoing)
        await receive(outgoing.responses, step.receive, take);
      else if (step.cancel) outgoing?.call.cancel();
      else if (method.requestStream) outgoing?.call.end();
    }
    outgoing ??= start();
    if (method.requestStream && !call.steps?.at(-1)?.cancel) outgoing.call.end();
    await receive(outgoing.responses, -1, take);
    ending = await outgoing.ending;
  } catch (error) {
    const { message } = error as Error;
    outgoing?.call.cancel();
    if (error instanceof Unusable) return { id, unusable: message };
    // The library throws, without a code, for a call that it will not make.
    ending = { code: grpc.status.UNKNOWN, details: message };
  }
  return {
    id,
    status: { code: ending.code, message: ending.details },
    responses,
    headers: toEntries(ending.headers),
    trailers: toEntries(ending.metadata),
    sent,
    elapsedMs: performance.now() - startedMs,
  };
}

/** What the library says when a call has ended; `metadata` are the trailers. */
type Ending = Pick<grpc.StatusObject, 'code' | 'details'> & {
  metadata?: grpc.Metadata;
  headers?: grpc.Metadata;
};

/** Begins the call, with its `request` where the method takes one. Throws what the library throws. */
function begin(client: grpc.Client, method: Method, call: Call, id: string, request: object = {}) {
  const metadata = fromEntries([...(call.metadata ?? []), { key: 'stitch-call-id', text: id }]);
  metadata.setOptions({ waitForReady: call.waitForReady ?? false });
  const options = call.timeoutMs ? { deadline: Date.now() + call.timeoutMs } : {};
  const reply = new PassThrough({ objectMode: true });
  let failure: grpc.ServiceError | null = null;
  const callback: grpc.requestCallback<object> = (error, response) => {
    failure = error;
    reply.end(response);
  };
  const { requestStream, responseStream, requestSerialize, responseDeserialize } = method;
  const target = [call.method ?? '', requestSerialize, responseDeserialize] as const;
  const begun = requestStream
    ? responseStream
      ? client.makeBidiStreamRequest(...target, metadata, options)
      : client.makeClientStreamRequest(...target, metadata, options, callback)
    : responseStream
      ? client.makeServerStreamRequest(...target, request, metadata, options)
      : client.makeUnaryRequest(...target, request, metadata, options, callback);
  let headers = new grpc.Metadata();
  begun.on('error', () => {}); // The status says the same.
  begun.once('metadata', (received: grpc.Metadata) => {
    headers = received;
  });
  const ending = new Promise<Ending>((resolve) => {
    // That a response is missing is said by the callback's error only.
    begun.once('status', (status: grpc.StatusObject) => resolve({ ...(failure ?? status), headers }));
  });
  // Of each kind it has what that kind has: one request is written by the beginning, and nothing else can be.
  const stream = begun as grpc.ClientDuplexStream<object, object>;
  return { call: stream, responses: iterate(responseStream ? stream : reply), ending };
}
