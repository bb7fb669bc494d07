// One port that takes calls. Each has a Server of its own, because closing one
// port of a Server (unbind, drain) does not tell when the port is free again.
import type { Server, ServerCredentials } from '@grpc/grpc-js';

/** A port that takes calls, until it is closed or drained. */
export type Listener = Awaited<ReturnType<typeof listen>>;

/**
 * Lets `server` take calls; port 0 lets the system choose. Rejects with a sentence:
 * "port 6000: address already in use" and the like.
 */
export async function listen(server: Server, host: string, port: number, credentials: ServerCredentials) {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else reject(new Error(`port ${port}: ${reasonOf(error)}`));
    });
  });
  return {
    /** The port it is bound to, never 0. */
    port: bound,
    /** Takes no new calls and lets those in flight finish. Resolves when the port is free. */
    drain: () => shutDown(server),
    /**
     * Ends the listener and its connections at once; the port is free when this returns. tryShutdown
     * would wait for connections that are still in their handshake, which forceShutdown does not end.
     */
    close: () => server.forceShutdown(),
  };
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => server.tryShutdown(() => resolve()));
}

/** "address already in use" of "No address … [listen EADDRINUSE: address already in use 127.0.0.1:6000]". */
function reasonOf(error: Error): string {
  return /\[listen \w+: (.+) \S+\]$/.exec(error.message)?.[1] ?? error.message;
}
