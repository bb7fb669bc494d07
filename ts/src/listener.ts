// One port that takes calls. Each has a Server of its own, because closing one
// port of a Server (unbind, drain) does not tell when the port is free again.
import { logVerbosity, type Server, type ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';

/** A port that takes calls, until it is closed or drained. */
export interface Listener {
  /** The port it is bound to, never 0. */
  readonly port: number;
  /** Takes no new calls and lets those in flight finish. Resolves when the port is free. */
  drain(): Promise<void>;
  /** Ends the listener and its connections at once. Resolves when the port is free. */
  close(): Promise<void>;
}

/** Gives a Listener that lets `server` take calls; rejects with "port 6000: address already in use" and the like. */
export async function listen(server: Server, host: string, port: number, credentials: ServerCredentials) {
  const bound = await bind(server, host, port, credentials);
  const drain = () => new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  const close = () => {
    const drained = drain();
    server.forceShutdown();
    return drained;
  };
  return { port: bound, drain, close } satisfies Listener;
}

function bind(server: Server, host: string, port: number, credentials: ServerCredentials): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    silenceLibrary(true);
    server.bindAsync(address, credentials, (error, boundPort) => {
      silenceLibrary(false);
      if (error === null) resolve(boundPort);
      else reject(new Error(`port ${port}: ${reasonOf(error)}`));
    });
  });
}

/** bindAsync logs the error that it also hands over; one sentence is enough. */
function silenceLibrary(isSilent: boolean): void {
  if (process.env.GRPC_VERBOSITY !== undefined || process.env.GRPC_NODE_VERBOSITY !== undefined) return;
  setLogVerbosity(isSilent ? logVerbosity.NONE : logVerbosity.ERROR);
}

/** "address already in use" of "No address added … errors: [listen EADDRINUSE: address already in use 127.0.0.1:6000]". */
function reasonOf(error: Error): string {
  return /\[listen \w+: (.+) \S+\]$/.exec(error.message)?.[1] ?? error.message;
}
