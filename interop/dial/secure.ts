import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { ClientPem } from '../model/tls.ts';

/** How a connection of the harness's own is encrypted: as those of its clients are to be. For node:tls, and for node:http2. */
export function secureOptions({ ca, cert, key, serverName = '' }: ClientPem): ConnectionOptions {
  return {
    ca,
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ALPNProtocols: ['h2'],
    // RFC 6066, 3: "Literal IPv4 and IPv6 addresses are not permitted in "HostName"."
    servername: isIP(serverName) ? '' : serverName,
    checkServerIdentity: (_, shown) => checkServerIdentity(serverName, shown),
  };
}
