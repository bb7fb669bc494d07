import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Role } from '../model/peer.ts';
import { openRelay, type Relay, reset } from './relay.ts';

const host = '127.0.0.1';
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A server, a relay in front of it, one connection through it, and all that the watcher heard. */
async function aConnection() {
  const accepted = Promise.withResolvers<Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    accepted.resolve(socket);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { relay, heard } = await aRelay(`${host}:${(server.address() as AddressInfo).port}`);
  const near = connectTo(relay);
  const far = await accepted.promise;
  cleanUps.push(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return { near, far, relay, heard, server };
}

async function aRelay(server: string) {
  const heard = { client: [] as Buffer[], server: [] as Buffer[], told: [] as string[] };
  const relay = await openRelay(host, server, () => ({
    passed: (from: Role, bytes: Buffer) => void heard[from].push(bytes),
    refused: (reason) => void heard.told.push(`refused: ${reason}`),
    closed: (by, how) => void heard.told.push(`${how} by ${by}`),
  }));
  cleanUps.push(() => relay.close());
  return { relay, heard };
}

function connectTo(relay: Relay): Socket {
  const socket = net.connect({ host, port: Number(relay.address.split(':')[1]), allowHalfOpen: true });
  socket.on('error', () => {});
  return socket;
}

/** All that comes until the other side ends its way. */
async function readAll(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of socket.iterator({ destroyOnReturn: false })) parts.push(part);
  return Buffer.concat(parts);
}

describe('a relay', () => {
  it('has a port that none had lately, for clients may go on connecting to that', async () => {
    const ports = new Set<string>();
    for (let count = 0; count < 1_000; count++) {
      const relay = await openRelay(host, `${host}:1`, () => ({ passed() {}, refused() {}, closed() {} }));
      ports.add(relay.address);
      relay.close();
    }
    expect(ports.size).toBe(1_000);
  });

  it('passes every byte on, both ways at once, and lets the watcher read them', async () => {
    const { near, far, heard } = await aConnection();
    const [asked, answered] = [randomBytes(3_000_000), randomBytes(5_000_000)];
    near.end(asked);
    far.end(answered);
    const [atFar, atNear] = await Promise.all([readAll(far), readAll(near)]);
    expect(atFar.equals(asked)).toBe(true);
    expect(atNear.equals(answered)).toBe(true);
    expect(Buffer.concat(heard.client).equals(asked)).toBe(true);
    expect(Buffer.concat(heard.server).equals(answered)).toBe(true);
  });

  it('passes bytes on at once, also a single one', async () => {
    const { near, far } = await aConnection();
    for (const byte of [1, 2, 3]) {
      near.write(Buffer.from([byte]));
      expect(await once(far, 'data')).toEqual([Buffer.from([byte])]);
      far.write(Buffer.from([byte + 10]));
      expect(await once(near, 'data')).toEqual([Buffer.from([byte + 10])]);
    }
  });

  it('passes the end of one way on, and the other way stays open', async () => {
    const { near, far, heard } = await aConnection();
    near.end('asked');
    expect(String(await readAll(far))).toBe('asked');
    await sleep(20);
    far.end('answered');
    expect(String(await readAll(near))).toBe('answered');
    expect(heard.told[0]).toBe('end by client');
  });

  it.each([
    ['client', 'server'],
    ['server', 'client'],
  ] as const)('passes a reset by the %s on to the %s', async (by, _to) => {
    const { near, far, heard } = await aConnection();
    near.write('hello');
    await once(far, 'data');
    const [from, to] = by === 'client' ? [near, far] : [far, near];
    const failed = once(to, 'error');
    from.resetAndDestroy();
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(heard.told).toContain(`reset by ${by}`);
  });

  it('reads no more from a sender than the receiver takes', async () => {
    const { near, far, heard } = await aConnection();
    far.pause();
    const block = Buffer.alloc(1_000_000);
    for (let sent = 0; sent < 64; sent++) near.write(block);
    await sleep(200);
    const passed = heard.client.reduce((sum, { length }) => sum + length, 0);
    expect(passed).toBeGreaterThan(0);
    expect(passed).toBeLessThan(32_000_000);
    near.end();
    expect(await readAll(far)).toHaveLength(64_000_000);
  });

  it('lets go of a socket that is reset while it is being shut down', async () => {
    const { near } = await aConnection();
    const handles = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    const before = handles();
    near.end();
    reset(near);
    await expect.poll(handles).toBeLessThan(before);
  });

  it('resets a connection that nobody takes at the server, and says so', async () => {
    const { server, relay: other } = await aConnection();
    const address = `${host}:${(server.address() as AddressInfo).port}`;
    cleanUps.push(() => other.close());
    server.close();
    const { relay, heard } = await aRelay(address);
    const near = connectTo(relay);
    expect(await once(near, 'error')).toMatchObject([{ code: 'ECONNRESET' }]);
    expect(heard.told).toEqual([expect.stringMatching(/^refused: .*ECONNREFUSED/)]);
  });

  it('that has left takes no connections, keeps those it has, and comes back on the same port', async () => {
    const { near, far, relay } = await aConnection();
    relay.leave();
    expect(await once(connectTo(relay), 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
    near.write('still here');
    expect(String((await once(far, 'data'))[0])).toBe('still here');
    await relay.listen();
    const again = connectTo(relay);
    await once(again, 'connect');
    again.destroy();
  });

  it('that is closed ends every connection', async () => {
    const { near, far, relay } = await aConnection();
    const ended = Promise.all([once(near, 'close'), once(far, 'close')]);
    near.resume();
    far.resume();
    near.on('end', () => near.end());
    far.on('end', () => far.end());
    relay.close();
    await ended;
  });
});
