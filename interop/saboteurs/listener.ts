import http2, { type ServerHttp2Stream } from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import { mangled } from './mangler.ts';
import type { Manners } from './manners.ts';
import type { RawHeaders } from './wire.ts';

export interface Listener {
  readonly port: number;
  /** Ends it and its connections; resolves when the port is free. */
  close(): Promise<void>;
  /** Takes no more connections and calls; what is in flight goes on. Resolves when it has left, to the last byte. */
  leave(): Promise<void>;
}

export async function openListener(
  host: string,
  port: number,
  manners: Manners,
  onCall: (stream: ServerHttp2Stream, headers: RawHeaders) => void,
): Promise<Listener> {
  const server = http2.createServer(manners.http2);
  const sockets = new Set<Socket>();
  const sessions = new Set<http2.ServerHttp2Session>();
  const front = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const pass = manners.passes();
    server.emit('connection', pass ? mangled(socket, 'server', pass) : socket);
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => {});
    manners.opens(session);
  });
  server.on('stream', (stream, _headers, _flags, raw) => onCall(stream, raw));
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
    async leave() {
      front.close();
      await Promise.all(
        Array.from(sessions, (session) => {
          const left = new Promise<void>((resolve) => session.once('close', resolve));
          session.close();
          return left;
        }),
      );
    },
  };
}
