import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import type { ServedRecord } from '../src/lines/types.ts';
import { instructed } from '../src/server/instructed.ts';
import { createServer } from '../src/server/offer.ts';
import { pickOne } from '../src/service/pick-one.ts';
import { ascii, connect, running } from './running.ts';

async function instructedServer() {
  const served: ServedRecord[] = [];
  const reports = new EventEmitter();
  reports.on('served', (record) => served.push(record));
  const report = (record: ServedRecord) => reports.emit('served', record);
  const server = await running(createServer(instructed(pickOne, report)));
  return { ...server, served, reports, [Symbol.dispose]: server[Symbol.dispose] };
}

function message(text: string | Buffer) {
  return { key: 'stitch-status-message-bin', binary: Buffer.from(text).toString('base64') };
}

test('what a call brought and how it was answered is reported', async () => {
  using server = await instructedServer();
  await server.call('Cyber', { metadata: ascii({ 'stitch-call-id': 'c1' }) });
  assert.deepEqual(server.served, [
    {
      callId: 'c1',
      method: '/Manage/PickOne',
      request: { name: 'Cyber' },
      metadata: ascii({ 'stitch-call-id': 'c1', 'user-agent': 'grpc-node-js/1.14.7' }),
      code: 0,
      message: '',
      reply: { name: 'Cyber', id: 0, skill: 'breaking' },
    },
  ]);
});

test('a deadline is reported as the time that is left', async () => {
  using server = await instructedServer();
  await server.call('Gigi', { timeout: '7s' });
  assert.match(server.served[0]?.timeRemaining ?? '', /^(6\.\d+|7\.0+)s$/);
});

test('a name that is not found is reported with its status', async () => {
  using server = await instructedServer();
  await server.call('nobody');
  const [{ code, message, reply } = {}] = server.served;
  assert.deepEqual({ code, message, reply }, { code: 5, message: 'expirement not found', reply: undefined });
});

for (const when of ['with the answer', 'first'] as const) {
  test(`headers ${when}, and trailers, whatever the status`, async () => {
    using server = await instructedServer();
    const entries = { 'stitch-header-h': '1', 'stitch-trailer-t': '2', 'stitch-trailer-u': '' };
    const metadata = ascii(when === 'first' ? { ...entries, 'stitch-send-headers': 'now' } : entries);
    for (const name of ['Gigi', 'nobody']) {
      const { headers, trailers } = await server.call(name, { metadata });
      assert.deepEqual(
        headers?.filter(({ key }) => key === 'h'),
        ascii({ h: '1' }),
      );
      assert.deepEqual(
        trailers?.filter(({ key }) => key !== 'date'),
        ascii({ t: '2', u: '' }),
      );
    }
  });
}

for (let code = 1; code <= 16; code++) {
  test(`status ${code} with a message of every sort`, async () => {
    using server = await instructedServer();
    for (const text of ['', '100% of %41', 'a\nb\r\nc\0', '找不到實驗', '🎣', 'noise '.repeat(333)]) {
      const metadata = [...ascii({ 'stitch-status-code': String(code) }), message(text)];
      const ended = await server.call('Gigi', { metadata });
      assert.deepEqual({ code: ended.code, message: ended.message }, { code, message: text });
      assert.equal(server.served.at(-1)?.message, text);
    }
  });
}

test('a status without a message has an empty one', async () => {
  using server = await instructedServer();
  const { code, message } = await server.call('Gigi', { metadata: ascii({ 'stitch-status-code': '9' }) });
  assert.deepEqual({ code, message }, { code: 9, message: '' });
});

test('headers come before the wait when told so, and a cancelled wait is reported at once', async () => {
  using server = await instructedServer();
  using client = connect(server.address);
  const told = ascii({ 'stitch-header-h': '1', 'stitch-send-headers': 'now', 'stitch-wait-ms': '60000' });
  const call = client.begin('Gigi', told);
  const [headers] = await once(call, 'metadata');
  assert.deepEqual(headers.get('h'), ['1']);
  const reported = once(server.reports, 'served');
  call.cancel();
  const [{ cancelled, code }] = await reported;
  assert.deepEqual({ cancelled, code }, { cancelled: true, code: undefined });
});

test('a wait ends when the deadline passes, and is reported as cancelled', async () => {
  using server = await instructedServer();
  await server.call('Gigi'); // The connection is up, so the deadline passes at the server and not before it.
  const reported = once(server.reports, 'served');
  const { code } = await server.call('Gigi', {
    metadata: ascii({ 'stitch-wait-ms': '60000' }),
    timeout: '1s',
  });
  const [{ cancelled }] = await reported;
  assert.deepEqual({ code, cancelled }, { code: 4, cancelled: true });
});

const malformed = [
  ['stitch-wait-ms', '60001'],
  ['stitch-wait-ms', '-1'],
  ['stitch-status-code', '0'],
  ['stitch-status-code', '17'],
  ['stitch-send-headers', 'later'],
  ['stitch-reply-encoding', 'br'],
  ['stitch-header-', 'x'],
  ['stitch-trailer-connection', 'close'],
] as const;

for (const [key, value] of malformed) {
  test(`${key}: ${value} is an INVALID_ARGUMENT that names the key`, async () => {
    using server = await instructedServer();
    const { code, message } = await server.call('Gigi', { metadata: ascii({ [key]: value }) });
    assert.equal(code, 3);
    assert.ok(message?.startsWith(`${key}: `), message);
  });
}

test('a status message that is not UTF-8 is malformed', async () => {
  using server = await instructedServer();
  const metadata = [...ascii({ 'stitch-status-code': '9' }), message(Buffer.of(0xff))];
  assert.equal((await server.call('Gigi', { metadata })).code, 3);
});

test('a compressed reply is more than the library can do', async () => {
  using server = await instructedServer();
  const { code } = await server.call('Gigi', { metadata: ascii({ 'stitch-reply-encoding': 'gzip' }) });
  assert.equal(code, 12);
});
