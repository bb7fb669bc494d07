import { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type SecureVersion, type TLSSocket, type TlsOptions } from 'node:tls';
import type { Behaviour, TellKey } from '../behaviour.ts';
import type { ServerTls } from '../lines.ts';

/**
 * Encrypts each connection that it is given, and passes on those whose client is to be believed and speaks HTTP/2.
 * Undefined: nothing is to be encrypted. Rejects when the certificate or its key is none.
 */
export async function encryption(
  spec: ServerTls,
  behaviour: Behaviour,
  tellKey: TellKey,
  onSecure: (socket: Duplex, tcp: Socket, clientName: string | undefined) => void,
): Promise<((tcp: Socket) => void) | undefined> {
  const options = await behaviour.encrypts(optionsOf(spec));
  if (!options) return undefined;
  const server = tls.createServer(options);
  /** By the client's port. */
  const connections = new Map<number | undefined, Socket>();
  server.on('keylog', tellKey);
  // Whom it refuses learns so from TLS, or from the end of the connection.
  server.on('tlsClientError', () => {});
  server.on('secureConnection', (socket) => {
    const tcp = connections.get(socket.remotePort);
    socket.on('error', () => {});
    const isAgreed = socket.alpnProtocol === 'h2' || !options.ALPNProtocols;
    if (tcp && isAgreed) onSecure(behaviour.secures(socket), tcp, nameOf(socket));
    else socket.destroy();
  });
  return (tcp) => {
    const { remotePort } = tcp;
    connections.set(remotePort, tcp);
    tcp.on('close', () => connections.delete(remotePort));
    server.emit('connection', tcp);
  };
}

function optionsOf({ cert, key, clientCa, version }: ServerTls): TlsOptions {
  // Node takes any text for an authority, and then believes nobody. Throws where it is none.
  if (clientCa) new X509Certificate(clientCa);
  const only = version ? (`TLSv${version}` as SecureVersion) : undefined;
  return {
    cert,
    key,
    ALPNProtocols: ['h2'],
    ...(clientCa && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
    ...(only && { minVersion: only, maxVersion: only }),
  };
}

/** Of its client's certificate. */
function nameOf(socket: TLSSocket): string | undefined {
  const { CN } = socket.getPeerCertificate().subject ?? {};
  return Array.isArray(CN) ? CN[0] : CN;
}
