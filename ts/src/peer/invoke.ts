// One call of the client's, from its first step to its record.
import { PassThrough } from 'node:stream';
import * as grpc from '@grpc/grpc-js';
import type { Channels } from './channels.ts';
import type { Call } from './lines.ts';
import { fromEntries, type Message, parse, record, toEntries, Unusable } from './messages.ts';
import type { Method } from './methods.ts';
import { receive, send, wait } from './steps.ts';

/** Makes the call, and gives an Ended. Never rejects: what the library throws is the call's status. */
export async function invoke(channels: Channels, method: Method, call: Call, id: string): Promise<object> {
  const startedMs = performance.now();
  const responses: Message[] = [];
  const take = (response: object) => record(responses, method.responseSerialize(response));
  const start = (request?: object) => begin(channels.get(call), method, call, id, request);
  let outgoing: Outgoing | undefined;
  let status: Status;
  let sent = 0;
  try {
    // Where a method takes one request, the library begins the call with it: only waiting can come before.
    if (method.requestStream) outgoing = start();
    for (const step of call.steps ?? []) {
      if (step.waitMs !== undefined) await wait(step.waitMs, outgoing?.status);
      else if (step.send !== undefined) {
        const request = parse(method.requestDeserialize, step.send);
        outgoing ??= start(request);
        sent += method.requestStream ? await send(outgoing.stream, request, step.times, outgoing.status) : 1;
      } else if (outgoing === undefined) throw new Error('there is no request');
      else if (step.receive !== undefined) await receive(outgoing.responses, step.receive, take);
      else if (step.cancel) outgoing.stream.cancel();
      else if (method.requestStream) outgoing.stream.end();
    }
    if (outgoing === undefined) throw new Error('there is no request');
    if (method.requestStream && !call.steps?.at(-1)?.cancel) outgoing.stream.end();
    await receive(outgoing.responses, -1, take);
    status = await outgoing.status;
  } catch (error) {
    const { message } = error as Error;
    outgoing?.stream.cancel();
    if (error instanceof Unusable) return { id, unusable: message };
    // The library throws, without a code, for a call that it will not make.
    status = { code: grpc.status.UNKNOWN, details: message };
  }
  return {
    id,
    status: { code: status.code, message: status.details },
    responses,
    headers: toEntries(outgoing?.headers[0]),
    trailers: toEntries(status.metadata),
    sent,
    elapsedMs: performance.now() - startedMs,
  };
}

type Status = Partial<grpc.StatusObject>;
type Outgoing = ReturnType<typeof begin>;

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
  // Of each kind it has what that kind has: one request is written by the beginning, and nothing else can be.
  const stream = begun as grpc.ClientDuplexStream<object, object>;
  const headers: grpc.Metadata[] = [];
  stream.once('metadata', (received) => headers.push(received));
  stream.on('error', () => {}); // The status says the same.
  const status = new Promise<Status>((resolve) => {
    // That a response is missing is said by the callback's error only.
    stream.once('status', (received) => resolve(failure ?? received));
  });
  const responses = (responseStream ? stream : reply)[Symbol.asyncIterator]();
  return { stream, headers, responses, status };
}
