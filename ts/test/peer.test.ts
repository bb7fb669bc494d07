import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import grpc from '@grpc/grpc-js/package.json' with { type: 'json' };
import { note, startPair, startPeer } from './harness.ts';

const [a, b] = [note({ text: 'a' }), note({ text: 'b' })];

test('the first line says what the peer is, and the end of standard input ends it', async () => {
  using peer = await startPeer();
  assert.deepEqual(peer.ready, {
    language: 'Node.js',
    languageVersion: process.versions.node,
    library: 'grpc-js',
    libraryVersion: grpc.version,
    messages: 'dynamic',
  });
  peer.child.stdin.end();
  assert.equal(await peer.exitCode, 0);
});

for (const line of ['garbage', '7', '[]', 'null', '{"flush":{}}', '{"id":7,"flush":{}}']) {
  test(`a line that is no instruction is refused: ${line}`, async () => {
    using peer = await startPeer();
    peer.write(line);
    const { id, refused } = await peer.next('answer');
    assert.equal(id, '');
    assert.notEqual(refused, '');
  });
}

test('what is not known, or cannot be done, is refused', async () => {
  using peer = await startPair();
  const refusals: [instruction: object, refused: string][] = [
    [{ dance: {} }, 'unknown instruction'],
    [{ close: { port: 1 } }, 'port 1: no listener'],
    [{ listen: { port: peer.port } }, `port ${peer.port}: address already in use`],
    [{ listen: { minPingMs: 1 } }, 'minPingMs is not supported'],
    [{ script: { name: 'x', steps: [{ dance: 1 }] } }, 'step {"dance":1}'],
    [{ script: { name: 'x', compression: 'gzip' } }, 'compression: grpc-js does not compress responses'],
  ];
  for (const [instruction, refused] of refusals) {
    const answer = await peer.ask(instruction);
    assert.equal(answer.refused, refused);
  }
  for (const instruction of [{ types: { files: 'AAAA' } }, { listen: { host: 'nowhere.invalid' } }]) {
    assert.ok((await peer.ask(instruction)).refused, JSON.stringify(instruction));
  }
});

test('a call with what the client does not know is unsupported, and not made', async () => {
  using peer = await startPair();
  const unsupported: [string, object][] = [
    ['method "/test.Notes/Nope"', { method: '/test.Notes/Nope' }],
    ['compression "br"', { compression: 'br' }],
    ['step {"dance":1}', { steps: [{ dance: 1 }] }],
  ];
  for (const [what, members] of unsupported) {
    assert.equal((await peer.invoke('Unary', [{ send: a }], members)).unsupported, what);
  }
});

test('the plain service answers when no script does, and both sides tell of it', async () => {
  using peer = await startPair();
  const request = Buffer.from('\x0a\x05Cyber').toString('base64');
  const ended = await peer.invoke('', [{ send: request }], { method: '/Manage/PickOne', timeoutMs: 7000 });
  const served = await peer.next('served');
  const response = Buffer.from('\x0a\x05Cyber\x10\x00\x1a\x08breaking').toString('base64');
  assert.deepEqual([ended.status.code, ended.sent], [0, 1]);
  assert.deepEqual(ended.responses, [{ bytes: response, times: 1 }]);
  const { timeRemainingMs, metadata, ...others } = served;
  assert.deepEqual(others, {
    callId: ended.id,
    method: '/Manage/PickOne',
    clientName: '',
    requests: [{ bytes: request, times: 1 }],
    responses: [{ bytes: response, times: 1 }],
    status: { code: 0, message: '' },
  });
  assert.deepEqual(metadata, [
    { key: 'stitch-call-id', text: ended.id },
    { key: 'user-agent', text: `grpc-node-js/${grpc.version}` },
  ]);
  assert.ok(timeRemainingMs > 6000 && timeRemainingMs <= 7000, timeRemainingMs);
  const lost = await peer.invoke('', [{ send: '' }], { method: '/Manage/PickOne' });
  assert.deepEqual(lost.status, { code: 5, message: 'expirement not found' });
});

test('a call that no script answers is UNIMPLEMENTED', async () => {
  using peer = await startPair();
  assert.deepEqual((await peer.invoke('Unary', [{ send: a }])).status, { code: 12, message: 'no script' });
  const metadata = [{ key: 'stitch-script', text: 'x' }];
  const ended = await peer.invoke('', [{ send: '' }], { method: '/Manage/PickOne', metadata });
  assert.deepEqual(ended.status, { code: 12, message: 'no script "x"' });
});

const kinds: [method: string, requests: string[], responses: string[]][] = [
  ['Unary', [a], [b]],
  ['Up', [a, a, b], [b]],
  ['Up', [], [a]],
  ['Down', [a], [b, b, b, a]],
  ['Down', [a], []],
  ['Both', [a, b], [b, b]],
];

for (const [method, requests, responses] of kinds) {
  test(`${method}: ${requests.length} requests, ${responses.length} responses`, async () => {
    using peer = await startPair();
    const entries = [
      { key: 'k', text: '1' },
      { key: 'k-bin', binary: 'AAH/' },
    ];
    const sends = (messages: string[]) => messages.map((send) => ({ send }));
    const end = { end: { trailers: entries } };
    await peer.script('x', { headers: { entries } }, { receive: -1 }, ...sends(responses), end);
    const metadata = [...entries, { key: 'stitch-script', text: 'x' }];
    const ended = await peer.invoke(method, sends(requests), { metadata });
    const served = await peer.next('served');
    const flat = (log: { bytes: string; times: number }[]) =>
      log.flatMap(({ bytes, times }) => Array<string>(times).fill(bytes));
    assert.deepEqual([ended.status.code, ended.sent], [0, requests.length]);
    assert.deepEqual([served.script, served.status.code], ['x', 0]);
    for (const log of [ended.responses, served.responses]) assert.deepEqual(flat(log), responses);
    assert.deepEqual(flat(served.requests), requests);
    for (const got of [ended.headers, ended.trailers, served.metadata]) {
      assert.deepEqual(
        got.filter(({ key }: { key: string }) => key.startsWith('k')),
        entries,
      );
    }
  });
}

test('a bidi call goes to and fro, and the server may speak first', async () => {
  using peer = await startPair();
  await peer.script(
    '/test.Notes/Both',
    { send: b },
    { receive: 1 },
    { send: a },
    { receive: 1 },
    { send: b },
  );
  const steps = [{ receive: 1 }, { send: a }, { receive: 1 }, { send: a }];
  const ended = await peer.invoke('Both', steps, { timeoutMs: 5000 });
  assert.equal(ended.status.code, 0);
  assert.deepEqual(
    ended.responses.map(({ bytes }: { bytes: string }) => bytes),
    [b, a, b],
  );
  assert.deepEqual((await peer.next('served')).requests, [{ bytes: a, times: 2 }]);
});

test('a status has its code, its message and its details, whatever the kind', async () => {
  using peer = await startPair();
  for (const method of ['Unary', 'Up', 'Down', 'Both']) {
    const status = { code: 9, message: '100% 找不到 🎣', details: 'CAk=' };
    await peer.script(`/test.Notes/${method}`, { receive: -1 }, { end: { status } });
    const ended = await peer.invoke(method, [{ send: a }]);
    assert.deepEqual(ended.status, { code: 9, message: status.message });
    const details = ended.trailers.find(({ key }: { key: string }) => key === 'grpc-status-details-bin');
    assert.equal(details.binary, 'CAk=');
    assert.deepEqual((await peer.next('served')).status, { code: 9, message: status.message });
  }
});

test('messages are what the protobuf runtime makes of them', async () => {
  using peer = await startPair();
  const known = note({ number: '9007199254740993', zero: 0, blob: Buffer.of(0, 255) });
  const unknownEnum = Buffer.of(0x18, 77);
  const bytes = Buffer.concat([Buffer.from(known, 'base64'), unknownEnum]).toString('base64');
  await peer.script('/test.Notes/Unary', { receive: 1 }, { send: bytes });
  const ended = await peer.invoke('Unary', [{ send: bytes }]);
  const sorted = (base64: string) => [...Buffer.from(base64, 'base64')].sort().join();
  assert.equal(sorted(ended.responses[0].bytes), sorted(bytes));
  assert.equal(sorted((await peer.next('served')).requests[0].bytes), sorted(bytes));
});

test('a message that the runtime cannot parse is unusable, on either side', async () => {
  using peer = await startPair();
  const torn = Buffer.of(0x10).toString('base64');
  assert.match((await peer.invoke('Unary', [{ send: torn }])).unusable, /index out of range/);
  await peer.script('/test.Notes/Down', { send: torn });
  assert.equal((await peer.invoke('Down', [{ send: a }])).status.code, 2);
  assert.match((await peer.next('served')).unusable, /index out of range/);
});

test('a line may be megabytes long', async () => {
  using peer = await startPair({ maxReceiveBytes: 32 << 20 }, { maxReceiveBytes: 32 << 20 });
  const big = note({ text: '\u2028'.repeat(3 << 20) });
  await peer.script('/test.Notes/Unary', { receive: 1 }, { send: big });
  assert.equal((await peer.invoke('Unary', [{ send: big }])).responses[0].bytes, big);
  assert.equal((await peer.next('served')).requests[0].bytes, big);
});

test('a message that is larger than the limit is RESOURCE_EXHAUSTED, on either side', async () => {
  const big = note({ text: 'x'.repeat(2000) });
  for (const [listen, channel] of [[{ maxReceiveBytes: 1000 }], [{}, { maxReceiveBytes: 1000 }]]) {
    using peer = await startPair(listen, channel);
    await peer.script('/test.Notes/Unary', { send: big });
    assert.equal((await peer.invoke('Unary', [{ send: big }])).status.code, 8);
  }
});

test('a call may have the kind of another method, and the library says what comes of it', async () => {
  using peer = await startPair();
  await peer.script('/test.Notes/Down', { receive: -1 });
  const members = { types: '/test.Notes/Unary', timeoutMs: 5000 };
  const { status, responses } = await peer.invoke('Down', [{ send: a }], members);
  assert.deepEqual([status, responses], [{ code: 12, message: 'No message received' }, []]);
  const twice = await peer.invoke('Unary', [{ send: a, times: 2 }], { types: '/test.Notes/Both' });
  assert.equal(twice.status.code, 12);
});

test('a cancelled call ends its script, and no flush is answered before the record is written', async () => {
  using peer = await startPair();
  for (const [method, waits] of [
    ['Unary', [{ waitMs: 60_000 }]],
    ['Up', [{ receive: -1 }, { waitMs: 60_000 }]],
    ['Down', [{ send: a }, { waitMs: 60_000 }]],
    ['Both', [{ receive: 5 }, { waitMs: 60_000 }]],
  ] as const) {
    await peer.script(`/test.Notes/${method}`, { headers: {} }, ...waits);
    const ended = await peer.invoke(method, [{ send: a }, { waitMs: 100 }, { cancel: true }]);
    assert.deepEqual(ended.status, { code: 1, message: 'Cancelled on client' });
    const served = await peer.next('served');
    assert.deepEqual([served.callId, served.cancelled, served.status], [ended.id, true, undefined]);
  }
});

test('a send that waits for a slow reader ends with the call', async () => {
  using peer = await startPair();
  const big = note({ text: 'x'.repeat(1 << 20) });
  await peer.script('/test.Notes/Down', { send: big, times: 100 });
  const ended = await peer.invoke('Down', [{ send: a }, { receive: 1 }, { waitMs: 300 }, { cancel: true }]);
  assert.equal(ended.status.code, 1);
  const served = await peer.next('served');
  assert.equal(served.cancelled, true);
  assert.ok(served.responses[0].times < 100, served.responses[0].times);
});

test('a deadline that passes ends the script', async () => {
  using peer = await startPair();
  await peer.script('/test.Notes/Both', { send: a }, { waitMs: 60_000 });
  await peer.invoke('Both', [{ receive: 1 }, { cancel: true }]); // The connection is up.
  await peer.next('served');
  const ended = await peer.invoke('Both', [{ receive: 1 }, { waitMs: 60_000 }], { timeoutMs: 300 });
  assert.deepEqual([ended.status.code, ended.responses.length], [4, 1]);
  assert.ok(ended.elapsedMs >= 295 && ended.elapsedMs < 2000, ended.elapsedMs);
  assert.equal((await peer.next('served')).cancelled, true);
});

test('a drain lets calls finish, holds up nothing, and frees the port', async () => {
  using peer = await startPair();
  await peer.script('/test.Notes/Down', { send: a }, { waitMs: 2_000 }, { send: b });
  const call = peer.invoke('Down', [{ send: a }]);
  await peer.invoke('Unary', [{ send: a }]); // By then the first call has been served in part.
  let isDrained = false;
  const drained = peer.ask({ drain: { port: peer.port } }).finally(() => {
    isDrained = true;
  });
  await peer.ask({ flush: {} });
  assert.equal(isDrained, false);
  assert.equal((await call).status.code, 0);
  assert.deepEqual(Object.keys(await drained), ['id']);
  assert.equal((await peer.ask({ listen: { port: peer.port } })).port, peer.port);
});

test('a listener that is closed takes its calls with it, and comes back on its port', async () => {
  using peer = await startPair();
  await peer.script('/test.Notes/Down', { send: a }, { waitMs: 60_000 });
  const call = peer.invoke('Down', [{ send: a }, { receive: 1 }]);
  await peer.invoke('Unary', [{ send: a }]);
  await peer.ask({ close: { port: peer.port } });
  assert.notEqual((await call).status.code, 0);
  const [waiting, failing] = [true, false].map((waitForReady) =>
    peer.invoke('', [{ send: '' }], { method: '/Manage/PickOne', waitForReady, timeoutMs: 20_000 }),
  );
  assert.equal((await failing).status.code, 14);
  await peer.ask({ listen: { port: peer.port } });
  assert.equal((await waiting).status.code, 5);
});

test('a call may be made many times, some of them at once', async () => {
  using peer = await startPair();
  const call = { channel: { address: `127.0.0.1:${peer.port}` }, method: '/Manage/PickOne' };
  peer.write(JSON.stringify({ id: 'x', call: { ...call, steps: [{ send: '' }], times: 7, atOnce: 3 } }));
  const ids = [];
  for (let index = 0; index < 7; index++) ids.push((await peer.next('ended')).id);
  assert.deepEqual(
    ids.sort(),
    [0, 1, 2, 3, 4, 5, 6].map((index) => `x.${index}`),
  );
});

test('a call that the library refuses to make ends with what the library says', async () => {
  using peer = await startPair();
  const { status } = await peer.invoke('Both', [], { metadata: [{ key: 'k', text: 'ü' }] });
  assert.deepEqual(status, { code: 2, message: 'Metadata string value "ü" contains illegal characters' });
});

// Standard output may be a closed pipe once standard input has ended: nobody reads any more.
for (const how of ['end of input', 'SIGTERM', 'end of input and of output']) {
  test(`a call in flight outlives the ${how}, at the client and at the server`, async () => {
    using server = await startPair();
    using client = await startPeer();
    await server.script('/test.Notes/Down', { send: a }, { waitMs: 2_000 }, { send: b });
    const channel = { address: `127.0.0.1:${server.port}` };
    const call = { channel, method: '/test.Notes/Down', steps: [{ send: a }] };
    const ended = client.call(call);
    await client.call({ ...call, method: '/test.Notes/Unary' }); // The connection is up, and the call served.
    for (const { child } of [server, client]) {
      if (how === 'SIGTERM') child.kill('SIGTERM');
      else child.stdin.end();
      if (how === 'end of input and of output') child.stdout.destroy();
    }
    if (how !== 'end of input and of output') {
      assert.equal((await ended).status.code, 0);
      await once(client.child.stdout, 'close');
    }
    assert.deepEqual(await Promise.all([server.exitCode, client.exitCode]), [0, 0]);
  });
}
