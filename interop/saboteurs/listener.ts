import http2, { type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { http2Options, type RawHeaders } from './wire.ts';

export interface Listener {
  readonly port: number;
  /** Ends it and its connections; resolves when the port is free. */
  close(): Promise<void>;
  /** Takes no more connections and calls; what is in flight goes on. */
  leave(): void;
}

export async function openListener(
  host: string,
  port: number,
  onCall: (stream: ServerHttp2Stream, headers: RawHeaders) => void,
): Promise<Listener> {
  const server = http2.createServer(http2Options);
  const sockets = new Set<Socket>();
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => {});
  });
  server.on('stream', (stream, _headers, _flags, raw) => onCall(stream, raw));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    leave() {
      server.close();
      for (const session of sessions) session.close();
    },
  };
}
