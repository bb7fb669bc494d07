// The server's listeners.
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { Server, ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { type Listener, listen } from '../listener.ts';
import { createHandler } from './handler.ts';
import type { Listen, Script } from './lines.ts';
import type { Methods } from './methods.ts';

/** Opens a listener that serves `methods`; rejects with a sentence. Each call gives `report` a Served. */
export async function serve(
  methods: Methods,
  scripts: ReadonlyMap<string, Script>,
  report: (served: object) => void,
  { host = '127.0.0.1', port = 0, tls, maxReceiveBytes, ...others }: Listen,
): Promise<Listener> {
  // The library does not mind how often a client pings, so that none of this is claimed.
  for (const member of ['keepalive', 'minPingMs', 'maxAgeMs'] as const) {
    if (others[member]) throw new Error(`${member} is not supported`);
  }
  const server = new Server(maxReceiveBytes ? { 'grpc.max_receive_message_length': maxReceiveBytes } : {});
  const handlers: UntypedServiceImplementation = {};
  for (const [path, method] of methods) {
    handlers[path] = createHandler(method, scripts, report);
  }
  server.addService(Object.fromEntries(methods), handlers);
  return listen(server, host, port, credentialsOf(tls));
}

/** Throws a sentence for what is no PEM, and a key that is another certificate's. */
function credentialsOf(tls: Listen['tls']): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  const { cert = '', key = '', clientCa = '', version } = tls;
  // createSsl leaves the versions to Node.js, whose defaults are the process's.
  if (version) throw new Error('version of tls is not supported');
  try {
    createSecureContext({ cert: Buffer.from(cert), key: Buffer.from(key) });
    // Node.js takes any text for authorities, and would believe nobody.
    if (clientCa) new X509Certificate(clientCa);
  } catch (error) {
    throw new Error(`tls: ${(error as Error).message}`);
  }
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  return ServerCredentials.createSsl(clientCa ? Buffer.from(clientCa) : null, [pair], clientCa !== '');
}
