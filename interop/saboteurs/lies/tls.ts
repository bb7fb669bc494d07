/** What client and server may do wrong before a connection is encrypted, and what is unusual there and allowed; catalogue/tls.ts tells what each must break. */
import { constants } from 'node:crypto';
import net from 'node:net';
import process from 'node:process';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import tls, { type ConnectionOptions, type PeerCertificate, type TLSSocket } from 'node:tls';
import { Code } from '../../model/status.ts';
import { serverName } from '../../model/tls.ts';
import type { Authority } from '../../pki/pki.ts';
import type { Lie } from '../program/behaviour.ts';
import { checkName } from '../program/client/encrypt.ts';
import { asIs, rewriting } from '../program/http2/rewriter.ts';
import type { Call, Ended } from '../program/lines.ts';
import { reports } from './client.ts';
import { never } from './never.ts';

function dials(change: (options: ConnectionOptions) => ConnectionOptions): Lie {
  return { dials: change };
}

/** Believes a server although Node says that of its certificate. */
function forgives(...codes: readonly string[]): Lie {
  return {
    dials: (options) => ({ ...options, rejectUnauthorized: false }),
    secures(socket) {
      const problem = socket.authorizationError as unknown as string | null;
      if (!problem || codes.includes(problem)) return socket;
      socket.destroy();
      throw new Error(`the server is not believed: ${problem}`);
    },
  };
}

/** The names of a certificate, as Node tells them: `DNS:a.test, IP Address:127.0.0.1`. */
function takesNamesForAddresses(name: string, certificate: PeerCertificate): Error | undefined {
  return certificate.subjectaltname?.split(', ').includes(`DNS:${name}`)
    ? undefined
    : checkName(name, certificate);
}

/** Few lies make certificates; whoever does not need not have the library for it, or wait for it. */
async function makeAuthority(name: string): Promise<Authority> {
  const pki = await import('../../pki/pki.ts');
  return pki.makeAuthority(name);
}

/** A certificate and its key that nobody gave it, with the name that is asked for. */
async function foreign(purpose: 'server' | 'client') {
  const authority = await makeAuthority('authority of a saboteur');
  const { chain, key } = await authority.issue({ names: [serverName], purpose });
  return { cert: chain, key };
}

/** What Node does not see is no TLS to it, and it asks nothing about protocols. */
function disguised(socket: TLSSocket): Duplex {
  return rewriting(socket, socket, 'server', asIs);
}

/** Writes no more at once than so many bytes: each write is a record. */
function inRecordsOf(bytes: number, socket: TLSSocket): Duplex {
  async function write(content: Buffer): Promise<void> {
    for (let at = 0; at < content.length; at += bytes)
      await new Promise<void>((resolve) => {
        socket.write(content.subarray(at, at + bytes), () => resolve());
      });
  }
  const duplex = new Duplex({
    read: () => void socket.resume(),
    write: (content: Buffer, _encoding, done) => void write(content).then(() => done()),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (content) => {
    if (!duplex.push(content)) socket.pause();
  });
  socket.on('end', () => duplex.push(null));
  socket.on('close', () => duplex.destroy());
  return duplex;
}

/** A handshake for a ticket, and one more that shows it. */
async function resumed(options: ConnectionOptions): Promise<ConnectionOptions> {
  const { remoteAddress = '', remotePort = 0 } = options.socket as net.Socket;
  const first = tls.connect(options);
  const session = await new Promise<Buffer | undefined>((resolve) => {
    first.on('session', resolve);
    first.on('error', () => resolve(undefined));
    first.on('close', () => resolve(undefined));
  });
  first.end();
  return { ...options, socket: net.connect(remotePort, remoteAddress), ...(session && { session }) };
}

function isRefusal({ status }: Ended, { channel }: Call): boolean {
  return channel.tls !== undefined && status.code === Code.UNAVAILABLE;
}

/** Both versions' suites of that cipher. */
const chacha = 'TLS_CHACHA20_POLY1305_SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305';
/** Later than any scenario takes for being on time. */
const lateMs = 2_500;
/** Connections with clients that were not to be believed. */
const unbelieved = new Set<{ destroy(): void }>();

const clients = {
  'believes-any-server': dials((options) => ({ ...options, rejectUnauthorized: false })),
  'believes-any-authority': forgives('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'),
  'looks-at-no-dates': forgives('CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'),
  'looks-at-no-purpose': forgives('INVALID_PURPOSE'),
  'looks-at-no-name': dials((options) => ({ ...options, checkServerIdentity: () => undefined })),
  'believes-the-common-name': dials(({ checkServerIdentity: _, ...options }) => options),
  'takes-a-name-for-an-address': dials((options) => ({
    ...options,
    checkServerIdentity: takesNamesForAddresses,
  })),
  'calls-in-the-open': { dials: () => undefined },
  'says-no-server-name': dials(({ servername, ...options }) => ({
    ...options,
    checkServerIdentity: (host, certificate) => checkName(servername ?? host, certificate),
  })),
  'says-its-address-as-name': dials((options) => {
    // Node lets it pass, and prints a warning.
    process.noDeprecation = true;
    return { servername: options.host ?? '', ...options };
  }),
  'offers-no-protocol': dials(({ ALPNProtocols: _, ...options }) => options),
  'keeps-its-certificate': dials(({ cert: _, key: __, ...options }) => options),
  'shows-another-certificate': {
    dials: async (options) => ({ ...options, ...(options.cert && (await foreign('client'))) }),
  },
  'says-internal-of-refusals': reports((record, call) =>
    isRefusal(record, call)
      ? { ...record, status: { code: Code.INTERNAL, message: 'the connection failed' } }
      : record,
  ),
  'is-slow-about-refusals': {
    async takes(call, make) {
      const record = await make(call);
      if (!isRefusal(record, call)) return record;
      await sleep(lateMs);
      return { ...record, elapsedMs: record.elapsedMs + lateMs };
    },
  },
  'says-nothing-of-refusals': {
    async takes(call, make) {
      const record = await make(call);
      return isRefusal(record, call) ? never : record;
    },
  },
  'speaks-tls-1.2': dials((options) => ({ ...options, maxVersion: 'TLSv1.2' })),

  'offers-http-1-too': dials((options) => ({ ...options, ALPNProtocols: ['http/1.1', 'h2'] })),
  'resumes-sessions': { dials: resumed },
} satisfies Record<string, Lie>;

const servers = {
  'asks-for-no-certificate': {
    encrypts: ({ requestCert: _, rejectUnauthorized: __, ...options }) => options,
  },
  'believes-any-client': { encrypts: (options) => ({ ...options, rejectUnauthorized: false }) },
  'believes-no-client': {
    encrypts: async ({ ca, ...options }) => ({
      ...options,
      ...(ca && { ca: (await makeAuthority('authority of nobody')).pem }),
    }),
  },
  'serves-in-the-open': { encrypts: () => undefined },
  'chooses-no-protocol': { encrypts: ({ ALPNProtocols: _, ...options }) => options, secures: disguised },
  'omits-the-intermediate': {
    encrypts: (options) => ({
      ...options,
      cert: String(options.cert).replace(/(?<=-----END CERTIFICATE-----\n)[\s\S]*/, ''),
    }),
  },
  'shows-another-leaf': { encrypts: async (options) => ({ ...options, ...(await foreign('server')) }) },
  'ignores-the-version': {
    encrypts: ({ minVersion: _, maxVersion: __, ...options }) => options,
  },
  'speaks-nothing-but-tls-1.2': {
    encrypts: (options) => ({ ...options, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
  },
  'invents-the-clients-name': {
    records: (record, print) =>
      print(record.clientName === undefined ? record : { ...record, clientName: 'somebody else' }),
  },
  'forgets-the-clients-name': { records: ({ clientName: _, ...record }, print) => print(record) },
  'serves-before-it-refuses': {
    encrypts: (options) => ({ ...options, rejectUnauthorized: false }),
    secures(socket) {
      if (socket.authorizationError) unbelieved.add(socket);
      return socket;
    },
    records(record, print) {
      print(record);
      for (const each of unbelieved) each.destroy();
      unbelieved.clear();
    },
  },

  'prefers-tls-1.2': { encrypts: (options) => ({ maxVersion: 'TLSv1.2', ...options }) },
  'asks-for-another-curve': { encrypts: (options) => ({ ...options, ecdhCurve: 'P-384' }) },
  'gives-no-tickets': {
    encrypts: (options) => ({ ...options, secureOptions: constants.SSL_OP_NO_TICKET }),
  },
} satisfies Record<string, Lie>;

const either = {
  'writes-tiny-records': { secures: (socket) => inRecordsOf(1, socket) },
  'prefers-chacha': {
    dials: (options) => ({ ...options, ciphers: chacha }),
    encrypts: (options) => ({ ...options, ciphers: chacha }),
  },
  'never-says-goodbye': {
    secures(socket) {
      // "close_notify" is what the end of a TLS socket says.
      socket.end = () => socket.destroy();
      return socket;
    },
  },
  'keeps-its-keys': { tellsKeys: () => undefined },
  'tells-keys-of-another-connection': {
    tellsKeys: (line) => line.replace(/ [0-9a-f]{64} /, ` ${'ab'.repeat(32)} `),
  },
  'tells-wrong-keys': {
    tellsKeys: (line) => line.replace(/[0-9a-f]+\n/, (key) => `${'cd'.repeat(key.length >> 1)}\n`),
  },
} satisfies Record<string, Lie>;

export const tlsLies = { ...clients, ...servers, ...either };
