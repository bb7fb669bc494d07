// A relay between client and server, to see and to disturb what is below the calls.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Relay {
  connections = 0;
  /** From the server. */
  bytes = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(port: number) {
    this.#server = createServer((client) => {
      this.connections++;
      const server = connect(port, '127.0.0.1');
      server.on('data', ({ length }) => {
        this.bytes += length;
      });
      client.pipe(server).pipe(client);
      for (const socket of [client, server]) {
        socket.on('error', () => {});
        this.#sockets.add(socket);
      }
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Passes nothing on any more, though every connection stays. */
  silence(): void {
    for (const socket of this.#sockets) socket.unpipe();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
