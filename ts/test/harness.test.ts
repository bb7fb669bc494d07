import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { implementation } from '../src/implementation.ts';
import { createServer } from '../src/server/offer.ts';
import type { PickOne } from '../src/service/messages.ts';
import { pickOne } from '../src/service/pick-one.ts';
import { type Program, start } from './program.ts';
import { ascii, connect, running } from './running.ts';

/** A server and a client, each past its first line. */
async function pair() {
  const stack = new DisposableStack();
  const server = stack.use(start('server', '--harness', '--port', '0'));
  const client = stack.use(start('client', '--harness'));
  const [{ listening }, { ready }] = await Promise.all([server.line(), client.line()]);
  const call = (id: string, members: object = {}) => {
    const address = `127.0.0.1:${listening.port}`;
    const metadata = [{ key: 'stitch-call-id', text: id }];
    client.send({ id, kind: 'unary', address, method: '/Manage/PickOne', metadata, ...members });
  };
  return { server, client, listening, ready, call, [Symbol.dispose]: () => stack.dispose() };
}

test('the first lines say what the peer is, and standard input ends it', async () => {
  using peers = await pair();
  assert.deepEqual(peers.ready, implementation);
  assert.deepEqual(peers.listening.implementation, implementation);
  assert.match(implementation.libraryVersion, /^\d+\.\d+\.\d+$/);
  peers.server.child.stdin.end();
  peers.client.child.stdin.end();
  assert.deepEqual(await Promise.all([peers.server.exitCode, peers.client.exitCode]), [0, 0]);
});

test('a call has one line of each side', async () => {
  using peers = await pair();
  peers.call('c1', { request: { name: 'Gigi\u2028' } });
  const { ended } = await peers.client.line();
  const { served } = await peers.server.line();
  assert.deepEqual([ended.id, ended.code, ended.message], ['c1', 5, 'expirement not found']);
  assert.deepEqual([served.callId, served.code, served.request], ['c1', 5, { name: 'Gigi\u2028' }]);
});

test('what a call asks for and the client does not know is said so', async () => {
  using peers = await pair();
  peers.call('c1', { kind: 'bidi' });
  assert.deepEqual(await peers.client.line(), { ended: { id: 'c1', unsupported: 'call kind "bidi"' } });
  peers.call('c2', { compression: 'zstd' });
  assert.deepEqual(await peers.client.line(), { ended: { id: 'c2', unsupported: 'compression "zstd"' } });
});

test('a compressed request is answered', async () => {
  using peers = await pair();
  peers.call('c1', { compression: 'gzip', request: { name: 'Gigi' } });
  assert.equal((await peers.client.line()).ended.reply.id, 6);
});

test('a listener ends and comes back on its port, and a call waits for it', async () => {
  using peers = await pair();
  const { port } = peers.listening;
  peers.server.send({ close: { port } });
  assert.deepEqual(await peers.server.line(), { closed: { port } });
  peers.call('c1', { request: { name: 'Gigi' }, waitForReady: true, timeout: '20s' });
  peers.call('c2', { request: { name: 'Gigi' } });
  const away = await peers.client.line();
  assert.deepEqual([away.ended.id, away.ended.code], ['c2', 14]);
  peers.server.send({ listen: { port } });
  assert.deepEqual(await peers.server.line(), { listening: { port, implementation } });
  assert.equal((await peers.client.line()).ended.code, 0);
});

test('instructions are answered in order, refused ones with a reason', async () => {
  using peers = await pair();
  const { port } = peers.listening;
  const lines = ['garbage', { dance: {} }, { close: { port: 1 } }, { listen: { port } }, { flush: {} }];
  for (const line of lines) peers.server.send(line);
  assert.match((await peers.server.line()).refused.reason, /is not valid JSON$/);
  assert.deepEqual(await peers.server.line(), { refused: { reason: 'unknown instruction: {"dance":{}}' } });
  assert.deepEqual(await peers.server.line(), { refused: { reason: 'port 1: no listener' } });
  const inUse = { reason: `port ${port}: address already in use` };
  assert.deepEqual(await peers.server.line(), { refused: inUse });
  assert.deepEqual(await peers.server.line(), { flushed: {} });
});

type Stop = (program: Program) => void;

// Standard output may be a closed pipe once standard input has ended: nobody reads any more.
const stops: readonly (readonly [how: string, stop: Stop])[] = [
  ['the end of input', ({ child }) => child.stdin.end()],
  ['SIGTERM', ({ child }) => child.kill('SIGTERM')],
  [
    'the end of input and of output',
    ({ child }) => {
      child.stdin.end();
      child.stdout.destroy();
    },
  ],
];

for (const [how, stop] of stops) {
  test(`a call in flight at the server outlives ${how}`, async () => {
    using server = start('server', '--harness', '--port', '0');
    const { listening } = await server.line();
    using client = connect(`127.0.0.1:${listening.port}`);
    const call = client.begin('Gigi', ascii({ 'stitch-send-headers': 'now', 'stitch-wait-ms': '500' }));
    await once(call, 'metadata');
    stop(server);
    const [status] = await once(call, 'status');
    assert.equal(status.code, 0);
    assert.equal(await server.exitCode, 0);
  });

  test(`a call in flight at the client outlives ${how}`, async () => {
    const reached = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const patient: PickOne = (call, callback) => {
      reached.resolve();
      stopped.promise.then(() => pickOne(call, callback));
    };
    using server = await running(createServer(patient));
    using client = start('client', '--harness');
    await client.line();
    client.send({ id: 'c1', kind: 'unary', address: server.address, method: '/Manage/PickOne' });
    await reached.promise;
    stop(client);
    setTimeout(stopped.resolve, 300); // A client that does not wait has gone by then.
    if (!client.child.stdout.destroyed) assert.equal((await client.line()).ended.code, 5);
    assert.equal(await client.exitCode, 0);
  });
}

test('a line that is no call ends the client with 2', async () => {
  using client = start('client', '--harness');
  await client.line();
  client.send('garbage');
  assert.equal(await client.exitCode, 2);
});
