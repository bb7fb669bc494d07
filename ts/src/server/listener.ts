// One port that takes calls. Each has a Server of its own, because closing one
// port of a Server (unbind, drain) does not tell when the port is free again.
import { logVerbosity, type Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { graceFor } from '../stop.ts';

/** A port that takes calls, until it is closed or has stopped. */
export interface Listener {
  /** The port it is bound to, never 0. */
  readonly port: number;
  /** Ends the listener and its connections at once. Resolves when the port is free. */
  close(): Promise<void>;
  /** Takes no new calls, lets those in flight finish within the grace time, and closes. */
  stop(): Promise<void>;
}

/** Lets `server` take calls; rejects with "port 6000: address already in use" and the like. */
export async function listen(server: Server, host: string, port: number): Promise<Listener> {
  const boundPort = await bind(server, host, port);
  const close = () => {
    const closed = shutDown(server);
    server.forceShutdown();
    return closed;
  };
  const stop = async () => {
    await graceFor(shutDown(server));
    server.forceShutdown();
  };
  return { port: boundPort, close, stop };
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.tryShutdown(() => resolve());
  });
}

function bind(server: Server, host: string, port: number): Promise<number> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  silenceLibrary(true);
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, boundPort) => {
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
