/** Servers that no honest one can be told to be. */
import { once } from 'node:events';
import http2, { type ServerHttp2Stream } from 'node:http2';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { encodeFrame } from '../saboteurs/program/grpc/frame.ts';
import { listenOn } from '../wire/relay.ts';
import { responseOf } from './calls.ts';
import { identities } from './certificates.ts';
import { unreachable } from './partner.ts';
import type { Subject } from './subject.ts';

/** What it does with a connection, and ends with it when that is destroyed. */
type Serve = (
  socket: Socket,
  secured: (options: tls.TlsOptions, then: (socket: tls.TLSSocket) => void) => void,
) => void;

/** A listener of the harness's own. */
export interface OddServer extends AsyncDisposable {
  /** Where the peer reaches it. */
  readonly address: string;
}

/** Opens one where the peer reaches it. Rejects with NotTried when the peer reaches nothing here. */
export async function openOddServer({ starter }: Subject, serve: Serve): Promise<OddServer> {
  const host = await starter.harnessHost().catch(unreachable);
  const { cert, key } = await identities.server({ identity: 'good' });
  const sockets = new Set<Socket>();
  const listener = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    serve(socket, (options, then) => {
      // What is encrypted on top of it is no connection of its own.
      const context = tls.createServer({ cert, key, ...options }, then);
      context.on('tlsClientError', () => socket.destroy());
      context.emit('connection', socket);
    });
  });
  const port = await listenOn(listener, host, 0);
  return {
    address: `${host}:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** Speaks HTTP/2, and answers every call with Stitch's row. */
function answerCalls(socket: tls.TLSSocket): void {
  const session = http2.performServerHandshake(socket);
  session.on('error', () => {});
  session.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => {});
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.end(encodeFrame({ compressed: false, bytes: responseOf('Stitch') }));
    stream.resume();
  });
}

const noHttp2 = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';

/** With nothing odd about it. */
export const goodServer: Serve = (_, secured) => secured({ ALPNProtocols: ['h2'] }, answerCalls);

/** By what they do, as it goes on behind `a server that`. */
export const oddServers = {
  'speaks HTTP/2 without ALPN': (_, secured) => secured({}, answerCalls),
  'speaks HTTP/1.1 without ALPN': (_, secured) =>
    secured({}, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(noHttp2));
    }),
  'knows no protocol but http/1.1': (_, secured) =>
    secured({ ALPNProtocols: ['http/1.1'] }, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(noHttp2));
    }),
  'has no version behind TLS 1.1': (_, secured) =>
    secured(
      // The library has put its signatures below its default.
      {
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT:@SECLEVEL=0',
        ALPNProtocols: ['h2'],
      },
      answerCalls,
    ),
  'is silent': (socket) => void socket.resume(),
  'answers with garbage': (socket) => void socket.once('data', () => socket.write('SSH-2.0-none\r\n')),
  'closes the connection on the first bytes': (socket) => void socket.once('data', () => socket.end()),
  'resets the connection on the first bytes': (socket) =>
    void socket.once('data', () => socket.resetAndDestroy()),
} as const satisfies Readonly<Record<string, Serve>>;

export type Oddity = keyof typeof oddServers;
