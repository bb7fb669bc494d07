// One call of any method, from its start to its record.
import {
  type Client,
  type ClientUnaryCall,
  Metadata,
  type requestCallback,
  type ServiceError,
  type StatusObject,
  status,
} from '@grpc/grpc-js';
import { formatDuration } from '../lines/duration.ts';
import { fromEntries, toEntries } from '../lines/metadata.ts';
import type { CallRecord } from '../lines/types.ts';
import { manage } from '../service/definition.ts';
import type { Expirement } from '../service/messages.ts';
import type { Call } from './call.ts';

const { requestSerialize: serialize, responseDeserialize: deserialize } = manage.PickOne;

/** Longer timers end at once in Node.js, after a warning. */
const longestTimerMs = 2 ** 31 - 1;

interface Ended {
  readonly status: StatusObject | ServiceError;
  readonly reply: Expirement | undefined;
  readonly headers: Metadata;
}

/** Makes the call. Never rejects: what the library throws is the call's status. */
export async function invoke(client: Client, call: Call): Promise<CallRecord> {
  const startedMs = performance.now();
  const ended = await start(client, call).catch(refused);
  return {
    id: call.id,
    code: ended.status.code,
    message: ended.status.details,
    ...(ended.reply && { reply: ended.reply }),
    headers: toEntries(ended.headers),
    trailers: toEntries(ended.status.metadata),
    elapsed: formatDuration(performance.now() - startedMs),
  };
}

async function start(client: Client, call: Call): Promise<Ended> {
  const metadata = fromEntries(call.metadata);
  metadata.setOptions({ waitForReady: call.isWaitingForReady });
  const options = call.timeoutMs === undefined ? {} : { deadline: Date.now() + call.timeoutMs };
  return observe(call, (done) =>
    client.makeUnaryRequest(call.method, serialize, deserialize, call.request, metadata, options, done),
  );
}

/** Resolves when the call has its status, which the library tells after the reply or the error. */
function observe(call: Call, make: (done: requestCallback<Expirement>) => ClientUnaryCall): Promise<Ended> {
  return new Promise((resolve) => {
    let headers = new Metadata();
    let error: ServiceError | null = null;
    let reply: Expirement | undefined;
    const unary = make((...outcome) => {
      [error, reply] = outcome;
    });
    const cancelTimer = later(call.cancelAfterMs, () => unary.cancel());
    unary.on('metadata', (received: Metadata) => {
      headers = received;
    });
    unary.on('status', (received: StatusObject) => {
      clearTimeout(cancelTimer);
      resolve({ status: error ?? received, reply, headers });
    });
  });
}

function later(ms: number | undefined, act: () => void): NodeJS.Timeout | undefined {
  return ms === undefined || ms > longestTimerMs ? undefined : setTimeout(act, ms);
}

/** The library throws, without a code, for a call that it will not make. */
function refused(error: Error): Ended {
  const metadata = new Metadata();
  return {
    status: { code: status.UNKNOWN, details: error.message, metadata },
    reply: undefined,
    headers: metadata,
  };
}
