/** PEM texts that a person gives, each checked by itself: what a stack would say of a wrong one helps nobody. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { UsageError } from '../errors.ts';

/** A file, and by what it was named: `--tls-ca ca.pem`. */
export interface Given {
  readonly named: string;
  readonly content: Buffer;
}

/** Its own certificate first; the key is PKCS#8. Both are PEM. */
export interface GivenIdentity {
  readonly cert: string;
  readonly key: string;
}

/** The certificates of authorities, and nothing else. Throws a UsageError. */
export function authoritiesIn(given: Given): string {
  const certificates = certificatesIn(given);
  if (blocksIn(given).some(isKey))
    throw new UsageError(
      `${given.named}: holds a private key beside its certificate, and every client would be given it\n  hint: wanted the authority's certificate alone`,
    );
  return certificates;
}

/** Those that this machine trusts. Throws a UsageError when there are none. */
export function systemAuthorities(named: string): string {
  const found = getCACertificates('system');
  if (found.length === 0)
    throw new UsageError(
      `${named}: this machine trusts no authorities\n  hint: install them (ca-certificates), or name a file: --tls-ca FILE`,
    );
  return found.map((each) => `${each.trim()}\n`).join('');
}

/** A client's certificate and the key to it; both may be in one file. Throws a UsageError. */
export function identityIn(certificate: Given, key: Given): GivenIdentity {
  const cert = certificatesIn(certificate);
  const own = keyIn(key);
  const leaf = new X509Certificate(cert);
  if (!leaf.checkPrivateKey(own))
    throw new UsageError(
      `${key.named}: is not the key to the certificate of ${certificate.named} (${leaf.subject.replaceAll('\n', ', ')})\n  hint: the client's own certificate comes first in its file, those of authorities behind it`,
    );
  return { cert, key: String(own.export({ format: 'pem', type: 'pkcs8' })) };
}

interface Block {
  /** `CERTIFICATE`, `EC PRIVATE KEY`. */
  readonly label: string;
  readonly text: string;
}

/** RFC 7468: what stands between and around is explanation. */
function blocksIn({ content }: Given): readonly Block[] {
  const found = content
    .toString('latin1')
    .matchAll(/-----BEGIN (?<label>[A-Z0-9 ]+)-----.*?-----END \k<label>-----/gs);
  return Array.from(found, ({ 0: text, 1: label = '' }) => ({ label, text: `${text}\n` }));
}

function isKey({ label }: Block): boolean {
  return label.endsWith('PRIVATE KEY');
}

function isCertificate({ label }: Block): boolean {
  return /^(?:X509 |TRUSTED )?CERTIFICATE$/.test(label);
}

function certificatesIn(given: Given): string {
  const found = blocksIn(given).filter(isCertificate);
  if (found.length === 0) throw new UsageError(`${given.named}: ${noneText(given, 'certificate')}`);
  for (const [index, { text }] of found.entries()) {
    try {
      new X509Certificate(text);
    } catch (error) {
      throw new UsageError(
        `${given.named}: its certificate ${index + 1} of ${found.length} cannot be read: ${(error as Error).message}\n  hint: openssl x509 -noout -text -in FILE says more`,
      );
    }
  }
  return found.map(({ text }) => text).join('');
}

function keyIn(given: Given): KeyObject {
  const [found] = blocksIn(given).filter(isKey);
  if (!found) throw new UsageError(`${given.named}: ${noneText(given, 'private key')}`);
  if (found.label.startsWith('ENCRYPTED') || found.text.includes('ENCRYPTED'))
    throw new UsageError(
      `${given.named}: its key is encrypted, and clients are given no passphrase\n  hint: openssl pkey -in FILE -out plain.pem writes it without`,
    );
  try {
    return createPrivateKey(found.text);
  } catch (error) {
    throw new UsageError(
      `${given.named}: its key cannot be read: ${(error as Error).message}\n  hint: openssl pkey -noout -text -in FILE says more`,
    );
  }
}

const kinds = { certificate: 'x509', 'private key': 'pkey' } as const;

function noneText(given: Given, wanted: keyof typeof kinds): string {
  const { content } = given;
  const [block] = blocksIn(given);
  if (block) return `holds no ${wanted}, but a ${block.label}\n  hint: is that the right file?`;
  // ITU-T X.690: a SEQUENCE, as those of both kinds begin.
  if (content[0] === 0x30)
    return `is no PEM but DER\n  hint: openssl ${kinds[wanted]} -inform der -in FILE -out FILE.pem writes it anew`;
  return `is no PEM: wanted -----BEGIN ${wanted.toUpperCase()}-----\n  hint: is that the right file?`;
}
