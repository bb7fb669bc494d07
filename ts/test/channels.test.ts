import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { parseCall } from '../src/client/call.ts';
import { Channels } from '../src/client/channels.ts';
import { invoke } from '../src/client/invoke.ts';

/** A server that notes what reaches it, and answers every call with status 9. */
async function wire() {
  const sessions: ServerHttp2Session[] = [];
  const requests: IncomingHttpHeaders[] = [];
  const server = createServer().on('session', (session) => sessions.push(session));
  server.on('stream', (stream, headers) => {
    requests.push(headers);
    stream.respond({ 'content-type': 'application/grpc', 'grpc-status': 9 }, { endStream: true });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const channels = new Channels();
  const call = (members: object) => {
    const parsed = parseCall(JSON.stringify({ id: '1', address, method: '/Manage/PickOne', ...members }));
    return invoke(channels.get(parsed), parsed);
  };
  const close = () => {
    server.close();
    for (const session of sessions) session.destroy();
  };
  return { sessions, requests, call, [Symbol.dispose]: close };
}

test('calls that name one channel share a connection, and no others do', async () => {
  using server = await wire();
  for (const channel of ['a', 'b', 'a', 'b']) assert.equal((await server.call({ channel })).code, 9);
  assert.equal(server.sessions.length, 2);
});

test('a request is compressed when told so, and only then', async () => {
  using server = await wire();
  await server.call({ compression: 'gzip' });
  await server.call({});
  assert.deepEqual(
    server.requests.map((headers) => headers['grpc-encoding']),
    ['gzip', undefined],
  );
});

test('a client adds no metadata of its own', async () => {
  using server = await wire();
  await server.call({ metadata: [{ key: 'k', text: 'v' }] });
  assert.deepEqual(Object.keys(server.requests[0] ?? {}).sort(), [
    ':authority',
    ':method',
    ':path',
    ':scheme',
    'accept-encoding',
    'content-type',
    'grpc-accept-encoding',
    'k',
    'te',
    'user-agent',
  ]);
});
