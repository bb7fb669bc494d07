import net, { type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hostAndPort } from '../model/address.ts';
import type { Role } from '../model/peer.ts';

/** Hears of one connection, in the order in which things happen. */
export interface Watcher {
  /** These bytes came from that side; they are on their way to the other. */
  passed(from: Role, bytes: Buffer): void;
  /** Nobody took the connection at the server's address. */
  refused(reason: string): void;
  /** That side has ended its way, or reset the connection. */
  closed(by: Role, how: 'end' | 'reset'): void;
}

/** A passive TCP relay in front of one address of a server. */
export interface Relay {
  /** Where clients reach it. It stays the same. */
  readonly address: string;
  /** Takes connections again after `leave`. */
  listen(): Promise<void>;
  /** Takes no more connections; those that are open go on. */
  leave(): void;
  /** Resolves when no connection through it is open any more, or after so long. */
  emptied(withinMs: number): Promise<void>;
  /** Ends it and every connection. */
  close(): void;
}

/** How often it is looked whether connections have ended. */
const lookMs = 5;

/**
 * Opens a relay on a free port of `host`. Bytes, back-pressure, half-close and
 * resets pass as they come, each way for itself. Rejects when it cannot listen.
 */
export async function openRelay(
  host: string,
  server: string,
  watch: (address: string) => Watcher,
): Promise<Relay> {
  const sockets = new Set<Socket>();
  const listener = net.createServer(
    { allowHalfOpen: true, pauseOnConnect: true, noDelay: true },
    (client) => {
      for (const socket of join(client, server, watch(`${host}:${port}`))) {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      }
    },
  );
  const port = await listenOnNew(listener, host);
  const leave = () => void listener.close();

  return {
    address: `${host}:${port}`,
    async listen() {
      if (!listener.listening) await listenOn(listener, host, port);
    },
    leave,
    async emptied(withinMs) {
      const untilMs = performance.now() + withinMs;
      while (sockets.size > 0 && performance.now() < untilMs) await sleep(lookMs);
    },
    close() {
      leave();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Connects the client with the server. Returns both sockets. */
function join(client: Socket, server: string, watcher: Watcher): readonly [Socket, Socket] {
  const upstream = net.connect({ ...hostAndPort(server), allowHalfOpen: true, noDelay: true });
  let isConnected = false;
  upstream.once('connect', () => {
    isConnected = true;
    forward(client, upstream, (bytes) => watcher.passed('client', bytes));
    forward(upstream, client, (bytes) => watcher.passed('server', bytes));
    client.resume();
  });
  upstream.on('error', (error) => {
    if (!isConnected) watcher.refused(error.message);
    else watcher.closed('server', 'reset');
    reset(client);
  });
  client.on('error', () => {
    watcher.closed('client', 'reset');
    reset(upstream);
  });
  client.once('end', () => watcher.closed('client', 'end'));
  upstream.once('end', () => watcher.closed('server', 'end'));
  return [client, upstream];
}

/** One way of a connection. What the receiver cannot take yet is not read from the sender. */
function forward(from: Socket, to: Socket, passed: (bytes: Buffer) => void): void {
  from.on('data', (bytes: Buffer) => {
    if (!to.write(bytes)) from.pause();
    passed(bytes);
  });
  to.on('drain', () => from.resume());
  from.on('end', () => to.end());
}

/**
 * Passes a reset on. A socket that is just being shut down cannot be reset any more:
 * Node would say EINVAL and keep its handle for ever.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}

/**
 * Ports that relays have had, the oldest first. A client that was closed may go on connecting for a while, and what
 * it says to the next one that is given its port would be taken for that one's.
 */
const hadPorts = new Set<number>();
/** There are some 28,000 to be had. */
const keptPorts = 8_000;

/** Listens on a port that no relay had lately. Resolves to it. Rejects when it cannot listen. */
async function listenOnNew(listener: net.Server, host: string): Promise<number> {
  const port = await listenOn(listener, host, 0);
  if (hadPorts.has(port)) {
    await new Promise((closed) => listener.close(closed));
    return listenOnNew(listener, host);
  }
  hadPorts.add(port);
  if (hadPorts.size > keptPorts) hadPorts.delete(hadPorts.values().next().value ?? 0);
  return port;
}

/** Resolves to the port. Rejects when it cannot listen. */
export function listenOn(listener: net.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, host, () => {
      listener.off('error', reject);
      resolve((listener.address() as AddressInfo).port);
    });
  });
}
