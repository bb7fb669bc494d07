import http2, { type ServerHttp2Stream } from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { Behaviour } from '../behaviour.ts';
import type { RawHeaders } from '../grpc/metadata.ts';
import { rewriting } from '../http2/rewriter.ts';

export interface Listener {
  readonly port: number;
  /** Ends it and its connections; resolves when the port is free. */
  close(): Promise<void>;
  /** Takes no more connections and calls; what is in flight goes on. Resolves when all has left, to the last byte, and the port is free. */
  drain(): Promise<void>;
}

export async function openListener(
  host: string,
  port: number,
  behaviour: Behaviour,
  onCall: (stream: ServerHttp2Stream, headers: RawHeaders) => void,
): Promise<Listener> {
  const server = http2.createServer(behaviour.http2);
  const sockets = new Set<Socket>();
  const sessions = new Set<http2.ServerHttp2Session>();
  const front = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const rewrite = behaviour.rewrites();
    server.emit('connection', rewrite ? rewriting(socket, 'server', rewrite) : socket);
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => {});
    behaviour.opens(session);
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
    drain: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const session of sessions) session.close();
      }),
  };
}
