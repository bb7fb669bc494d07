// The client, for a person and for the harness.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { compressionGzip, createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { Manage } from './gen/expirement_pb.js';
import { Health, HealthCheckResponse_ServingStatus as Status } from './gen/grpc/health/v1/health_pb.js';
import { type Call, type CallRecordSchema, CallSchema, ClientLineSchema } from './gen/peer_pb.js';
import { fromEntries, implementation, input, parse, toEntries, write } from './lines.ts';
import { graceFor, told } from './stop.ts';

type Record = MessageInitShape<typeof CallRecordSchema>;

/** Makes the calls that standard input tells, until that ends; rejects for a line that is no call. */
export async function answerCalls(): Promise<void> {
  const calls: Promise<void>[] = [];
  const begin = async () => {
    for await (const line of input()) calls.push(perform(parse(CallSchema, line)).then(report));
  };
  write(ClientLineSchema, { line: { case: 'ready', value: implementation } });
  await Promise.race([begin(), told]);
  await graceFor(Promise.all(calls));
}

function report(ended: Record): void {
  write(ClientLineSchema, { line: { case: 'ended', value: ended } });
}

/** Makes the call, and gives what the library tells of it. */
async function perform(call: Call): Promise<Record> {
  const { id, kind, compression } = call;
  if (kind !== 'unary') return { id, unsupported: `call kind "${kind}"` };
  if (compression !== '' && compression !== 'gzip')
    return { id, unsupported: `compression "${compression}"` };
  const startedMs = performance.now();
  const cancel = new AbortController();
  const timer = call.cancelAfter && setTimeout(() => cancel.abort(), durationMs(call.cancelAfter));
  const ended = await invoke(call, cancel.signal).catch(refused);
  clearTimeout(timer);
  return { id, ...ended, elapsed: durationFromMs(Math.round(performance.now() - startedMs)) };
}

async function invoke(call: Call, signal: AbortSignal): Promise<Record> {
  const [, typeName = '', name = ''] = call.method.split('/');
  const method = { ...Manage.method.pickOne, name, parent: { ...Manage, typeName } };
  const timeoutMs = call.timeout && durationMs(call.timeout);
  const header = fromEntries(call.metadata);
  const response = await transportOf(call).unary(method, signal, timeoutMs, header, call.request ?? {});
  return {
    reply: response.message,
    headers: toEntries(response.header),
    trailers: toEntries(response.trailer),
  };
}

/** An error tells headers and trailers as one; they are the trailers here. */
function refused(reason: unknown): Record {
  const { code, rawMessage, metadata } = ConnectError.from(reason);
  return { code, message: rawMessage, trailers: toEntries(metadata) };
}

const connections = new Map<string, Http2SessionManager>();

/** Compression belongs to a transport: those of one channel share its connection. */
function transportOf({ address, channel, compression }: Call): Transport {
  const baseUrl = `http://${address}`;
  const key = JSON.stringify([address, channel]);
  const sessionManager = connections.get(key) ?? new Http2SessionManager(baseUrl);
  connections.set(key, sessionManager);
  const gzip = compression === 'gzip' && { sendCompression: compressionGzip, compressMinBytes: 0 };
  return createGrpcTransport({ baseUrl, sessionManager, ...gzip });
}

/** Prints the row of each name, or the status that came instead; tells whether all were OK. */
export async function lookUp(address: string, names: readonly string[]): Promise<boolean> {
  const client = createClient(Manage, createGrpcTransport({ baseUrl: `http://${address}` }));
  let isOk = true;
  for (const wanted of names) {
    try {
      const { name, id, skill } = await client.pickOne({ name: wanted }, { timeoutMs: 10_000 });
      process.stdout.write(`Expirement:\n---Name:${name} \n---ID:${id} \n---Skill:${skill}\n`);
    } catch (reason) {
      console.error(sentence(reason));
      isOk = false;
    }
  }
  return isOk;
}

/** "NOT_FOUND: expirement not found". */
function sentence(reason: unknown): string {
  const { code, rawMessage } = ConnectError.from(reason);
  const name = code === Code.Canceled ? 'CANCELLED' : Code[code].replace(/\B[A-Z]/g, '_$&').toUpperCase();
  return `${name}: ${rawMessage}`;
}

/** Tells whether the whole server is SERVING. */
export async function checkHealth(address: string): Promise<boolean> {
  const client = createClient(Health, createGrpcTransport({ baseUrl: `http://${address}` }));
  const status = await client.check({}, { timeoutMs: 2_000 }).then(({ status }) => Status[status], sentence);
  if (status !== 'SERVING') console.error(`${address} is not healthy: ${status}`);
  return status === 'SERVING';
}
