import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { run, Session } from './program.ts';

const server = new Session('server');
const client = new Session('client');
let port = 0;

before(async () => {
  const { listening } = await server.next();
  port = listening.port;
  assert.equal(listening.implementation.library, 'connect-es');
  const { ready } = await client.next();
  assert.match(ready.libraryVersion, /^2\./);
});

after(async () => {
  assert.equal(await client.stop(), 0);
  assert.equal(await server.stop(), 0);
});

type Entry = { key: string; text?: string; binary?: string };

async function call(...metadata: Entry[]) {
  const { ended } = await client.tell({
    id: '1',
    kind: 'unary',
    address: `127.0.0.1:${port}`,
    method: '/Manage/PickOne',
    request: { name: 'Stitch' },
    metadata: [{ key: 'stitch-call-id', text: 'c1' }, ...metadata],
    timeout: '10s',
  });
  const { served } = await server.next();
  return { ended, served };
}

const byKey = (entries: Entry[], key: string) => entries.find((entry) => entry.key === key);

test('a call, with headers and trailers', async () => {
  const { ended, served } = await call(
    { key: 'stitch-header-x-bin', binary: '/wA=' },
    { key: 'stitch-trailer-x', text: 't' },
  );
  assert.deepEqual(ended.reply, { name: 'Stitch', id: 7, skill: 'making annoyed noise' });
  assert.deepEqual(byKey(ended.headers, 'x-bin'), { key: 'x-bin', binary: '/wA=' });
  assert.deepEqual(byKey(ended.trailers, 'x'), { key: 'x', text: 't' });
  assert.equal(served.callId, 'c1');
  assert.equal(served.method, '/Manage/PickOne');
  assert.match(served.timeRemaining, /^(9\.\d+|10)s$/);
});

test('a status', async () => {
  const { ended, served } = await call(
    { key: 'stitch-status-code', text: '9' },
    { key: 'stitch-status-message-bin', binary: Buffer.from('ähm').toString('base64') },
  );
  assert.deepEqual([ended.code, ended.message], [9, 'ähm']);
  assert.deepEqual([served.code, served.message], [9, 'ähm']);
});

test('an instruction that the library cannot obey', async () => {
  const { ended } = await call({ key: 'stitch-send-headers', text: 'now' });
  assert.equal(ended.code, 12);
  assert.match(ended.message, /^stitch-send-headers: /);
});

for (const entry of [
  { key: 'stitch-wait-ms', text: 'soon' },
  { key: 'stitch-status-code', text: 'OK' },
  { key: 'stitch-status-message-bin', binary: '/w==' },
]) {
  test(`a value that cannot be read: ${entry.key}`, async () => {
    const { ended } = await call(entry);
    assert.equal(ended.code, 3);
    assert.match(ended.message, new RegExp(`^${entry.key}: `));
  });
}

test('a kind of call that is unknown', async () => {
  const { ended } = await client.tell({ id: '2', kind: 'bidi' });
  assert.deepEqual(ended, { id: '2', unsupported: 'call kind "bidi"' });
});

test('instructions', async () => {
  const { listening } = await server.tell({ listen: {} });
  assert.ok((await server.tell({ listen: { port: listening.port } })).refused);
  assert.deepEqual(await server.tell({ close: { port: listening.port } }), {
    closed: { port: listening.port },
  });
  assert.ok((await server.tell({ close: { port: listening.port } })).refused);
  assert.deepEqual(await server.tell({ flush: {} }), { flushed: {} });
  assert.deepEqual(await server.tell({ dance: {} }), { refused: { reason: 'unknown instruction' } });
  assert.ok((await server.tell('nonsense')).refused);
});

test('a port that is taken is a sentence', async () => {
  const { code, errors } = await run('', 'server', '--port', `${port}`);
  assert.equal(code, 1);
  assert.match(errors, /^listen EADDRINUSE: address already in use .*\n$/);
});

test('a line that is no call is a sentence', async () => {
  const { code, errors } = await run('nonsense\n', 'client');
  assert.equal(code, 1);
  assert.match(errors, /^.+\n$/);
});

for (const role of ['server', 'client']) {
  test(`SIGTERM stops a ${role}`, async () => {
    const session = new Session(role);
    await session.next();
    assert.equal(await session.stop('SIGTERM'), 0);
  });
}

test('reflection answers by name', async () => {
  const { createClient } = await import('@connectrpc/connect');
  const { createGrpcTransport, Http2SessionManager } = await import('@connectrpc/connect-node');
  const { ServerReflection } = await import('../src/gen/grpc/reflection/v1/reflection_pb.js');
  const baseUrl = `http://127.0.0.1:${port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const reflection = createClient(ServerReflection, createGrpcTransport({ baseUrl, sessionManager }));
  async function* requests() {
    yield { messageRequest: { case: 'listServices' as const, value: '' } };
    yield { messageRequest: { case: 'fileContainingSymbol' as const, value: 'Manage' } };
    yield { messageRequest: { case: 'fileContainingSymbol' as const, value: 'Nobody' } };
  }
  const kinds: (string | undefined)[] = [];
  for await (const { messageResponse } of reflection.serverReflectionInfo(requests()))
    kinds.push(messageResponse.case);
  sessionManager.abort();
  assert.deepEqual(kinds, ['listServicesResponse', 'fileDescriptorResponse', 'errorResponse']);
});
