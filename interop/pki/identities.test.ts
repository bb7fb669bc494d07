import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { expect, it } from 'vitest';
import { clientIdentities, serverIdentities } from '../model/tls.ts';
import { makeIdentities } from './identities.ts';

const identities = makeIdentities();

/** Each certificate of a PEM text. */
function certificatesIn(pem: string): readonly X509Certificate[] {
  return pem
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter((text) => text.trim() !== '')
    .map((text) => new X509Certificate(text));
}

function first(pem: string): X509Certificate {
  return certificatesIn(pem)[0] as X509Certificate;
}

it.each(serverIdentities)('%s is a certificate and its key, and is known by its name', async (identity) => {
  const { cert, key } = await identities.server({ identity });
  expect(() => createSecureContext({ cert, key })).not.toThrow();
  const fingerprint = first(cert).fingerprint256.replaceAll(':', '').toLowerCase();
  expect(identities.nameOf(fingerprint)).toBe(identity);
});

it.each(clientIdentities)('%s is one of a client', async (identity) => {
  const { cert = '', key = '' } = await identities.client({ identity });
  expect(() => createSecureContext({ cert, key })).not.toThrow();
});

it('leads to the authority that clients trust, but where it should not', async () => {
  const { ca } = await identities.client({});
  const root = first(ca);
  for (const identity of serverIdentities) {
    const chain = certificatesIn((await identities.server({ identity })).cert);
    const last = chain.at(-1) as X509Certificate;
    const isOdd = identity === 'other-authority' || identity === 'intermediate-not-sent';
    expect([identity, last.verify(root.publicKey)]).toEqual([identity, !isOdd]);
  }
});

it('is what its name says', async () => {
  const of = async (identity: (typeof serverIdentities)[number]) =>
    first((await identities.server({ identity })).cert);
  const now = Date.now();
  expect((await of('good')).checkHost('stitch.test')).toBe('stitch.test');
  expect((await of('wrong-name')).checkHost('stitch.test')).toBeUndefined();
  expect((await of('common-name-only')).subjectAltName).toBeUndefined();
  expect((await of('common-name-only')).subject).toBe('CN=stitch.test');
  expect((await of('address')).checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect((await of('name-for-address')).checkIP('127.0.0.1')).toBeUndefined();
  expect(Date.parse((await of('expired')).validTo)).toBeLessThan(now);
  expect(Date.parse((await of('not-yet-valid')).validFrom)).toBeGreaterThan(now);
  expect((await of('rsa')).publicKey.asymmetricKeyType).toBe('rsa');
  expect((await of('good')).keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect((await of('wrong-purpose')).keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
});

it('is made once, and asks clients for certificates of another authority', async () => {
  const [one, other] = [
    await identities.server({ identity: 'good' }),
    await identities.server({ identity: 'good', asksClients: true }),
  ];
  expect(other.cert).toBe(one.cert);
  expect(one.clientCa).toBeUndefined();
  const { ca, cert = '' } = await identities.client({ identity: 'client' });
  expect(first(cert).verify(first(other.clientCa ?? '').publicKey)).toBe(true);
  expect(first(cert).verify(first(ca).publicKey)).toBe(false);
});
