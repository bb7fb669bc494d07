// The server: its listeners, and the scripts that they share.
import { once } from 'node:events';
import * as http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { Listen, Script } from './contract.ts';
import { handlerOf, scriptOf } from './handler.ts';
import type { Methods } from './methods.ts';
import { contextValues, secure } from './tls.ts';

/** What takes calls on a port, and its connections, be they still in their handshake. */
type Listener = {
  server: http2.Http2Server | http2.Http2SecureServer;
  sockets: Set<Socket>;
};

export class Server {
  readonly #scripts = new Map<string, Script>();
  readonly #listeners = new Map<number, Listener>();

  /** Keeps a script, or, without any steps, forgets it. */
  keep(script: Script): void {
    const { name = '', compression = '', steps = [] } = script;
    if (!['', 'gzip'].includes(compression)) throw new Error(`compression "${compression}"`);
    if (steps.length > 0) this.#scripts.set(name, script);
    else this.#scripts.delete(name);
  }

  /** Serves these methods; resolves with the port when calls are accepted; rejects when it cannot be bound or encrypted. */
  async listen(wanted: Listen, methods: Methods): Promise<number> {
    const { host = '127.0.0.1', tls, maxReceiveBytes } = wanted;
    for (const option of ['keepalive', 'minPingMs', 'maxAgeMs'] as const)
      if (wanted[option]) throw new Error(`the library has no ${option} for a server`);
    const handler = this.#handler(methods, { ...(maxReceiveBytes && { readMaxBytes: maxReceiveBytes }) });
    const server = tls ? http2.createSecureServer(secure(tls), handler) : http2.createServer(handler);
    const sockets: Listener['sockets'] = new Set();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(wanted.port, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    this.#listeners.set(port, { server, sockets });
    return port;
  }

  /** Ends the connections of a listener at once; resolves when its port is free. */
  async close(port: number): Promise<void> {
    for (const socket of this.#listeners.get(port)?.sockets ?? []) socket.destroy();
    await this.drain(port);
  }

  /** Takes no new calls; resolves when those in flight have ended, and so the connections. */
  async drain(port: number): Promise<void> {
    const listener = this.#listeners.get(port);
    if (listener === undefined) throw new Error(`port ${port}: nothing listens here`);
    await new Promise((resolve) => listener.server.close(resolve));
    // Another listener may have the port by now.
    if (this.#listeners.get(port) === listener) this.#listeners.delete(port);
  }

  /** Drains every listener. */
  async stop(): Promise<void> {
    await Promise.all([...this.#listeners.keys()].map((port) => this.drain(port)));
  }

  /**
   * Whether an adapter compresses is one choice for all its calls: so there are two,
   * and a call's script chooses.
   */
  #handler(methods: Methods, limits: { readMaxBytes?: number }) {
    const scripts = this.#scripts;
    const routes = (router: ConnectRouter) => {
      for (const method of methods.values()) router.rpc(method, handlerOf(method, scripts));
    };
    const shared = { routes, ...limits, contextValues };
    const plain = connectNodeAdapter({ ...shared, compressMinBytes: Number.POSITIVE_INFINITY });
    const gzip = connectNodeAdapter({ ...shared, compressMinBytes: 0 });
    return (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => {
      const script = scriptOf(scripts, `${request.headers['stitch-script'] ?? ''}`, request.url);
      (script?.compression === 'gzip' ? gzip : plain)(request, response);
    };
  }
}
