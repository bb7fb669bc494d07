import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { ClientPem } from '../model/tls.ts';

const shownCharacters = 200;

/** Why the server's certificate is not to be believed, behind the server's name; undefined: it is. */
export function distrustOf(
  socket: TLSSocket,
  address: string,
  { serverName = '' }: ClientPem,
): { readonly text: string; readonly hint: string } | undefined {
  const shown = socket.getPeerCertificate();
  const subject = nameText(shown.subject);
  if (socket.authorized) {
    if (shown.subjectaltname) return undefined;
    return {
      text: `shows at ${address} a certificate (${subject}) that has no name but its common name`,
      // RFC 9110, 4.3.4: "A reference identity of type CN-ID MUST NOT be used by clients."
      hint: 'give it one with a subjectAltName: few clients believe a common name, and none is to',
    };
  }
  // In place of an error, as its type says, stands the error's code.
  const code = String(socket.authorizationError);
  const shows = `shows at ${address} a certificate (${subject})`;
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        text: `${shows} that is not for ${serverName}: it is for ${namesIn(shown)}`,
        hint: 'clients want the name that they call; --tls-name NAME says another one',
      };
    case 'CERT_HAS_EXPIRED':
      return {
        text: `${shows} that has expired, or leads to one that has: it is valid until ${shown.valid_to}`,
        hint: 'give it a new one: no client is to believe this one',
      };
    case 'CERT_NOT_YET_VALID':
      return {
        text: `${shows} that is not valid yet: it is from ${shown.valid_from} on`,
        hint: 'is the clock of this machine right?',
      };
    case 'INVALID_PURPOSE':
      return {
        text: `${shows} that is not for servers`,
        hint: 'its extended key usage has to have serverAuth',
      };
    default:
      return {
        text: `${shows} that does not lead to --tls-ca: it was issued by ${nameText(shown.issuer)} (${code})`,
        hint: 'is --tls-ca the authority of that server, and does the server send its intermediate certificates along?',
      };
  }
}

function nameText(name: PeerCertificate['subject'] | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${[value].flat().join('+')}`);
  return cut(parts.join(', ') || 'of nobody');
}

/** `shop.example, 10.0.0.7`. */
function namesIn({ subjectaltname }: PeerCertificate): string {
  if (!subjectaltname) return 'no name at all (subjectAltName)';
  return cut(subjectaltname.replaceAll(/(?:DNS|IP Address):/g, ''));
}

/** A certificate says whatever its maker liked. */
function cut(text: string): string {
  const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  return JSON.stringify(shown).slice(1, -1);
}
