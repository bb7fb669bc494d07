// What answers the calls of a method: a script, or the plain service. Each call leaves a record.
import { Readable } from 'node:stream';
import * as grpc from '@grpc/grpc-js';
import { manage } from '../service/definition.ts';
import { pickOne } from '../service/pick-one.ts';
import type { Script } from './lines.ts';
import { fromEntries, type Message, parse, record, toEntries, Unusable } from './messages.ts';
import type { Method } from './methods.ts';
import { receive, send, wait } from './steps.ts';

/** A call as the library gives it to a handler: of each kind it has what that kind has. */
type Call = grpc.ServerDuplexStream<object, object> & { request?: object };

/** How a call is to end: with trailers in `metadata`, and with the response where the method gives one. */
type Answer = Partial<grpc.StatusObject> & { response?: object | null | undefined; unusable?: string };

/** What a call brought, and what it was sent. */
type Exchanged = Readonly<{ requests: Message[]; responses: Message[] }>;

/** The handler of `method`. It gives `report` a Served before the status goes to the library. */
export function createHandler(
  method: Method,
  scripts: ReadonlyMap<string, Script>,
  report: (served: object) => void,
) {
  return async (call: Call, respond?: grpc.sendUnaryData<object>): Promise<void> => {
    const first = (key: string) => String(call.metadata.get(key)[0] ?? '');
    const name = first('stitch-script');
    const script = scripts.get(name || method.path);
    const deadline = Number(call.getDeadline());
    const served = {
      callId: first('stitch-call-id'),
      method: method.path,
      script: script?.name,
      metadata: toEntries(call.metadata),
      // Infinity is the library's word for no deadline.
      timeRemainingMs: Number.isFinite(deadline) ? deadline - Date.now() : undefined,
      clientName: clientNameOf(call),
      requests: [],
      responses: [],
    };
    const plays = async (): Promise<Answer> => {
      if (script !== undefined) return play(script, method, call, served);
      if (name === '' && method.path === manage.PickOne.path) return plain(method, call, served);
      return { code: grpc.status.UNIMPLEMENTED, details: name ? `no script "${name}"` : 'no script' };
    };
    const answer = await plays().catch(failed);
    const {
      code = grpc.status.OK,
      details = '',
      metadata = new grpc.Metadata(),
      response,
      unusable,
    } = answer;
    if (call.cancelled) return report({ ...served, unusable, cancelled: true });
    report({ ...served, unusable, status: { code, message: details } });
    const failure = code === grpc.status.OK ? null : { code, details, metadata };
    if (respond !== undefined) respond(failure, response, metadata);
    else if (failure === null) call.end(metadata);
    else call.emit('error', failure);
  };
}

/** The common name of the client's certificate; empty where it has shown none, or the release does not tell. */
function clientNameOf(call: Call): string {
  return `${call.getAuthContext?.().sslPeerCertificate?.subject.CN ?? ''}`;
}

/** Ends a call that a script could not be played to: its message, or its metadata, is none. */
function failed(error: Error): Answer {
  const { message } = error;
  const status = { code: grpc.status.UNKNOWN, details: message };
  return error instanceof Unusable ? { ...status, unusable: message } : status;
}

async function play(
  { steps = [] }: Script,
  method: Method,
  call: Call,
  exchanged: Exchanged,
): Promise<Answer> {
  const over = new Promise((resolve) => call.once('cancelled', resolve));
  const incoming = method.requestStream ? call : Readable.from([call.request]);
  const requests = incoming[Symbol.asyncIterator]();
  const take = (request: object) => record(exchanged.requests, method.requestSerialize(request));
  let response: object | undefined;
  for (const step of steps) {
    if (call.cancelled) break;
    if (step.headers) call.sendMetadata(fromEntries(step.headers.entries));
    else if (step.receive !== undefined) await receive(requests, step.receive, take);
    else if (step.waitMs !== undefined) await wait(step.waitMs, over);
    else if (step.send !== undefined) {
      response = parse(method.responseDeserialize, step.send);
      const sent = method.responseStream ? await send(call, response, step.times, over) : 1;
      record(exchanged.responses, method.responseSerialize(response), sent);
    } else if (step.end) {
      const metadata = fromEntries(step.end.trailers);
      const { code = grpc.status.OK, message = '', details } = step.end.status ?? {};
      // The library knows nothing of details: they are a trailer.
      if (details) metadata.set('grpc-status-details-bin', Buffer.from(details, 'base64'));
      return { code, details: message, metadata, response };
    }
  }
  return { response };
}

function plain(method: Method, call: Call, { requests, responses }: Exchanged): Promise<Answer> {
  const { request = {} } = call;
  record(requests, method.requestSerialize(request));
  return new Promise((resolve) => {
    pickOne(call as grpc.ServerUnaryCall<object, object>, (error, row) => {
      if (row) record(responses, method.responseSerialize(row));
      resolve({ ...error, response: row });
    });
  });
}
