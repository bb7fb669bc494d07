import type { ClientPem } from './tls.ts';

export type Role = 'client' | 'server';

const streams = ['client-streams', 'server-streams', 'bidi-streams'] as const;
const connections = ['tls', 'keepalive', 'limits'] as const;
export const serverFeatures = [
  'scripts',
  ...streams,
  'metadata',
  'gzip-response',
  'gzip-request',
  'listen',
  'drain',
  ...connections,
  'tls-version',
  'client-name',
] as const;
/**
 * Those behind the last line are not for a manifest to claim. Every peer has them; of a program
 * that knows nothing of the harness, the manifest shows which: `unclaimed` says what they are.
 */
export const clientFeatures = [
  'any-service',
  ...streams,
  'metadata',
  'timeout',
  'cancel',
  'wait-for-ready',
  'gzip-request',
  'gzip-response',
  ...connections,
  'channel',
  'steps',
  'types',
  'any-message',
  'script',
  'case',
] as const;

export type ServerFeature = (typeof serverFeatures)[number];
export type ClientFeature = (typeof clientFeatures)[number];
export type Feature = ServerFeature | ClientFeature;

/** What a client lacks that does not have it; no manifest claims these. */
export const unclaimed = {
  channel: 'has no connection that many calls share',
  steps: 'sends all requests at once, and takes no turns',
  types: 'calls methods as they are described, and no others',
  'any-message': 'cannot be given this message, or cannot tell it: see docs/strangers.md',
  script: 'cannot name the script that is to answer it',
  case: 'does not make this case',
} as const satisfies Partial<Record<ClientFeature, string>>;

/** What a side lacks, behind its name: `does not claim metadata`, `does not make this case`. */
export function lackText(feature: Feature): string {
  const known: Partial<Record<Feature, string>> = unclaimed;
  return known[feature] ?? `does not claim ${feature}`;
}

/** A program and its arguments. */
export type Command = readonly [string, ...string[]];

/** An argument; a list of them is left out where its placeholder has no value, and repeated where it has several. */
export type Argument = string | readonly string[];

/** What a peer claims for one role. */
export interface Part<F extends Feature = Feature> {
  /** Of a program that knows nothing of the harness, and only of that: its arguments in this role. */
  readonly args?: readonly Argument[];
  /** Of such a one: variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly features: readonly F[];
}

/** What a server claims. */
export interface ServerPart extends Part<ServerFeature> {
  /** It knows nothing of the harness, and is ready when HTTP/2 is spoken at its port. */
  readonly ready?: 'port';
  /** Of such a one: where it listens, when it cannot be told. */
  readonly port?: number;
  /** Of such a one: full names of the services that it has. Absent: whatever it is asked for. */
  readonly services?: readonly string[];
}

/** What a client claims. */
export interface ClientPart extends Part<ClientFeature> {
  /**
   * It knows nothing of the harness: it is run once a call, or, where it is not told what to
   * call, once a case, and this is how its output is read. `none`: it is not. Exit code 0 says that all was well.
   */
  readonly output?: OutputPatterns | 'none';
  /** What it is given on standard input, placeholders filled in as in its arguments. */
  readonly input?: string;
  /** Names of the cases that it makes, `*` for anything. Absent: whatever it is told. */
  readonly cases?: readonly string[];
}

/** How what a program printed is read: regular expressions with named groups, or ProtoJSON. */
export interface OutputPatterns {
  /**
   * Over standard output, or where it matches nothing there standard error, of a program that ended with exit code 0: groups named like the response's
   * fields, a group that matches nothing being the field's default. `json`: the responses in ProtoJSON, one behind the other.
   */
  readonly response: string;
  /**
   * Over both outputs of one that ended with another code: groups `code` (a number or a name) and `message`.
   * `json`: a google.rpc.Status in ProtoJSON. Absent: it tells no more than that it is not OK.
   */
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
  /** Of a client that is run once a call, or once a case: a POSIX shell of the image, which lives in a container and starts it. Absent: it has a container each time. */
  readonly shell?: Command;
  /** The stage that runs the peer's own tests, and the one that checks its sources. */
  readonly test?: string;
  readonly check?: string;
  /** Where the Dockerfile is, when that is not the peer's folder. */
  readonly folder?: string;
  /** Where the image is published, tagged with the digest of what it is built of; with a tag or a digest of its own, that one. It is pulled, and built where it is not there. */
  readonly image?: string;
  /** Build arguments, by name. */
  readonly arguments?: Readonly<Record<string, string>>;
}

/** How a peer is built with another version of its library. */
export interface VersionSpec {
  /** In place of the build; `{version}` is filled in. */
  readonly build: readonly Command[];
  /** The Dockerfile's argument that takes the version. */
  readonly argument?: string;
  /** What is compared with what the tree has, the newest first. */
  readonly releases?: readonly string[];
}

/** One implementation in the matrix: a checked `peer.json` and where it was found. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** Absolute path of the manifest's folder. */
  readonly folder: string;
  /** What makes the program a peer, behind its command. */
  readonly args?: readonly string[];
  readonly server?: ServerPart;
  readonly client?: ClientPart;
  readonly process?: ProcessSpec;
  readonly container?: ContainerSpec;
  readonly version?: VersionSpec;
  /** Variables with which it writes the keys of its connections to `{file}` (RFC 9850). */
  readonly keyLog?: Readonly<Record<string, string>>;
  /** A server that runs already, as `host:port`: nothing is built and nothing is started. */
  readonly address?: string;
  /** How such a server is called; absent: without encryption. */
  readonly tls?: ClientPem;
}

/** What the messages of a service are to a peer: code made from the .proto, made at run time, or not looked into. */
export type MessageDepth = 'generated' | 'dynamic' | 'bytes';

/** What a running peer says it is made of (`stitch.peer.Ready`). */
export interface Implementation {
  readonly language: string;
  readonly languageVersion: string;
  readonly library: string;
  readonly libraryVersion: string;
  /** Absent: it does not say. */
  readonly messages?: MessageDepth;
}
