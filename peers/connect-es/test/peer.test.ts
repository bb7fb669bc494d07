// The peer against itself.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { type Line, Program } from './program.ts';
import { Relay } from './relay.ts';
import { files, text } from './talk.ts';

const peer = new Program();
let address = '';
let calls = 0;

before(async () => {
  const ready = await peer.ready();
  assert.equal(ready.library, 'connect-es');
  assert.match(ready.libraryVersion, /^2\./);
  await peer.tell({ types: { files } });
  address = await listen(peer);
});

after(async () => {
  assert.equal((await peer.stop()).code, 0);
});

async function listen(peer: Program, listen: object = {}): Promise<string> {
  const { port, refused } = await peer.tell({ listen: { host: '127.0.0.1', ...listen } });
  assert.equal(refused, undefined);
  return `127.0.0.1:${port}`;
}

type Played = { ended: Line; served: Promise<Line> };

/** Plays a conversation. What the server says of it may never come. */
async function play(method: string, server: object[], client: object[], more: object = {}): Promise<Played> {
  const id = `call-${++calls}`;
  await peer.tell({ script: { name: id, steps: server } });
  const metadata = [{ key: 'stitch-script', text: id }];
  const call = { channel: { address }, method: `/test.Talk/${method}`, metadata, steps: client, ...more };
  return { ended: await peer.tell({ call }, id), served: peer.served(id) };
}

const send = (word: string, times = 1) => ({ send: text(word), times });
const rows = (...words: string[]) => words.map((word) => ({ bytes: text(word) }));
const [stitch = '', other = ''] = ['stitch', 'other'].map((name) =>
  readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8'),
);
const byKey = (entries: Line[], key: string) => entries.find((entry) => entry.key === key);

test('the plain service', async () => {
  const call = { channel: { address }, method: '/Manage/PickOne' };
  const found = await peer.tell({ call: { ...call, steps: [send('Stitch')] } }, 'found');
  assert.deepEqual(found.status, {});
  assert.match(Buffer.from(found.responses[0].bytes, 'base64').toString(), /making annoyed noise/);
  const { script, requests, responses, status } = await peer.served('found');
  assert.deepEqual([script, requests, responses, status], ['', rows('Stitch'), found.responses, {}]);
  const missing = await peer.tell({ call: { ...call, steps: [send('Nobody')] } }, 'missing');
  assert.deepEqual(missing.status, { code: 5, message: 'expirement not found' });
  assert.deepEqual((await peer.served('missing')).status, missing.status);
});

test('unary: headers, trailers and time left', async () => {
  const headers = { entries: [{ key: 'h', text: '1' }] };
  const end = { trailers: [{ key: 't-bin', binary: '/wA=' }] };
  const steps = [{ headers }, { receive: 1 }, send('b'), { end }];
  const { ended, served } = await play('Ask', steps, [send('a')], { timeoutMs: 10_000 });
  assert.deepEqual([ended.status, ended.responses, ended.sent], [{}, rows('b'), 1]);
  assert.deepEqual(byKey(ended.headers, 'h'), { key: 'h', text: '1' });
  assert.deepEqual(byKey(ended.trailers, 't-bin'), { key: 't-bin', binary: '/wA=' });
  const { requests, responses, timeRemainingMs } = await served;
  assert.deepEqual([requests, responses], [rows('a'), rows('b')]);
  assert.ok(timeRemainingMs > 5_000 && timeRemainingMs <= 10_000);
});

test('client stream: equal messages are one entry', async () => {
  const { ended, served } = await play('Upload', [{ receive: -1 }, send('b')], [send('a', 3), send('c')]);
  assert.deepEqual([ended.responses, ended.sent], [rows('b'), 4]);
  assert.deepEqual((await served).requests, [{ bytes: text('a'), times: 3 }, ...rows('c')]);
});

test('server stream: messages, then a status with details', async () => {
  const status = { code: 14, message: 'ähm', details: 'CA4SBMOkaG0=' };
  const { ended, served } = await play('Download', [send('b', 2), { end: { status } }], [send('a')]);
  assert.deepEqual(ended.responses, [{ bytes: text('b'), times: 2 }]);
  assert.deepEqual(ended.status, { code: 14, message: 'ähm' });
  assert.equal(byKey(ended.headers, 'grpc-status-details-bin').binary, status.details);
  assert.deepEqual((await served).status, ended.status);
});

test('bidi: the server speaks first, and the client answers', async () => {
  const server = [send('1'), { receive: 1 }, send('2'), { receive: -1 }];
  const client = [{ receive: 1 }, send('a'), { receive: 1 }, send('b')];
  const { ended, served } = await play('Chat', server, client);
  assert.deepEqual([ended.status, ended.responses], [{}, rows('1', '2')]);
  assert.deepEqual((await served).requests, rows('a', 'b'));
});

test('the types of another method', async () => {
  const { ended } = await play('Ask', [], [send('a', 2)], { types: '/test.Talk/Chat' });
  assert.equal(ended.status.code, 12);
  assert.match(ended.status.message, /extra input message/);
});

test('a server that ends early, before its responses are wanted', async () => {
  const big = send('a'.repeat(1 << 20), 20);
  const { ended, served } = await play('Chat', [{ receive: 1 }, send('b', 3)], [big]);
  assert.deepEqual([ended.status, ended.responses], [{}, [{ bytes: text('b'), times: 3 }]]);
  assert.ok(ended.sent < 20);
  assert.deepEqual((await served).status, {});
});

test('a call that fails while nobody reads', async () => {
  const channel = { address: '127.0.0.1:1' };
  const { ended } = await play('Chat', [], [{ waitMs: 10_000 }, send('a')], { channel });
  assert.equal(ended.status.code, 14);
  assert.ok(ended.elapsedMs < 5_000);
});

test('a message that the runtime does not parse', async () => {
  const { ended } = await play('Ask', [], [{ send: '/w==' }]);
  assert.deepEqual(ended, { id: ended.id, unusable: 'premature EOF' });
  const { ended: answered, served } = await play('Ask', [{ send: '/w==' }], [send('a')]);
  assert.equal(answered.status.code, 13);
  assert.equal((await served).unusable, 'premature EOF');
});

test('cancelled while the server waits', async () => {
  const server = [{ receive: 1 }, { waitMs: 60_000 }];
  const { ended, served } = await play('Ask', server, [send('a'), { waitMs: 100 }, { cancel: true }]);
  assert.equal(ended.status.code, 1);
  const { cancelled, status, requests } = await served;
  assert.deepEqual([cancelled, status, requests], [true, undefined, rows('a')]);
});

test('cancelled while the server cannot send on', async () => {
  const client = [send('a'), { receive: 1 }, { cancel: true }];
  const { ended, served } = await play('Download', [send('b'.repeat(1 << 20), 50)], client);
  assert.equal(ended.status.code, 1);
  assert.equal((await served).cancelled, true);
});

test('a deadline in the middle of a stream', async () => {
  const server = [send('b'), { waitMs: 60_000 }];
  const { ended, served } = await play('Download', server, [send('a')], { timeoutMs: 200 });
  assert.deepEqual([ended.status.code, ended.responses], [4, rows('b')]);
  assert.equal((await served).cancelled, true);
});

test('what is not known', async () => {
  const unsupported = async (more: object) => (await play('Ask', [], [send('a')], more)).ended.unsupported;
  assert.equal(await unsupported({ compression: 'br' }), 'compression "br"');
  assert.equal(await unsupported({ method: '/test.Talk/Shout' }), 'types of /test.Talk/Shout');
  assert.equal(await unsupported({ waitForReady: true }), 'waitForReady');
  assert.match((await peer.tell({ listen: { maxAgeMs: 1 } })).refused, /maxAgeMs/);
  const { ended } = await play('Ask', [], [send('a')], { metadata: [{ key: 'stitch-script', text: 'x' }] });
  assert.deepEqual(ended.status, { code: 12, message: 'no script "x"' });
});

test('a call many times', async () => {
  await peer.tell({ script: { name: '/test.Talk/Ask', steps: [{ receive: 1 }, send('b')] } });
  const call = { channel: { address }, method: '/test.Talk/Ask', steps: [send('a')], times: 40, atOnce: 8 };
  peer.write(`${JSON.stringify({ id: 'many', call })}\n`);
  for (let n = 0; n < 40; n++) {
    assert.deepEqual((await peer.ended(`many.${n}`)).responses, rows('b'));
    assert.equal((await peer.served(`many.${n}`)).script, '/test.Talk/Ask');
  }
});

test('messages of many megabytes', async () => {
  const huge = 'ä'.repeat(4 << 20);
  const { ended, served } = await play('Ask', [{ receive: 1 }, send(huge)], [send(huge)]);
  assert.deepEqual(ended.responses, rows(huge));
  assert.deepEqual((await served).requests, rows(huge));
});

test('lines', async () => {
  peer.write('nonsense\n');
  assert.match((await peer.ended('')).refused, /JSON/);
  assert.deepEqual(await peer.tell({ dance: {} }, 'd'), { id: 'd', refused: 'unknown instruction' });
  assert.deepEqual(await peer.tell({ flush: {} }, 'f'), { id: 'f' });
});

test('drain lets a call finish, and holds up nothing', async () => {
  const address = await listen(peer);
  const port = Number(address.split(':')[1]);
  const playing = play('Ask', [{ waitMs: 3_000 }, send('b')], [send('a')], { channel: { address } });
  await delay(1_000);
  let drained = false;
  const draining = peer.tell({ drain: { port } }).then((answer) => {
    drained = true;
    return answer;
  });
  await peer.tell({ flush: {} });
  assert.equal(drained, false);
  assert.deepEqual((await playing).ended.status, {});
  assert.equal((await draining).refused, undefined);
  await listen(peer, { port });
});

test('close ends calls at once, and frees the port', async () => {
  const address = await listen(peer);
  const port = Number(address.split(':')[1]);
  assert.match((await peer.tell({ listen: { port } })).refused, /EADDRINUSE/);
  const playing = play('Ask', [{ waitMs: 60_000 }], [send('a')], { channel: { address } });
  await delay(200);
  assert.equal((await peer.tell({ close: { port } })).refused, undefined);
  const { ended, served } = await playing;
  assert.notEqual(ended.status.code ?? 0, 0);
  assert.equal((await served).cancelled, true);
  assert.match((await peer.tell({ close: { port } })).refused, /nothing listens/);
  await listen(peer, { port });
});

test('close waits for nobody who has not shaken hands', async () => {
  const address = await listen(peer, { tls: { cert: stitch, key: stitch } });
  const port = Number(address.split(':')[1]);
  const socket = net.connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  // The server may learn of it a moment later.
  await delay(200);
  const closed = peer.tell({ close: { port } });
  const late = delay(5_000, { refused: 'it waits' }, { ref: false });
  assert.equal((await Promise.race([closed, late])).refused, undefined);
  await listen(peer, { port });
});

test('a channel is its content', async (t) => {
  const relay = new Relay(t, address);
  const relayed = await relay.listen();
  const server = [{ waitMs: 100 }, send('b')];
  const on = (channel: object) => play('Ask', server, [send('a')], { channel });
  await Promise.all([on({ address: relayed }), on({ name: '', address: relayed }), on({ address: relayed })]);
  assert.equal(relay.connections, 1);
  await on({ address: relayed, name: 'another' });
  assert.equal(relay.connections, 2);
});

test('gzip, both ways, where it is asked for', async (t) => {
  const relay = new Relay(t, address);
  const channel = { address: await relay.listen() };
  const ask = async (compression: string) => {
    const long = send('a'.repeat(100_000));
    await peer.tell({ script: { name: 'gzip', compression, steps: [{ receive: 1 }, long] } });
    const metadata = [{ key: 'stitch-script', text: 'gzip' }];
    const { ended } = await play('Ask', [], [long], { channel, compression, metadata });
    assert.deepEqual(ended.status, {});
  };
  await ask('gzip');
  assert.ok(relay.bytes.client < 2_000 && relay.bytes.server < 2_000);
  await ask('');
  assert.ok(relay.bytes.client > 100_000 && relay.bytes.server > 100_000);
});

test('limits', async () => {
  const limited = await listen(peer, { maxReceiveBytes: 1_000 });
  const ask = async (channel: object, question: string, answer: string) =>
    (await play('Ask', [{ receive: 1 }, send(answer)], [send(question)], { channel })).ended.status.code ?? 0;
  const [short, long] = ['a', 'a'.repeat(2_000)];
  assert.equal(await ask({ address: limited }, short, long), 0);
  assert.equal(await ask({ address: limited }, long, short), 8);
  assert.equal(await ask({ address, maxReceiveBytes: 1_000 }, long, short), 0);
  assert.equal(await ask({ address, maxReceiveBytes: 1_000 }, short, long), 8);
});

test('keepalive: a connection that is silent is lost', async (t) => {
  const relay = new Relay(t, address);
  const channel = { address: await relay.listen(), keepalive: { timeMs: 200, timeoutMs: 2_000 } };
  const calm = await play('Ask', [{ waitMs: 1_000 }, send('b')], [send('a')], { channel });
  assert.deepEqual(calm.ended.status, {});
  const lost = play('Ask', [{ waitMs: 60_000 }], [send('a')], { channel });
  await delay(500);
  relay.silence();
  const { ended } = await lost;
  assert.match(ended.status.message, /PING timed out/);
  assert.ok(ended.elapsedMs < 5_000);
});

test('TLS', async () => {
  const ask = async (address: string, tls: object) => {
    const channel = { address, tls };
    return (await play('Ask', [send('b')], [send('a')], { channel })).ended.status;
  };
  const open = await listen(peer, { tls: { cert: stitch, key: stitch } });
  assert.deepEqual(await ask(open, { ca: stitch }), {});
  assert.deepEqual(await ask(open, { ca: stitch, serverName: 'stitch.test' }), {});
  assert.match((await ask(open, { ca: stitch, serverName: 'other.test' })).message, /altnames/);
  assert.match((await ask(open, { ca: other })).message, /certificate/);
  const mutual = await listen(peer, { tls: { cert: stitch, key: stitch, clientCa: other } });
  assert.deepEqual(await ask(mutual, { ca: stitch, cert: other, key: other }), {});
  assert.notEqual((await ask(mutual, { ca: stitch })).code, undefined);
  assert.notEqual((await ask(mutual, { ca: stitch, cert: stitch, key: stitch })).code, undefined);
});

test('TLS that cannot be is refused, and a call with it fails', async () => {
  const pair = { cert: stitch, key: stitch };
  for (const [what, tls] of Object.entries({
    'no certificate': { key: stitch },
    'no key': { cert: stitch },
    'no PEM': { cert: 'none', key: 'none' },
    "another's key": { cert: stitch, key: other },
    'no authority': { ...pair, clientCa: 'none' },
    'another version': { ...pair, version: '1.1' },
  })) {
    assert.match((await peer.tell({ listen: { tls } })).refused ?? '', /^tls: /, what);
  }
  const mutual = await listen(peer, { tls: { ...pair, clientCa: stitch } });
  for (const tls of [
    { ca: 'none' },
    { ca: stitch, cert: 'none', key: 'none' },
    { ca: stitch, cert: stitch, key: other },
  ]) {
    const channel = { address: mutual, tls };
    assert.ok((await play('Ask', [send('b')], [send('a')], { channel })).ended.status.code);
  }
});

test('whose certificate the client has', async () => {
  const pair = { cert: stitch, key: stitch };
  for (const [expected, server, client] of [
    ['other', { ...pair, clientCa: other }, { ca: stitch, cert: other, key: other }],
    ['', pair, { ca: stitch, cert: other, key: other }],
    ['', undefined, undefined],
  ] as const) {
    const channel = { address: await listen(peer, { tls: server }), tls: client };
    for (const method of ['Ask', 'Chat']) {
      const { served } = await play(method, [send('b')], [send('a')], { channel });
      assert.equal((await served).clientName, expected);
    }
  }
});

for (const version of ['1.2', '1.3'] as const) {
  test(`a listener of TLS ${version} speaks no other`, async () => {
    const address = await listen(peer, { tls: { cert: stitch, key: stitch, version } });
    for (const offered of ['TLSv1.2', 'TLSv1.3'] as const) {
      const options = { ca: stitch, ALPNProtocols: ['h2'], minVersion: offered, maxVersion: offered };
      const socket = connect(Number(address.split(':')[1]), '127.0.0.1', options);
      const spoken = await once(socket, 'secureConnect').then(
        () => socket.getProtocol(),
        () => undefined,
      );
      socket.destroy();
      assert.equal(spoken, offered === `TLSv${version}` ? offered : undefined);
    }
  });
}

for (const signal of [undefined, 'SIGTERM', 'SIGINT'] as const) {
  test(`a call in flight is finished: ${signal ?? 'end of input'}`, async () => {
    const peer = new Program();
    await peer.tell({ script: { name: '/Manage/PickOne', steps: [{ waitMs: 3_000 }, { send: '' }] } });
    const channel = { address: await listen(peer) };
    const ended = peer.tell({ call: { channel, method: '/Manage/PickOne', steps: [send('Stitch')] } });
    await delay(1_000);
    assert.deepEqual(await peer.stop(signal), { code: 0, errors: '' });
    assert.deepEqual((await ended).responses, [{ bytes: '' }]);
  });
}

test('arguments are not understood', async () => {
  const { code, errors } = await new Program('--port', '6000').stop();
  assert.notEqual(code, 0);
  assert.match(errors, /^.+\n$/);
});
