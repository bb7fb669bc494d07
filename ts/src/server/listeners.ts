// The ports that the server takes calls on.
import type { Server } from '@grpc/grpc-js';
import { implementation } from '../implementation.ts';
import type { Listening } from '../lines/types.ts';
import { type Listener, listen } from './listener.ts';

/** The open listeners of one host, all with the same service. */
export class Listeners {
  readonly #open = new Map<number, Listener>();
  readonly #host: string;
  readonly #createServer: () => Server;

  constructor(host: string, createServer: () => Server) {
    this.#host = host;
    this.#createServer = createServer;
  }

  /** Opens one more listener; port 0 lets the system choose. */
  async open(port: number): Promise<Listening> {
    const listener = await listen(this.#createServer(), this.#host, port);
    this.#open.set(listener.port, listener);
    return { port: listener.port, implementation };
  }

  /** Ends a listener and its connections at once. */
  async close(port: number): Promise<void> {
    const listener = this.#open.get(port);
    if (listener === undefined) throw new Error(`port ${port}: no listener`);
    this.#open.delete(port);
    await listener.close();
  }

  /** Stops all of them, gracefully. */
  async stop(): Promise<void> {
    await Promise.all([...this.#open.values()].map((listener) => listener.stop()));
  }
}
