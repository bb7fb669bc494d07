import { once } from 'node:events';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import net, { type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { speaksHttp2 } from './readiness.ts';

const open: (Server | Http2Server)[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listening<T extends Server | Http2Server>(server: T, port = 0): Promise<string> {
  open.push(server);
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server whose health service answers that; without an answer it has none. */
function aServer(status: () => number | undefined): Http2Server {
  return createServer().on('stream', (stream: ServerHttp2Stream) => {
    const code = status();
    const end = { ':status': 200, 'content-type': 'application/grpc' };
    if (code === undefined) return stream.respond({ ...end, 'grpc-status': '12' }, { endStream: true });
    stream.respond(end, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.from([0, 0, 0, 0, 2, 8, code]));
  });
}

const isReady = (address: string, ms: number) =>
  speaksHttp2(address, AbortSignal.timeout(ms)).then(
    () => true,
    () => false,
  );

describe('a server that knows nothing of the harness is ready', () => {
  it('when it speaks HTTP/2 and has no health service', async () => {
    expect(await isReady(await listening(aServer(() => undefined)), 10_000)).toBe(true);
  });

  it('when its health service says SERVING, and not before', async () => {
    let asked = 0;
    const address = await listening(aServer(() => (++asked < 3 ? 2 : 1)));
    expect(await isReady(address, 10_000)).toBe(true);
    expect(asked).toBe(3);
  });

  it('when somebody listens at last', async () => {
    const address = await listening(aServer(() => undefined));
    const { port } = new URL(`http://${address}`);
    await new Promise((resolve) => open.pop()?.close(resolve));
    const ready = isReady(address, 10_000);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await listening(
      aServer(() => undefined),
      Number(port),
    );
    expect(await ready).toBe(true);
  });

  it('never, when it takes connections and says nothing, or speaks something else', async () => {
    const sockets: net.Socket[] = [];
    const silent = net.createServer((socket) => void sockets.push(socket));
    const other = net.createServer(
      (socket) => void socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    expect(await isReady(await listening(silent), 1_500)).toBe(false);
    expect(await isReady(await listening(other), 10_000)).toBe(false);
    for (const socket of sockets) socket.destroy();
  });
});
