export type Role = 'client' | 'server';

export const serverFeatures = ['metadata', 'status', 'wait', 'gzip-reply', 'gzip-request', 'listen'] as const;
export const clientFeatures = [
  'metadata',
  'timeout',
  'cancel',
  'wait-for-ready',
  'gzip-request',
  'gzip-reply',
  'any-method',
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
}

/** One implementation in the matrix: a checked `peer.json` and where it was found. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** Absolute path of the manifest's folder. */
  readonly folder: string;
  readonly server?: Part<ServerFeature>;
  readonly client?: Part<ClientFeature>;
  readonly process?: ProcessSpec;
  readonly container?: ContainerSpec;
}

/** What a running peer says it is made of (`stitch.peer.Implementation`). */
export interface Implementation {
  readonly language: string;
  readonly languageVersion: string;
  readonly library: string;
  readonly libraryVersion: string;
}
