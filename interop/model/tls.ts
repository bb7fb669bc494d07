/** What an encrypted connection is to be like. Certificates have names here; they are made when they are asked for. */

/** For servers; all but `other-authority` lead to the authority that clients trust. */
export const serverIdentities = [
  'good',
  'rsa',
  'intermediate',
  'intermediate-not-sent',
  'other-authority',
  'expired',
  'not-yet-valid',
  'wrong-name',
  'common-name-only',
  'address',
  'name-for-address',
  'wrong-purpose',
  // For people: by whatever they call this machine, as well.
  'local',
] as const;

/** For clients. */
export const clientIdentities = [
  'client',
  'client-of-other-authority',
  'client-expired',
  'client-wrong-purpose',
] as const;

export type ServerIdentity = (typeof serverIdentities)[number];
export type ClientIdentity = (typeof clientIdentities)[number];

export type TlsVersion = '1.2' | '1.3';

/** The name for which servers' certificates are. */
export const serverName = 'stitch.test';

/** The common name of clients' certificates. */
export const clientName = 'a client';

/** What the certificate is called that goes along with `intermediate`. */
export const intermediateAuthority = 'intermediate authority';

/** What a server of that identity must show, its own certificate first; more will do. */
export function chainOf(identity: ServerIdentity): readonly string[] {
  return identity === 'intermediate' ? [identity, intermediateAuthority] : [identity];
}

/** How a listener encrypts. */
export interface ServerTls {
  readonly identity: ServerIdentity;
  /** Every client must show a certificate that leads to the authority. */
  readonly asksClients?: true;
  /** The only version that is spoken. */
  readonly version?: TlsVersion;
}

/** How a client encrypts. It trusts one authority. */
export interface ClientTls {
  readonly identity?: ClientIdentity;
  /** The name that the server's certificate is to have; absent: the address. */
  readonly serverName?: string;
}

/** PEM texts, as lines carry them. */
export interface ServerPem {
  readonly cert: string;
  readonly key: string;
  readonly clientCa?: string;
  readonly version?: TlsVersion;
}

export interface ClientPem {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
}

/** Where names of certificates become certificates. */
export interface Identities {
  server(tls: ServerTls): Promise<ServerPem>;
  client(tls: ClientTls): Promise<ClientPem>;
  /** Whose certificate that is, by its SHA-256 in hex; undefined: none that was made here. */
  nameOf(fingerprint: string): string | undefined;
}
