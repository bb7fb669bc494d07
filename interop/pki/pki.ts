/** Certificates for one run: made in the process, on demand, and never written down. */
import 'reflect-metadata';
import { createHash, createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** What a side shows, as PEM: the chain, its own certificate first, and its key (PKCS#8). */
export interface Identity {
  readonly chain: string;
  readonly key: string;
  /** SHA-256 of its own certificate, in hex. */
  readonly fingerprint: string;
  /** The same of those behind it. */
  readonly behind: readonly string[];
}

/** What a leaf is to say; good and for servers where nothing is said. */
export interface LeafWish {
  /** Names of hosts and addresses that it is for; none: it has no such extension. */
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  readonly commonName?: string;
  readonly purpose?: 'server' | 'client';
  readonly keys?: 'EC' | 'RSA';
  /** Where today lies in what it is valid for. */
  readonly validity?: 'now' | 'over' | 'to come';
  /** `intermediate`: signed by a CA that the root signed; `sent`: which stands in the chain. */
  readonly issuer?: 'root' | 'intermediate, sent' | 'intermediate, not sent';
}

export interface Authority {
  /** Its certificate, as PEM. */
  readonly pem: string;
  issue(wish: LeafWish): Promise<Identity>;
}

const { subtle } = webcrypto;
const dayMs = 86_400_000;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;

interface Signer {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/** Makes a root of its own; `name` is its common name. An EC leaf of it takes some 5 ms, an RSA one 100. */
export async function makeAuthority(name: string): Promise<Authority> {
  const root = await makeSigner(name, undefined);
  let intermediate: Promise<Signer> | undefined;

  async function issue(wish: LeafWish): Promise<Identity> {
    const { issuer = 'root', keys = 'EC' } = wish;
    if (issuer !== 'root') intermediate ??= makeSigner(`${name}, intermediate`, root);
    const signer = issuer === 'root' ? root : ((await intermediate) as Signer);
    const pair = await keysOf(keys);
    const certificate = await certify(pair.publicKey, signer, wish);
    const behind = issuer === 'intermediate, sent' ? [signer.certificate] : [];
    return {
      chain: [certificate, ...behind].map((each) => `${each.toString('pem')}\n`).join(''),
      key: await pemOf(pair.privateKey),
      fingerprint: fingerprintOf(certificate),
      behind: behind.map(fingerprintOf),
    };
  }

  return { pem: `${root.certificate.toString('pem')}\n`, issue };
}

function fingerprintOf({ rawData }: x509.X509Certificate): string {
  return createHash('sha256').update(Buffer.from(rawData)).digest('hex');
}

async function makeSigner(name: string, by: Signer | undefined): Promise<Signer> {
  const pair = await keysOf('EC');
  const common = {
    serialNumber: serialNumber(),
    subject: `CN=${name}`,
    ...datesOf('now'),
    publicKey: pair.publicKey,
    signingAlgorithm: ecdsa,
  };
  const extensions = [
    new x509.BasicConstraintsExtension(true, by ? 0 : 1, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    await x509.SubjectKeyIdentifierExtension.create(pair.publicKey),
    ...(by ? [await x509.AuthorityKeyIdentifierExtension.create(by.certificate.publicKey)] : []),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    ...common,
    issuer: by?.certificate.subject ?? common.subject,
    signingKey: by?.key ?? pair.privateKey,
    extensions,
  });
  return { certificate, key: pair.privateKey };
}

async function certify(
  publicKey: webcrypto.CryptoKey,
  signer: Signer,
  { names = [], addresses = [], commonName = 'a leaf', purpose = 'server', validity = 'now' }: LeafWish,
): Promise<x509.X509Certificate> {
  const alternatives = [
    ...names.map((value) => ({ type: 'dns', value }) as const),
    ...addresses.map((value) => ({ type: 'ip', value }) as const),
  ];
  return x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${commonName}`,
    issuer: signer.certificate.subject,
    ...datesOf(validity),
    publicKey,
    signingKey: signer.key,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([
        purpose === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
      ]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer.certificate.publicKey),
      ...(alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
    ],
  });
}

async function keysOf(kind: 'EC' | 'RSA'): Promise<webcrypto.CryptoKeyPair> {
  const pair = await subtle.generateKey(kind === 'EC' ? ecdsa : rsa, true, ['sign', 'verify']);
  return pair as webcrypto.CryptoKeyPair;
}

/** Clocks of containers and of their machines are not one: a day on both sides. */
function datesOf(validity: NonNullable<LeafWish['validity']>) {
  const now = Date.now();
  const [from, to] = { now: [-1, 7], over: [-7, -1], 'to come': [1, 7] }[validity] as [number, number];
  return { notBefore: new Date(now + from * dayMs), notAfter: new Date(now + to * dayMs) };
}

/** RFC 5280, 4.1.2.2: a positive integer, of 20 octets at most. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(((bytes[0] ?? 0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await subtle.exportKey('pkcs8', key));
  return String(
    createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'pkcs8' }),
  );
}
