// The client: makes the calls that standard input tells.
import { setTimeout as delay } from 'node:timers/promises';
import { fromJsonString, type MessageInitShape } from '@bufbuild/protobuf';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';
import { ConnectError, encodeBinaryHeader, type Transport } from '@connectrpc/connect';
import { compressionGzip, createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { Manage } from './gen/expirement_pb.js';
import { type Call, type CallRecordSchema, CallSchema, ClientLineSchema } from './gen/peer_pb.js';
import { graceMs, implementation, input, toEntries, write } from './lines.ts';

type CallRecord = MessageInitShape<typeof CallRecordSchema>;

/** Makes calls, each as soon as it is read, until told to stop; rejects for a line that is no call. */
export async function answerCalls(): Promise<void> {
  const calls: Promise<void>[] = [];
  write(ClientLineSchema, { line: { case: 'ready', value: implementation } });
  for await (const line of input()) {
    const ended = perform(fromJsonString(CallSchema, line, { ignoreUnknownFields: true }));
    calls.push(ended.then((value) => write(ClientLineSchema, { line: { case: 'ended', value } })));
  }
  await Promise.race([Promise.all(calls), delay(graceMs)]);
}

/** Makes the call, and gives what the library tells of it. */
async function perform(call: Call): Promise<CallRecord> {
  const { id, kind, compression } = call;
  if (kind !== 'unary') return { id, unsupported: `call kind "${kind}"` };
  if (compression !== '' && compression !== 'gzip')
    return { id, unsupported: `compression "${compression}"` };
  const startedMs = performance.now();
  const ended = await invoke(call).catch(refused);
  return { id, ...ended, elapsed: durationFromMs(Math.round(performance.now() - startedMs)) };
}

async function invoke(call: Call): Promise<CallRecord> {
  const [, typeName = '', name = ''] = call.method.split('/');
  const method = { ...Manage.method.pickOne, name, parent: { ...Manage, typeName } };
  const cancel = new AbortController();
  if (call.cancelAfter) setTimeout(() => cancel.abort(), durationMs(call.cancelAfter));
  const timeoutMs = call.timeout && durationMs(call.timeout);
  const metadata = new Headers();
  for (const { key, value } of call.metadata)
    metadata.append(key, value.case === 'binary' ? encodeBinaryHeader(value.value) : (value.value ?? ''));
  const transport = transportOf(call);
  const { message, header, trailer } = await transport.unary(
    method,
    cancel.signal,
    timeoutMs,
    metadata,
    call.request ?? {},
  );
  return { reply: message, headers: toEntries(header), trailers: toEntries(trailer) };
}

/** An error tells headers and trailers as one; they are the trailers here. */
function refused(reason: unknown): CallRecord {
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
