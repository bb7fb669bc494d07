import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ca, clientCert, clientKey, serverCert, serverKey } from './certificates.ts';
import { startPair, startPeer } from './harness.ts';

/** A peer, and a server that notes what reaches it and answers every call with status 9. */
async function wire() {
  const sessions: ServerHttp2Session[] = [];
  const requests: IncomingHttpHeaders[] = [];
  let pings = 0;
  const server = createServer().on('session', (session) => {
    sessions.push(session);
    session.on('ping', () => {
      pings++;
    });
  });
  server.on('stream', (stream, headers) => {
    requests.push(headers);
    stream.respond({ 'content-type': 'application/grpc', 'grpc-status': 9 }, { endStream: true });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const peer = await startPeer();
  return {
    sessions,
    requests,
    pings: () => pings,
    call: async (channel: object, members: object = {}) => {
      const call = { channel: { address, ...channel }, method: '/Manage/PickOne', steps: [{ send: '' }] };
      assert.equal((await peer.call({ ...call, ...members })).status.code, 9);
    },
    [Symbol.dispose]: () => {
      peer[Symbol.dispose]();
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

test('calls whose channel has the same content share a connection, and no others do', async () => {
  using server = await wire();
  const contents = [
    { name: 'a' },
    { name: 'b' },
    { name: 'b', maxReceiveBytes: 5 },
    { maxReceiveBytes: 5, name: 'b' },
    { name: 'a', keepalive: { timeMs: 50_000 } },
    { name: 'a', tls: undefined, keepalive: {} },
  ];
  for (const content of contents) await server.call(content);
  assert.equal(server.sessions.length, 4);
});

test('a request is compressed when told so, and only then', async () => {
  using server = await wire();
  await server.call({}, { compression: 'gzip' });
  await server.call({});
  assert.deepEqual(
    server.requests.map((headers) => headers['grpc-encoding']),
    ['gzip', undefined],
  );
});

test('a response that is compressed is read', async () => {
  using peer = await startPeer();
  const server = createServer().on('stream', (stream) => {
    const compressed = gzipSync('\x0a\x05Cyber');
    const header = Buffer.of(1, 0, 0, 0, compressed.length);
    stream.respond(
      { 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' },
      { waitForTrailers: true },
    );
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': 0 }));
    stream.end(Buffer.concat([header, compressed]));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = { channel: { address }, method: '/Manage/PickOne', steps: [{ send: '' }] };
  assert.deepEqual((await peer.call(call)).responses, [{ bytes: 'CgVDeWJlcg==', times: 1 }]);
  peer[Symbol.dispose]();
  server.close();
});

test('a client adds nothing but the id of the call', async () => {
  using server = await wire();
  await server.call({}, { metadata: [{ key: 'k', text: 'v' }] });
  assert.deepEqual(Object.keys(server.requests[0] ?? {}).sort(), [
    ':authority',
    ':method',
    ':path',
    ':scheme',
    'accept-encoding',
    'content-type',
    'grpc-accept-encoding',
    'k',
    'stitch-call-id',
    'te',
    'user-agent',
  ]);
});

test('a channel pings as often as it is told, without calls when told so', async () => {
  using server = await wire();
  const keepalive = { timeMs: 100, timeoutMs: 1000 };
  await server.call({ keepalive });
  await delay(500);
  assert.equal(server.pings(), 0);
  await server.call({ keepalive: { ...keepalive, withoutCalls: true } });
  await delay(1_500);
  assert.ok(server.pings() >= 2, String(server.pings()));
});

const tls = { ca, cert: clientCert, key: clientKey, serverName: 'server.test' };

for (const [what, expected, channel] of [
  ['is right', 5, tls],
  ['has no certificate of its own', 14, { ca, serverName: 'server.test' }],
  ['wants another name', 14, { ...tls, serverName: 'other.test' }],
  ['knows no authority', 14, { cert: clientCert, key: clientKey, serverName: 'server.test' }],
  ['is not encrypted', 14, undefined],
  ['has a key that is none', 2, { ...tls, key: 'nonsense' }],
] as const) {
  test(`a call over mutual TLS whose client ${what} is status ${expected}`, async () => {
    using peer = await startPair(
      { tls: { cert: serverCert, key: serverKey, clientCa: ca } },
      { tls: channel },
    );
    const ended = await peer.invoke('', [{ send: '' }], { method: '/Manage/PickOne', timeoutMs: 10_000 });
    assert.equal(ended.status.code, expected, ended.status.message);
  });
}

test('a server does not ask for a certificate unless it is told what it is to lead to', async () => {
  using peer = await startPair(
    { tls: { cert: serverCert, key: serverKey } },
    { tls: { ca, serverName: 'server.test' } },
  );
  assert.equal((await peer.invoke('', [{ send: '' }], { method: '/Manage/PickOne' })).status.code, 5);
});

for (const [what, tls] of [
  ['no certificate', { key: serverKey }],
  ['no key', { cert: serverCert }],
  ['no PEM', { cert: 'x', key: 'y' }],
  ["another's key", { cert: serverCert, key: clientKey }],
  ['no authority', { cert: serverCert, key: serverKey, clientCa: 'x' }],
  ['a version', { cert: serverCert, key: serverKey, version: '1.3' }],
] as const) {
  test(`a listener with ${what} is refused, and says that it is about TLS`, async () => {
    using peer = await startPair({ tls });
    assert.match(peer.refused, /tls/);
  });
}

test('closing a listener waits for nobody who has not shaken hands', async (t) => {
  const listen = { tls: { cert: serverCert, key: serverKey } };
  using peer = await startPair(listen);
  const socket = connect(peer.port, '127.0.0.1').on('error', () => {});
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  // The server may learn of it a moment later.
  await delay(200);
  const late = delay(5_000, { refused: 'it waits' }, { ref: false });
  const closed = await Promise.race([peer.ask({ close: { port: peer.port } }), late]);
  assert.equal(closed.refused, undefined);
  const again = await peer.ask({ listen: { ...listen, host: '127.0.0.1', port: peer.port } });
  assert.equal(again.port, peer.port);
});

for (const [what, expected, listen, channel] of [
  ['is asked for', 'client', { cert: serverCert, key: serverKey, clientCa: ca }, tls],
  ['is not asked for', '', { cert: serverCert, key: serverKey }, tls],
  ['is none', '', undefined, undefined],
] as const) {
  test(`the name of a client whose certificate ${what} is "${expected}"`, async () => {
    using peer = await startPair({ tls: listen }, { tls: channel });
    await peer.script('/test.Notes/Both', { receive: 1 });
    for (const method of ['/Manage/PickOne', '/test.Notes/Both']) {
      await peer.invoke('', [{ send: '' }], { method });
      assert.equal((await peer.next('served')).clientName, expected);
    }
  });
}
