// A relay between client and server, to see and to disturb what is below the calls.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

export class Relay {
  connections = 0;
  /** Bytes by the end that they are from. */
  readonly bytes = { client: 0, server: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** Passes on to the server at that address, until the test ends. */
  constructor(test: TestContext, address: string) {
    this.#server = createServer((client) => {
      this.connections++;
      const server = connect(Number(address.split(':')[1]), '127.0.0.1');
      for (const [end, socket] of Object.entries({ client, server })) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('data', ({ length }) => {
          this.bytes[end as 'client' | 'server'] += length;
        });
      }
      client.pipe(server).pipe(client);
    });
    test.after(() => {
      this.#server.close();
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  /** Resolves with the relay's own address. */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Passes nothing on any more, though every connection stays. */
  silence(): void {
    for (const socket of this.#sockets) socket.unpipe();
  }
}
