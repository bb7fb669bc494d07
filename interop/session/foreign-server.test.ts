/** What a person reads of a server that is not there, or is no gRPC server without encryption. */
import { once } from 'node:events';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net, { type AddressInfo, type Server } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPeer } from '../fixtures/values.ts';
import { defaultLimits } from '../launch/launcher.ts';
import type { ClientPem } from '../model/tls.ts';
import { type Authority, type LeafWish, makeAuthority } from '../pki/pki.ts';
import { openForeignServer } from './foreign-server.ts';

const open: (Server | http.Server | http2.Http2Server)[] = [];
const sockets: net.Socket[] = [];
const secret = { key: '', cert: '' };
const pem = { ca: '', other: '', clientCa: '', cert: '', key: '', otherCert: '', otherKey: '' };
const names = ['shop.test', 'localhost'];
let authority: Authority;

beforeAll(async () => {
  authority = await makeAuthority('the authority');
  Object.assign(secret, await shown({ names, addresses: ['127.0.0.1'], commonName: 'shop' }));
  const [other, clients] = [await makeAuthority('another one'), await makeAuthority('of clients')];
  const [mine, others] = [
    await clients.issue({ purpose: 'client' }),
    await other.issue({ purpose: 'client' }),
  ];
  Object.assign(pem, { ca: authority.pem, other: other.pem, clientCa: clients.pem });
  Object.assign(pem, { cert: mine.chain, key: mine.key, otherCert: others.chain, otherKey: others.key });
});

async function shown(wish: LeafWish) {
  const { chain: cert, key } = await authority.issue(wish);
  return { cert, key };
}

afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of open) server.close();
});

async function listening(server: (typeof open)[number]): Promise<string> {
  open.push(server);
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** `tls`: how it is called. */
async function said(address: string, tls?: Partial<ClientPem>): Promise<string> {
  const peer = aPeer('mine', {
    address,
    ...(tls && { tls: { ca: pem.ca, serverName: '127.0.0.1', ...tls } }),
  });
  const startedAt = performance.now();
  const never = new AbortController().signal;
  const error = await openForeignServer(peer, address, defaultLimits, never).then(
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
      /^mine server speaks TLS at ADDRESS, where plaintext was wanted\n {2}hint: add --tls-ca FILE, /,
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

const answering = (options: http2.SecureServerOptions = secret) =>
  http2.createSecureServer(options, (_, response) => response.writeHead(404).end());
const asking = () => ({ ...secret, ca: pem.clientCa, requestCert: true, rejectUnauthorized: true });

describe.concurrent('a server that runs already, over TLS', () => {
  it('does not listen', async () => {
    expect(await said('127.0.0.1:1', {})).toBe(
      'mine server does not answer at ADDRESS: ECONNREFUSED\n  hint: is it running, and is that where it listens?',
    );
  });

  it('speaks plaintext', async () => {
    const server = http2.createServer((_, response) => response.writeHead(404).end());
    expect(await said(await listening(server), {})).toBe(
      'mine server speaks HTTP/2 without encryption at ADDRESS, where TLS was wanted\n  hint: leave out --tls-ca, or name the port that it serves over TLS',
    );
  });

  it('answers HTTP/1.1 in the open', async () => {
    expect(await said(await listening(http.createServer()), {})).toMatch(
      /^mine server answers HTTP\/1\.1 at ADDRESS, where HTTP\/2 was wanted: /,
    );
  });

  it('knows HTTP/1.1 only', async () => {
    expect(
      await said(await listening(https.createServer({ ...secret, ALPNProtocols: ['http/1.1'] })), {}),
    ).toBe(
      'mine server speaks TLS at ADDRESS, and no HTTP/2 over it: no_application_protocol (ALPN)\n  hint: is this the port of a gateway, or of a web page?',
    );
  });

  it('answers HTTP/1.1 behind the handshake', async () => {
    expect(
      await said(
        await listening(tls.createServer(secret, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
        {},
      ),
    ).toMatch(/^mine server answers HTTP\/1\.1 at ADDRESS, where HTTP\/2 was wanted: /);
  });

  it('does not choose HTTP/2, and speaks it', async () => {
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    const server = tls.createServer(secret, (socket) => void socket.on('error', () => {}).write(settings));
    expect(await said(await listening(server), {})).toBe(
      'mine server speaks HTTP/2 over TLS at ADDRESS, and does not choose it in the handshake (ALPN)\n  hint: have it, or what stands in front of it, answer the protocol "h2"',
    );
  });

  it('has a certificate with nothing but a common name', async () => {
    const server = answering(await shown({ commonName: 'shop.test' }));
    expect(await said(await listening(server), { serverName: 'shop.test' })).toMatch(
      /^mine server shows at ADDRESS a certificate \(CN=shop\.test\) that has no name but its common name\n/,
    );
  });

  it('has a certificate of another authority', async () => {
    expect(await said(await listening(answering()), { ca: pem.other })).toBe(
      'mine server shows at ADDRESS a certificate (CN=shop) that does not lead to --tls-ca: it was issued by CN=the authority (UNABLE_TO_VERIFY_LEAF_SIGNATURE)\n  hint: is --tls-ca the authority of that server, and does the server send its intermediate certificates along?',
    );
  });

  it('has a certificate for another name', async () => {
    expect(await said(await listening(answering()), { serverName: 'bank.test' })).toBe(
      'mine server shows at ADDRESS a certificate (CN=shop) that is not for bank.test: it is for shop.test, localhost, 127.0.0.1\n  hint: clients want the name that they call; --tls-name NAME says another one',
    );
  });

  it('has a certificate for a name, and is called by its address', async () => {
    expect(await said(await listening(answering(await shown({ names }))), {})).toMatch(
      /that is not for 127\.0\.0\.1: it is for shop\.test, localhost$/m,
    );
  });

  it.each([
    [
      'has expired',
      { names, validity: 'over' },
      /a certificate \(CN=a leaf\) that has expired, or leads to one that has: it is valid until /,
    ],
    [
      'is not valid yet',
      { names, validity: 'to come' },
      /a certificate \(CN=a leaf\) that is not valid yet: it is from .* on$/m,
    ],
    ['is for clients', { names, purpose: 'client' }, /a certificate \(CN=a leaf\) that is not for servers$/m],
    [
      'lacks the intermediate one',
      { names, issuer: 'intermediate, not sent' },
      /that does not lead to --tls-ca: .*\n {2}hint: .* does the server send its intermediate certificates along\?$/,
    ],
  ] satisfies [string, LeafWish, RegExp][])('has a certificate that %s', async (_, wish, says) => {
    expect(await said(await listening(answering(await shown(wish))), { serverName: 'shop.test' })).toMatch(
      says,
    );
  });

  it('wants a certificate, and gets none', async () => {
    expect(await said(await listening(answering(asking())), {})).toBe(
      'mine server wants a certificate of its clients at ADDRESS\n  hint: add --tls-cert FILE and --tls-key FILE',
    );
  });

  it('closes the connection to a client that it does not believe', async () => {
    const own = { cert: pem.otherCert, key: pem.otherKey };
    expect(await said(await listening(answering(asking())), own)).toBe(
      'mine server does not speak HTTP/2 at ADDRESS: it took the connection and closed it behind the handshake\n  hint: does it believe the certificate of --tls-cert? Its own log may say',
    );
  });

  it('says nothing', async () => {
    expect(await said(await listening(keeping()), {})).toMatch(
      /^mine server does not speak .*said nothing within 700 ms\n/,
    );
  });

  it('never answers a call', async () => {
    expect(await said(await listening(http2.createSecureServer(secret)), {})).toContain(
      'speaks HTTP/2, and does not answer a call at ADDRESS',
    );
  });
});

// By itself: what it says has to come in time.
describe('a server that runs already', () => {
  it.each([
    ['its address', '127.0.0.1'],
    ['one of its names', 'localhost'],
  ])('is there by %s', async (_, serverName) => {
    expect(await said(await listening(answering()), { serverName })).toBe('it is there');
  });

  it('is there for a client that it asks for a certificate', async () => {
    const own = { cert: pem.cert, key: pem.key };
    expect(await said(await listening(answering(asking())), own)).toBe('it is there');
  });

  it('says that it is not serving', async () => {
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
