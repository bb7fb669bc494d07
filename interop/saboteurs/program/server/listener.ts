import http2, { type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Behaviour, TellKey } from '../behaviour.ts';
import type { RawHeaders } from '../grpc/metadata.ts';
import { rewriting } from '../http2/rewriter.ts';
import type { Listen } from '../lines.ts';
import { encryption } from './encryption.ts';

export interface Listener {
  readonly port: number;
  /** Ends it and its connections; resolves when the port is free. */
  close(): Promise<void>;
  /** Takes no more connections and calls; what is in flight goes on. Resolves when all has left, to the last byte, and the port is free. */
  drain(): Promise<void>;
}

/** Hears of a call; `clientName` is the common name of its client's certificate. */
type OnCall = (stream: ServerHttp2Stream, headers: RawHeaders, clientName: string | undefined) => void;

/** Rejects when it cannot listen or not encrypt as it is told to. */
export async function openListener(
  { host = '', port = 0, tls }: Listen,
  behaviour: Behaviour,
  tellKey: TellKey,
  onCall: OnCall,
): Promise<Listener> {
  const server = http2.createServer(behaviour.http2);
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  const clientNames = new WeakMap<ServerHttp2Session, string>();
  const secure = tls && (await encryption(tls, behaviour, tellKey, talk));

  function talk(socket: Duplex, tcp: Socket, clientName?: string): void {
    const rewrite = behaviour.rewrites();
    if (clientName !== undefined) server.once('session', (session) => clientNames.set(session, clientName));
    server.emit('connection', rewrite ? rewriting(socket, tcp, 'server', rewrite) : socket);
  }

  const front = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    if (secure) secure(socket);
    else talk(socket, socket);
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => {});
    behaviour.opens(session);
  });
  server.on('stream', (stream, _headers, _flags, raw) =>
    onCall(stream, raw, stream.session && clientNames.get(stream.session as ServerHttp2Session)),
  );
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(port, host, resolve);
  });
  return {
    port: (front.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    drain: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const session of sessions) session.close();
      }),
  };
}
