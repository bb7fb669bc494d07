/** What a person reads of a server that is not there, or is no gRPC server without encryption. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net, { type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPeer } from '../fixtures/values.ts';
import { defaultLimits } from '../launch/launcher.ts';
import { openForeignServer } from './foreign-server.ts';

const open: (Server | http.Server | http2.Http2Server)[] = [];
const sockets: net.Socket[] = [];
let folder = '';
const secret = { key: Buffer.of(), cert: Buffer.of() };

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stitch-foreign-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const words = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 1 -keyout ${key} -out ${cert}`;
  execFileSync('openssl', words.split(' '), { stdio: 'ignore' });
  Object.assign(secret, { key: readFileSync(key), cert: readFileSync(cert) });
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of open) server.close();
  rmSync(folder, { recursive: true });
});

async function listening(server: (typeof open)[number]): Promise<string> {
  open.push(server);
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function said(address: string): Promise<string> {
  const startedAt = performance.now();
  const never = new AbortController().signal;
  const error = await openForeignServer(aPeer('mine', { address }), address, defaultLimits, never).then(
    () => new Error('it is there'),
    (error: Error) => error,
  );
  // Not when programs are no longer waited for; on a busy machine it is borne with for longer.
  expect(performance.now() - startedAt).toBeLessThan(defaultLimits.readyMs / 2);
  return error.message.replaceAll(address, 'ADDRESS');
}

function keeping(take: (socket: net.Socket) => void = () => {}): Server {
  return net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    take(socket);
  });
}

describe.concurrent('a server that runs already', () => {
  it('is there', async () => {
    const server = http2.createServer((_, response) => response.writeHead(404).end());
    expect(await said(await listening(server))).toBe('it is there');
  });

  it('does not listen', async () => {
    const server = net.createServer();
    const address = await listening(server);
    await new Promise((resolve) => void server.close(resolve));
    expect(await said(address)).toBe(
      'mine server does not answer at ADDRESS: ECONNREFUSED\n  hint: is it running, and is that where it listens?',
    );
  });

  it('has a name that nobody knows', async () => {
    expect(await said('nobody.invalid:1')).toMatch(/^mine server does not answer at ADDRESS: E/);
  });

  it('answers HTTP/1.1', async () => {
    expect(await said(await listening(http.createServer()))).toBe(
      'mine server answers HTTP/1.1 at ADDRESS, where HTTP/2 was wanted: "HTTP/1.1 400 Bad Request"\n  hint: gRPC speaks HTTP/2 from its first byte: is this the port of a gateway, or of a web page?',
    );
  });

  it('says something else', async () => {
    const other = keeping((socket: net.Socket) => void socket.write('SSH-2.0-\u001b[31m\r\n'));
    expect(await said(await listening(other))).toContain(
      'answers at ADDRESS with what is no HTTP/2: "SSH-2.0-\\u001b[31m"',
    );
  });

  it.each([
    ['and tells of it', () => tls.createServer(secret)],
    ['and closes what is none', () => http2.createSecureServer(secret)],
  ])('speaks TLS, %s', async (_, make) => {
    expect(await said(await listening(make() as Server))).toMatch(
      /^mine server speaks TLS at ADDRESS, where plaintext was wanted\n {2}hint: name a port/,
    );
  });

  it('wants a certificate', async () => {
    const server = tls.createServer({ ...secret, requestCert: true, rejectUnauthorized: true });
    expect(await said(await listening(server))).toContain('speaks TLS at ADDRESS');
  });

  it('says nothing', async () => {
    expect(await said(await listening(keeping()))).toContain(
      'does not speak HTTP/2 at ADDRESS: it took the connection and said nothing within 700 ms',
    );
  });

  it('closes each connection', async () => {
    const rude = keeping((socket: net.Socket) => void socket.destroy());
    expect(await said(await listening(rude))).toContain('it took the connection and closed the connection');
  });

  it('never answers a call', async () => {
    expect(await said(await listening(http2.createServer()))).toContain(
      'speaks HTTP/2, and does not answer a call at ADDRESS',
    );
  });
});

// By itself: what it says has to come in time.
describe('a server that runs already and says that it', () => {
  it('is not serving', async () => {
    const server = http2.createServer().on('stream', (stream: http2.ServerHttp2Stream) => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 2]));
    });
    expect(await said(await listening(server))).toContain(
      'says that it is not SERVING (grpc.health.v1.Health) at ADDRESS',
    );
  });
});
