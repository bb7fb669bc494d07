/**
 * A client that knows nothing of the harness, without a gRPC library: a call as a tool
 * makes it that is told what to call (--method, --request), or calls of its own (--case, or
 * nothing). `--does` has it do something that it may, or may not.
 */
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { parseArgs } from 'node:util';
import { fromBinary, fromJson, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';
import { readTypes } from '../../messages/types.ts';

const { values } = parseArgs({
  options: {
    address: { type: 'string', default: '' },
    descriptors: { type: 'string', default: '' },
    method: { type: 'string' },
    metadata: { type: 'string', multiple: true, default: [] },
    timeout: { type: 'string' },
    case: { type: 'string' },
    does: { type: 'string', default: '' },
  },
});
const { methods, registry } = readTypes(readFileSync(values.descriptors));

interface Got {
  readonly code: number;
  readonly message: string;
  readonly responses: readonly JsonValue[];
}

/** All requests, the half-close, all that comes. */
async function call(session: ClientHttp2Session, path: string, requests: readonly JsonValue[]): Promise<Got> {
  const method = methods.get(path);
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...(values.timeout && { 'grpc-timeout': `${values.timeout}m` }),
    ...metadata(),
  });
  for (const request of requests)
    stream.write(
      framed(method ? toBinary(method.request, fromJson(method.request, request, { registry })) : []),
    );
  stream.end();
  let ended: NodeJS.Dict<string | string[]> = {};
  stream.on('response', (headers) => {
    ended = headers as typeof ended;
  });
  stream.on('trailers', (trailers) => {
    ended = trailers as typeof ended;
  });
  const body = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
  return {
    code: Number(ended['grpc-status'] ?? 2),
    message: decodeURIComponent(String(ended['grpc-message'] ?? '')),
    responses: messagesIn(body).map((bytes) =>
      method ? toJson(method.response, fromBinary(method.response, bytes), { registry }) : {},
    ),
  };
}

/** Several values of a key are a list. */
function metadata(): Readonly<Record<string, readonly string[]>> {
  const entries = values.metadata.map((entry) => entry.split(': ') as [string, string]);
  const byKey = Map.groupBy(entries, ([key]) => key);
  return Object.fromEntries([...byKey].map(([key, same]) => [key, same.map(([, value]) => value)]));
}

function framed(bytes: ArrayLike<number>): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, Buffer.from(bytes)]);
}

function messagesIn(body: Buffer): readonly Buffer[] {
  if (body.length === 0) return [];
  const end = 5 + body.readUInt32BE(1);
  return [body.subarray(5, end), ...messagesIn(body.subarray(end))];
}

/** What it is told; its answer is printed. */
async function tool(session: ClientHttp2Session, method: string): Promise<number> {
  const lines = (await Array.fromAsync(process.stdin as AsyncIterable<Buffer>)).join('').split('\n');
  const requests = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JsonValue);
  const { code, message, responses } = await call(session, `/${method}`, requests);
  const told = values.does === 'tells-other-id' ? responses.map(() => ({ id: 8 })) : responses;
  for (const response of told) process.stdout.write(`${JSON.stringify(response, null, 2)}\n`);
  if (code !== 0) process.stderr.write(`failed\n${JSON.stringify({ code, message })}\n`);
  return code === 0 ? 0 : 64 + code;
}

const pickOne = '/Manage/PickOne';

/** What it does by itself; 0 when it got what it wanted. */
async function itself(session: ClientHttp2Session): Promise<number> {
  const name = values.case === 'unknown/nobody' ? 'Nobody' : 'Stitch';
  if (values.does === 'asks-health') await call(session, '/grpc.health.v1.Health/Check', [{}]);
  if (values.does === 'calls-nobody') return 0;
  const got = await call(session, pickOne, [{ name: values.does === 'asks-for-another' ? 'Gigi' : name }]);
  if (values.does === 'calls-twice') await call(session, pickOne, [{ name }]);
  if (values.does === 'hangs') return new Promise(() => {});
  if (values.does === 'is-never-satisfied') return 1;
  process.stderr.write(`\tgot ${got.code}\n`);
  return got.code === (values.case === 'unknown/nobody' ? 5 : 0) ? 0 : 1;
}

const session = connect(`http://${values.address}`);
session.on('error', (error) => {
  process.stderr.write(`${error}\n`);
  process.exit(1);
});
process.exitCode = await (values.method ? tool(session, values.method) : itself(session));
session.close();
