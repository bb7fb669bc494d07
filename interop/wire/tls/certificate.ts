import { X509Certificate } from 'node:crypto';

const shownCharacters = 300;

/** A certificate that nobody gave a name: what it says of itself, and its SHA-256 in hex. */
export function certificateText(der: Buffer, fingerprint: string): string {
  try {
    const { subject, subjectAltName, issuer } = new X509Certificate(der);
    const names = subjectAltName ? `, for ${subjectAltName.replaceAll(/(?:DNS|IP Address):/g, '')}` : '';
    const text = `${inLine(subject)}${names}, issued by ${inLine(issuer)}`;
    const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
    return `${shown} (SHA-256 ${fingerprint})`;
  } catch {
    // It is for its receiver to say that this is none.
    return `SHA-256 ${fingerprint}`;
  }
}

function inLine(name: string | undefined): string {
  return name ? name.replaceAll('\n', ', ') : 'nobody';
}
