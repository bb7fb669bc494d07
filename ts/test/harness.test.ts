import assert from 'node:assert/strict';
import { test } from 'node:test';
import { implementation } from '../src/implementation.ts';
import { start } from './program.ts';

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

test('a call in flight outlives the end of input and SIGTERM', async () => {
  using peers = await pair();
  peers.call('c1', { request: { name: 'Gigi' }, metadata: [{ key: 'stitch-wait-ms', text: '500' }] });
  await new Promise((resolve) => setTimeout(resolve, 200));
  peers.client.child.stdin.end();
  peers.server.child.kill('SIGTERM');
  assert.equal((await peers.client.line()).ended.code, 0);
  assert.deepEqual(await Promise.all([peers.server.exitCode, peers.client.exitCode]), [0, 0]);
});

test('nobody reading any more is no reason to crash', async () => {
  using peers = await pair();
  peers.call('c1', { metadata: [{ key: 'stitch-wait-ms', text: '300' }] });
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (const { child } of [peers.client, peers.server]) {
    child.stdin.end();
    child.stdout.destroy();
  }
  assert.deepEqual(await Promise.all([peers.server.exitCode, peers.client.exitCode]), [0, 0]);
});

test('a line that is no call ends the client with 2', async () => {
  using client = start('client', '--harness');
  await client.line();
  client.send('garbage');
  assert.equal(await client.exitCode, 2);
});
