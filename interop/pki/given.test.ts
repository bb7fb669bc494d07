/** What a person reads of a file that is none of what was wanted. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { authoritiesIn, type Given, identityIn } from './given.ts';
import { makeAuthority } from './pki.ts';

const pem = { ca: '', cert: '', key: '', otherKey: '', encrypted: '' };

beforeAll(async () => {
  const authority = await makeAuthority('an authority');
  const { chain, key } = await authority.issue({ purpose: 'client', commonName: 'a client' });
  const other = await authority.issue({ purpose: 'client' });
  Object.assign(pem, { ca: authority.pem, cert: chain, key, otherKey: other.key });
  const cipher = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
  pem.encrypted = String(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(cipher as never),
  );
});

function given(content: string | Buffer, named = '--tls-x FILE'): Given {
  return { named, content: Buffer.from(content) };
}

function said(read: () => unknown): string {
  try {
    read();
    return 'nothing was wrong';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

describe('authorities', () => {
  it('are its certificates, whatever stands around them', () => {
    const text = `Subject: somebody\r\n${pem.ca}\nand\n${pem.cert}`;
    expect(authoritiesIn(given(text))).toBe(pem.ca.trimStart() + pem.cert);
  });

  it.each([
    ['nothing', () => '', 'is no PEM: wanted -----BEGIN CERTIFICATE-----'],
    ['a text', () => 'hello', 'is no PEM: wanted -----BEGIN CERTIFICATE-----'],
    ['a key', () => pem.key, 'holds no certificate, but a PRIVATE KEY'],
    [
      'a key beside a certificate',
      () => pem.ca + pem.key,
      'holds a private key beside its certificate, and every client would be given it',
    ],
    ['DER', () => new X509Certificate(pem.ca).raw, 'is no PEM but DER\n  hint: openssl x509 -inform der '],
    [
      'one that is damaged',
      () => pem.ca + pem.cert.replace(/\n[^-]{20}/, '\nAAAAAAAAAAAAAAAAAAAA'),
      'its certificate 2 of 2 cannot be read: ',
    ],
  ])('are not in %s', (_, content, says) => {
    expect(said(() => authoritiesIn(given(content())))).toContain(`UsageError: --tls-x FILE: ${says}`);
  });
});

describe('the certificate of a client', () => {
  const read = (cert: string, key: string) =>
    said(() => identityIn(given(cert, '--tls-cert C'), given(key, '--tls-key K')));

  it('fits its key, which may be in the same file', () => {
    const both = given(pem.key + pem.cert);
    const found = identityIn(both, both);
    expect(found).toEqual({ cert: pem.cert, key: pem.key });
    expect(() => createSecureContext(found)).not.toThrow();
  });

  it.each(['EC', 'RSA'] as const)('may have a key of the older form (%s)', async (keys) => {
    const { chain, key } = await (await makeAuthority('older')).issue({ keys });
    const { createPrivateKey } = await import('node:crypto');
    const type = keys === 'EC' ? 'sec1' : 'pkcs1';
    const older = String(createPrivateKey(key).export({ type, format: 'pem' }));
    expect(older).toContain(`BEGIN ${keys} PRIVATE KEY`);
    expect(identityIn(given(chain), given(older)).key).toBe(key);
  });

  it('is not that of the key', () => {
    expect(read(pem.cert, pem.otherKey)).toContain(
      'UsageError: --tls-key K: is not the key to the certificate of --tls-cert C (CN=a client)\n  hint: ',
    );
  });

  it('comes first', () => {
    expect(read(pem.ca + pem.cert, pem.key)).toContain(
      'is not the key to the certificate of --tls-cert C (CN=an authority)',
    );
  });

  it('is asked for where the two files were exchanged', () => {
    expect(read(pem.key, pem.cert)).toContain('--tls-cert C: holds no certificate, but a PRIVATE KEY');
    expect(read(pem.cert, pem.cert)).toContain('--tls-key K: holds no private key, but a CERTIFICATE');
  });

  it.each([
    ['of today', () => pem.encrypted],
    [
      'of old',
      () =>
        '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n',
    ],
  ])('has a key that is encrypted, in the form %s', (_, key) => {
    expect(read(pem.cert, key())).toContain(
      'UsageError: --tls-key K: its key is encrypted, and clients are given no passphrase\n  hint: openssl pkey ',
    );
  });

  it('has a key that is damaged', () => {
    const damaged = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
    expect(read(pem.cert, damaged)).toContain('--tls-key K: its key cannot be read: ');
  });
});
