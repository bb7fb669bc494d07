// The server: listeners, and the instructions on standard input that open and close them.
import { once } from 'node:events';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fromJsonString, type MessageInitShape } from '@bufbuild/protobuf';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { InstructionSchema, ServerLineSchema } from './gen/peer_pb.js';
import { graceMs, implementation, input, write } from './lines.ts';
import { offer } from './offer.ts';

type ServerLine = NonNullable<MessageInitShape<typeof ServerLineSchema>['line']>;

/** A port that takes calls, and its connections. */
interface Listener {
  readonly port: number;
  readonly server: http2.Http2Server;
  readonly sessions: Set<http2.ServerHttp2Session>;
}

/** Serves until told to stop; rejects when the port cannot be bound. */
export async function serve(host: string, port: number): Promise<void> {
  const listeners = new Map<number, Listener>();
  const open = async (port: number): Promise<ServerLine> => {
    const listener = await listen(host, port);
    listeners.set(listener.port, listener);
    return { case: 'listening', value: { port: listener.port, implementation } };
  };
  const carryOut = async (line: string): Promise<ServerLine> => {
    const { instruction } = fromJsonString(InstructionSchema, line, { ignoreUnknownFields: true });
    switch (instruction.case) {
      case 'listen':
        return open(instruction.value.port);
      case 'close': {
        const { port } = instruction.value;
        const listener = listeners.get(port);
        if (listener === undefined) throw new Error(`port ${port}: nothing listens here`);
        listeners.delete(port);
        for (const session of listener.sessions) session.destroy();
        await closed(listener);
        return { case: 'closed', value: { port } };
      }
      case 'flush': // what has been answered has been written
        return { case: 'flushed', value: {} };
      default:
        throw new Error('unknown instruction');
    }
  };
  write(ServerLineSchema, { line: await open(port) });
  for await (const line of input()) {
    const refused = ({ message }: Error): ServerLine => ({ case: 'refused', value: { reason: message } });
    write(ServerLineSchema, { line: await carryOut(line).catch(refused) });
  }
  await Promise.race([Promise.all([...listeners.values()].map(closed)), delay(graceMs)]);
}

/** Takes no new calls; resolves when those in flight have ended, and so the connections. */
const closed = ({ server }: Listener) => new Promise((resolve) => server.close(resolve));

/** By default the library compresses, for a client that accepts it, no reply so short as ours. */
const plain = connectNodeAdapter({ routes: offer });
const compressing = connectNodeAdapter({ routes: offer, compressMinBytes: 0 });

async function listen(host: string, port: number): Promise<Listener> {
  const sessions = new Set<http2.ServerHttp2Session>();
  const server = http2.createServer((request, response) => {
    const handler = request.headers['stitch-reply-encoding'] === 'gzip' ? compressing : plain;
    handler(request, response);
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server, sessions };
}
