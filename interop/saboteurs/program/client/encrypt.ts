import type net from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type ConnectionOptions, type PeerCertificate } from 'node:tls';
import type { Behaviour, TellKey } from '../behaviour.ts';
import type { ClientTls } from '../lines.ts';

/** Encrypts the connection to that host. Rejects when the server is not to be believed, or chooses another protocol. */
export async function encrypt(
  tcp: net.Socket,
  host: string,
  spec: ClientTls,
  behaviour: Behaviour,
  tellKey: TellKey,
): Promise<Duplex> {
  const options = await behaviour.dials(optionsOf(tcp, host, spec));
  if (!options) return tcp;
  const socket = tls.connect(options);
  socket.on('keylog', tellKey);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection ended')));
    socket.once('secureConnect', resolve);
  });
  // A server of TLS 1.3 refuses a client that is done with its handshake already; Node leaves it open then.
  socket.on('error', () => socket.destroy());
  if (socket.alpnProtocol !== 'h2' && options.ALPNProtocols) {
    socket.destroy();
    throw new Error('the server did not choose h2');
  }
  return behaviour.secures(socket);
}

function optionsOf(
  socket: net.Socket,
  host: string,
  { ca, cert, key, serverName }: ClientTls,
): ConnectionOptions {
  return {
    socket,
    host,
    ca,
    ...(cert && { cert, key }),
    ...(serverName && { servername: serverName }),
    ALPNProtocols: ['h2'],
    checkServerIdentity: checkName,
  };
}

/** "A reference identity of type CN-ID MUST NOT be used by clients." Node's own check does. */
export function checkName(name: string, certificate: PeerCertificate): Error | undefined {
  return certificate.subjectaltname === undefined
    ? new Error('the certificate has no subject alternative name')
    : tls.checkServerIdentity(name, certificate);
}
