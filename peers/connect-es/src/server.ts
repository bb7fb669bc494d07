// The server, for a person and for the harness.
import { once } from 'node:events';
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { InstructionSchema, ServerLineSchema } from './gen/peer_pb.js';
import { instructed } from './instructed.ts';
import { implementation, input, parse, write } from './lines.ts';
import { pickOne } from './manage.ts';
import { offer } from './offer.ts';
import { graceFor, told } from './stop.ts';

type Handler = (request: Http2ServerRequest, response: Http2ServerResponse) => void;
type ServerLine = NonNullable<MessageInitShape<typeof ServerLineSchema>['line']>;

/** A port that takes calls, until it is ended. */
interface Listener {
  readonly port: number;
  /** Takes no new calls; closes connections when their calls have ended, or destroys them at once. */
  end(how: 'close' | 'destroy'): Promise<unknown>;
}

/** Serves until told to stop; rejects when the port cannot be bound. */
export async function serve(host: string, port: number): Promise<void> {
  const listener = await listen(connectNodeAdapter({ routes: offer(pickOne) }), host, port);
  console.error(`listening on ${host}:${listener.port}`);
  await told;
  await graceFor(listener.end('close'));
}

/** The same, reporting every call and obeying standard input, until that ends too. */
export async function serveHarness(host: string, port: number): Promise<void> {
  const open = new Map<number, Listener>();
  const handler = instructedHandler();
  const openOne = async (port: number): Promise<ServerLine> => {
    const listener = await listen(handler, host, port);
    open.set(listener.port, listener);
    return { case: 'listening', value: { port: listener.port, implementation } };
  };
  const carryOut = async (line: string): Promise<ServerLine> => {
    const { instruction } = parse(InstructionSchema, line);
    switch (instruction.case) {
      case 'listen':
        return openOne(instruction.value.port);
      case 'close': {
        const { port } = instruction.value;
        const listener = open.get(port);
        if (listener === undefined) throw new Error(`port ${port}: nothing listens here`);
        open.delete(port);
        await listener.end('destroy');
        return { case: 'closed', value: { port } };
      }
      case 'flush': // what has been answered has been written
        return { case: 'flushed', value: {} };
      default:
        throw new Error('unknown instruction');
    }
  };
  const obey = async () => {
    for await (const line of input()) {
      const refused = ({ message }: Error): ServerLine => ({ case: 'refused', value: { reason: message } });
      write(ServerLineSchema, { line: await carryOut(line).catch(refused) });
    }
  };
  write(ServerLineSchema, { line: await openOne(port) });
  await Promise.race([obey(), told]);
  await graceFor(Promise.all([...open.values()].map((listener) => listener.end('close'))));
}

/** By default the library compresses, for a client that accepts it, no reply so short as ours. */
function instructedHandler(): Handler {
  const routes = offer(instructed(pickOne));
  const plain = connectNodeAdapter({ routes });
  const compressing = connectNodeAdapter({ routes, compressMinBytes: 0 });
  return (request, response) =>
    (request.headers['stitch-reply-encoding'] === 'gzip' ? compressing : plain)(request, response);
}

async function listen(handler: Handler, host: string, port: number): Promise<Listener> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer(handler).on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const end = (how: 'close' | 'destroy') => {
    const closed = once(server, 'close');
    server.close();
    for (const session of sessions) session[how]();
    return closed;
  };
  return { port: (server.address() as AddressInfo).port, end };
}
