import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { types } from '../fixtures/manage.ts';
import type { RunningServer } from '../launch/launcher.ts';
import { methodsOf } from './methods.ts';
import { noKeys } from './notes.ts';
import { tapServer } from './tap.ts';

const host = '127.0.0.1';
const methods = methodsOf(types);
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

type Listener = net.Server | http2.Http2Server;

/** A running server with listeners of that kind; what it is told is kept in `told`. */
async function aServer(open: () => Listener, keepsOnListening = false) {
  const listeners = new Map<string, Listener>();
  const told: string[] = [];
  async function listen(address?: string): Promise<string> {
    told.push('listen');
    const listener = open();
    listener.listen(Number(address?.split(':')[1] ?? 0), host);
    await once(listener, 'listening');
    const at = `${host}:${(listener.address() as AddressInfo).port}`;
    listeners.set(at, listener);
    return at;
  }
  const own = await listen();
  const running = {
    address: own,
    fault: undefined,
    listen,
    async close(address: string) {
      told.push(`close ${address}`);
      if (!keepsOnListening) listeners.get(address)?.close();
    },
    async drain(address: string) {
      told.push(`drain ${address}`);
      if (!keepsOnListening) listeners.get(address)?.close();
    },
    async stop() {
      for (const listener of listeners.values()) listener.close();
      return 'it was forced';
    },
  } as unknown as RunningServer;
  const server = await tapServer(running, host, methods, () => true, noKeys);
  cleanUps.push(() => server.stop());
  return { server, running, told, own };
}

function anHttp2Server(): http2.Http2Server {
  const server = http2.createServer();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '5' }));
    stream.resume();
    stream.end();
  });
  return server;
}

async function call(address: string, headers: http2.OutgoingHttpHeaders): Promise<void> {
  const session = http2.connect(`http://${address}`);
  const stream = session.request({ ':method': 'POST', ':path': '/Manage/PickOne', ...headers });
  stream.resume();
  stream.end();
  await once(stream, 'close');
  session.close();
}

function connect(address: string, more: { readonly allowHalfOpen?: boolean } = {}): Socket {
  const [at = '', port] = address.split(':');
  const socket = net.connect({ host: at, port: Number(port), ...more });
  socket.on('error', () => {});
  cleanUps.push(() => socket.destroy());
  return socket;
}

/** What a connection to the address comes to: `connect`, or why not. */
function comesTo(address: string): Promise<string> {
  const socket = connect(address);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve('connect'));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

function callsTo(address: string, ...ids: readonly string[]) {
  return ids.map((id) => ({ id, address }));
}

function troublesNow(server: RunningServer): readonly string[] {
  return (
    server.wire?.take([{ id: 'nobody', address: server.address }], 0)[0]?.troubles.map(({ kind }) => kind) ??
    []
  );
}

describe('a tapped server', () => {
  it('gives another address, and tells of each call by its id what crossed; once', async () => {
    const { server, own } = await aServer(anHttp2Server);
    expect(server.address).not.toBe(own);
    await call(server.address, { 'stitch-call-id': 'c1.0' });
    await call(server.address, { 'stitch-call-id': 'c1.1' });
    await call(server.address, { 'stitch-call-id': 'c1.1' });
    const [second, first, third] =
      server.wire?.take(callsTo(server.address, 'c1.1', 'c1.0', 'c1.2'), 0) ?? [];
    expect(second?.streams).toHaveLength(2);
    expect(first?.streams).toHaveLength(1);
    expect(third?.streams).toEqual([]);
    const headers = first?.streams[0]?.request.headers;
    expect(headers).toContainEqual({ name: 'stitch-call-id', value: 'c1.0' });
    expect(first?.streams[0]?.response.trailers).toEqual([{ name: 'grpc-status', value: '5' }]);
    expect(server.wire?.take(callsTo(server.address, 'c1.1'), 0)[0]?.streams).toEqual([]);
  });

  it('tells when each frame passed and who closed when, on the clock of the process', async () => {
    const { server } = await aServer(anHttp2Server);
    const before = performance.now();
    await call(server.address, { 'stitch-call-id': 'c1.0' });
    const ask = () => server.wire?.take(callsTo(server.address, 'c1.0'), 0)[0];
    const times = ask()?.streams[0]?.frames.map(({ atMs }) => atMs) ?? [];
    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(before);
    expect(times.at(-1)).toBeLessThan(performance.now());

    const rude = await aServer(() => net.createServer((socket) => socket.end('go away, please')));
    connect(rude.server.address).resume();
    const closed = () =>
      rude.server.wire
        ?.take(callsTo(rude.server.address, 'a'), 0)[0]
        ?.troubles.find((trouble) => trouble.kind === 'closed');
    await expect.poll(closed).toBeDefined();
    expect(closed()?.atMs).toBeGreaterThan(times.at(-1) ?? 0);
    expect(closed()?.atMs).toBeLessThan(performance.now());
  });

  it('gives calls without an id to those who ask, in the order in which they came', async () => {
    const { server } = await aServer(anHttp2Server);
    await call(server.address, { 'x-n': '1' });
    await call(server.address, { 'x-n': '2' });
    const evidence = server.wire?.take(callsTo(server.address, 'a', 'b', 'c'), 0) ?? [];
    expect(evidence.map(({ streams }) => streams[0]?.request.headers.at(-1)?.value)).toEqual([
      '1',
      '2',
      undefined,
    ]);
  });

  it('waits for the end of a call, for so long at most, and not for one that it did not see', async () => {
    let finish: () => void = () => {};
    const { server } = await aServer(() =>
      http2.createServer().on('stream', (stream: http2.ServerHttp2Stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        finish = () => stream.end();
      }),
    );
    const session = http2.connect(`http://${server.address}`);
    cleanUps.push(() => session.destroy());
    await once(session.request({ ':method': 'POST', 'stitch-call-id': 'a' }), 'response');
    const [asked, unseen] = [callsTo(server.address, 'a'), callsTo(server.address, 'b')];
    await server.wire?.settle(unseen, 3_600_000);
    await server.wire?.settle(asked, 20);
    setTimeout(finish, 20);
    await server.wire?.settle(asked, 3_600_000);
    const [evidence] = server.wire?.take(asked, 0) ?? [];
    expect(evidence?.streams[0]?.response.trailers).toEqual([{ name: 'grpc-status', value: '0' }]);
  });

  it('keeps those of one listener from those of another', async () => {
    const { server } = await aServer(anHttp2Server);
    const own = await server.listen();
    await call(own, { 'x-n': 'own' });
    await call(server.address, { 'x-n': 'shared' });
    const silent = connect(own);
    await once(silent, 'connect');
    const [shared] = server.wire?.take(callsTo(server.address, 'a'), 0) ?? [];
    expect(shared?.streams[0]?.request.headers.at(-1)?.value).toBe('shared');
    expect(shared?.troubles.filter(({ kind }) => kind === 'silent')).toEqual([]);
    const [other] = server.wire?.take(callsTo(own, 'b'), 0) ?? [];
    expect(other?.streams[0]?.request.headers.at(-1)?.value).toBe('own');
  });

  it('says when nobody takes connections, when the server is mute, and when it closes', async () => {
    const mute = await aServer(() => net.createServer((socket) => socket.on('error', () => {})));
    const socket = connect(mute.server.address);
    await once(socket, 'connect');
    expect(troublesNow(mute.server)).toEqual(['silent']);
    socket.destroy();
    await expect.poll(() => troublesNow(mute.server)).toEqual(['closed']);

    const rude = await aServer(() => net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request')));
    connect(rude.server.address).resume();
    await expect.poll(() => troublesNow(rude.server)).toEqual(['invalid', 'closed']);

    const gone = await aServer(anHttp2Server, true);
    await gone.running.stop();
    connect(gone.server.address);
    await expect.poll(() => troublesNow(gone.server)).toEqual(['refused']);
  });

  it('relays what is encrypted, and says that it cannot read it', async () => {
    const hello = Buffer.from('16030100050100000100', 'hex');
    const { server } = await aServer(() => net.createServer((socket) => socket.pipe(socket)));
    const socket = connect(server.address);
    socket.write(hello);
    expect(await once(socket, 'data')).toEqual([hello]);
    expect(troublesNow(server)).toEqual(['opaque']);
  });

  it('tells of troubles only while the connection is there, or since the time that is asked about', async () => {
    const { server } = await aServer(() => net.createServer((socket) => socket.end('go away, please')));
    connect(server.address).resume();
    await expect.poll(() => troublesNow(server)).toEqual(['invalid', 'closed']);
    expect(server.wire?.take(callsTo(server.address, 'a'), performance.now() + 1)[0]?.troubles).toEqual([]);
  });

  it('has a relay for each listener, which goes and comes back with it', async () => {
    const { server, told } = await aServer(anHttp2Server);
    const address = await server.listen();
    expect(await comesTo(address)).toBe('connect');
    await server.close(address);
    expect(await comesTo(address)).toBe('ECONNREFUSED');
    expect(await server.listen(address)).toBe(address);
    expect(await comesTo(address)).toBe('connect');
    expect(told.filter((line) => line === 'listen')).toHaveLength(3);
    expect(told).not.toContain(`close ${address}`);
  });

  it('has closed when both sides of its connections know it, or when one has had its time', async () => {
    const sockets: Socket[] = [];
    const { server } = await aServer(() => net.createServer((socket) => sockets.push(socket)));
    const address = await server.listen();
    const knows = connect(address).resume();
    const neverKnows = connect(address, { allowHalfOpen: true }).resume();
    await expect.poll(() => sockets).toHaveLength(2);
    setTimeout(() => {
      for (const socket of sockets) socket.end();
    }, 50);
    await server.close(address);
    expect(knows.closed).toBe(true);
    expect(neverKnows.closed).toBe(false);
  });

  it.each(['close', 'drain'] as const)(
    '%s is for the listener behind the relay, which goes with it',
    async (end) => {
      const { server, told } = await aServer(anHttp2Server);
      const address = await server.listen();
      await server[end](address);
      expect(await comesTo(address)).toBe('ECONNREFUSED');
      expect(told.at(-1)).toMatch(new RegExp(`^${end} `));
      expect(told.at(-1)).not.toContain(address);
    },
  );

  it.each(['close', 'drain'] as const)(
    'shows a server that says that it did %s, and did not',
    async (end) => {
      const { server } = await aServer(anHttp2Server, true);
      const address = await server.listen();
      await server[end](address);
      expect(await comesTo(address)).toBe('connect');
    },
  );

  it('stops with its relays, and says what the server said', async () => {
    const { server } = await aServer(anHttp2Server);
    expect(await server.stop()).toBe('it was forced');
    expect(await comesTo(server.address)).toBe('ECONNREFUSED');
  });

  it('is the server itself where clients do not reach the harness', async () => {
    const { running, own } = await aServer(anHttp2Server);
    const server = await tapServer(running, host, methods, () => false, noKeys);
    expect(server.address).toBe(own);
    expect(server.wire).toBeUndefined();
    expect(await server.listen()).toMatch(/^127\.0\.0\.1:\d+$/);
  });
});
