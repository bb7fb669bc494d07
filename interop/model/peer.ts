export type Role = 'client' | 'server';

export const serverFeatures = ['metadata', 'status', 'wait', 'gzip-reply', 'gzip-request', 'listen'] as const;
/** `channel` (many calls on one connection) is not for a manifest to claim: every client has it but one that is run once a call. */
export const clientFeatures = [
  'metadata',
  'timeout',
  'cancel',
  'wait-for-ready',
  'gzip-request',
  'gzip-reply',
  'any-method',
  'channel',
] as const;

export type ServerFeature = (typeof serverFeatures)[number];
export type ClientFeature = (typeof clientFeatures)[number];
export type Feature = ServerFeature | ClientFeature;

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** What a peer claims for one role. */
export interface Part<F extends Feature = Feature> {
  readonly args: readonly string[];
  readonly features: readonly F[];
}

/** What a server claims. */
export interface ServerPart extends Part<ServerFeature> {
  /** It knows nothing of the harness, and is ready when HTTP/2 is spoken at its port. */
  readonly ready?: 'port';
}

/** What a client claims. */
export interface ClientPart extends Part<ClientFeature> {
  /** It knows nothing of the harness: it is run once a call, and this is how its output is read. */
  readonly output?: OutputPatterns;
  /** What it is given on standard input, placeholders filled in as in its arguments. */
  readonly input?: string;
}

/** Regular expressions with named groups, over what a program printed. */
export interface OutputPatterns {
  /** `name`, `id`, `skill`, over standard output of a program that ended with exit code 0. A group that matches nothing is the field's default. */
  readonly reply: string;
  /** `code` (a number or a name), `message`, over both outputs of one that ended with another code. */
  readonly status?: string;
}

/** How a peer runs as a local process. */
export interface ProcessSpec {
  readonly needs: readonly { readonly command: Command; readonly install: string }[];
  readonly build: readonly Command[];
  readonly outputs: readonly string[];
  readonly command: Command;
  readonly test: readonly Command[];
  readonly check: readonly Command[];
}

/** How a peer runs in a container. */
export interface ContainerSpec {
  readonly dockerfile: string;
  readonly test?: string;
  /** Where the Dockerfile is, when that is not the peer's folder. */
  readonly folder?: string;
  /** Build arguments, by name. */
  readonly arguments?: Readonly<Record<string, string>>;
}

/** How a peer is built with another version of its library. */
export interface VersionSpec {
  /** In place of the build; `{version}` is filled in. */
  readonly build: readonly Command[];
  /** The Dockerfile's argument that takes the version. */
  readonly argument?: string;
}

/** One implementation in the matrix: a checked `peer.json` and where it was found. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** Absolute path of the manifest's folder. */
  readonly folder: string;
  readonly server?: ServerPart;
  readonly client?: ClientPart;
  readonly process?: ProcessSpec;
  readonly container?: ContainerSpec;
  readonly version?: VersionSpec;
  /** A server that runs already, as `host:port`: nothing is built and nothing is started. */
  readonly address?: string;
}

/** What a running peer says it is made of (`stitch.peer.Implementation`). */
export interface Implementation {
  readonly language: string;
  readonly languageVersion: string;
  readonly library: string;
  readonly libraryVersion: string;
}
