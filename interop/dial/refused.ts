import type { ClientPem } from '../model/tls.ts';

/** RFC 8446, 6.2: alerts about what a client showed. */
const aboutCertificates: readonly string[] = [
  'bad_certificate',
  'unsupported_certificate',
  'certificate_revoked',
  'certificate_expired',
  'certificate_unknown',
  'unknown_ca',
  'access_denied',
  'decrypt_error',
];

/** Why a server has ended a handshake, behind its name, when it said so by an alert; undefined: it did not. */
export function refusedText(
  error: NodeJS.ErrnoException | undefined,
  address: string,
  { cert }: ClientPem,
): { readonly text: string; readonly hint: string } | undefined {
  const [, words] = /^ERR_SSL_.*ALERT_(\w+)$/.exec(error?.code ?? '') ?? [];
  const alert = words?.toLowerCase();
  if (alert === undefined) return undefined;
  if (alert === 'certificate_required')
    return {
      text: `wants a certificate of its clients at ${address}`,
      hint: 'add --tls-cert FILE and --tls-key FILE',
    };
  if (cert !== undefined && aboutCertificates.includes(alert))
    return {
      text: `refuses the certificate of --tls-cert at ${address}: ${alert}`,
      hint: 'is it for clients, valid today, and of an authority that the server trusts?',
    };
  if (alert === 'no_application_protocol')
    return {
      text: `speaks TLS at ${address}, and no HTTP/2 over it: ${alert} (ALPN)`,
      hint: 'is this the port of a gateway, or of a web page?',
    };
  return {
    text: `ended the TLS handshake at ${address}: ${alert}`,
    hint:
      cert === undefined
        ? 'TLS 1.2 or 1.3 is wanted; if it wants a certificate of its clients, add --tls-cert FILE and --tls-key FILE'
        : 'TLS 1.2 or 1.3 is wanted: what does it say of that in its own log?',
  };
}
