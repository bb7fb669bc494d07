/** The lines of proto/peer.proto, from the peer's end. Members that have their default may be absent. */
import type { Metadatum } from '../../model/call.ts';

/** One line of standard input; all but `call` are instructions. */
export interface LineIn {
  readonly id: string;
  readonly types?: { readonly files?: string };
  readonly script?: Script;
  readonly listen?: Listen;
  readonly close?: Port;
  readonly drain?: Port;
  readonly flush?: object;
  readonly call?: Partial<Omit<Call, 'id'>>;
}

/** One line of standard output, before it is text. */
export type LineOut =
  | { readonly ready: object }
  | { readonly answer: Answer }
  | { readonly served: Served }
  | { readonly ended: Ended | { readonly id: string; readonly unsupported: string } };

export interface Answer {
  readonly id: string;
  readonly refused?: string;
  readonly port?: number;
}

export interface Port {
  readonly port?: number;
}

export interface Listen extends Port {
  readonly host?: string;
  readonly tls?: ServerTls;
  readonly maxReceiveBytes?: number;
}

/** PEM texts; an empty one is not there. */
export interface ServerTls {
  readonly cert?: string;
  readonly key?: string;
  readonly clientCa?: string;
  readonly version?: string;
}

export interface ClientTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
}

export interface Script {
  readonly name?: string;
  readonly compression?: string;
  readonly steps?: readonly ServerStep[];
}

/** `receive`: -1 for all. */
export type ServerStep =
  | { readonly headers: { readonly entries?: readonly Metadatum[] } }
  | { readonly receive: number }
  | { readonly send: string; readonly times?: number }
  | { readonly waitMs: number }
  | { readonly end: End };

export interface End {
  readonly status?: Partial<Status>;
  readonly trailers?: readonly Metadatum[];
}

export interface Status {
  readonly code: number;
  readonly message: string;
  /** A google.rpc.Status, in base64. */
  readonly details?: string;
}

/** What the calls of one channel have in common. */
export interface ChannelSpec {
  readonly address?: string;
  readonly name?: string;
  readonly tls?: ClientTls;
  readonly maxReceiveBytes?: number;
}

/** A call, or a row of them. */
export interface Call {
  readonly id: string;
  readonly channel: ChannelSpec;
  readonly method: string;
  /** Empty: those of `method`. */
  readonly types: string;
  readonly metadata: readonly Metadatum[];
  /** 0: none. */
  readonly timeoutMs: number;
  readonly waitForReady: boolean;
  readonly compression: string;
  readonly steps: readonly ClientStep[];
  readonly times: number;
  readonly atOnce: number;
}

export type ClientStep =
  | { readonly send: string; readonly times?: number }
  | { readonly close: true }
  | { readonly receive: number }
  | { readonly waitMs: number }
  | { readonly cancel: true };

/** Equal messages in a row. */
export interface Messages {
  /** In base64. */
  readonly bytes: string;
  readonly times?: number;
}

export interface Ended {
  readonly id: string;
  readonly unusable?: string;
  readonly status: Status;
  readonly responses: readonly Messages[];
  readonly headers: readonly Metadatum[];
  readonly trailers: readonly Metadatum[];
  readonly sent: number;
  readonly elapsedMs: number;
}

export interface Served {
  readonly callId: string;
  readonly method: string;
  readonly script: string;
  readonly metadata: readonly Metadatum[];
  readonly requests: readonly Messages[];
  readonly responses: readonly Messages[];
  readonly timeRemainingMs?: number;
  readonly cancelled?: true;
  readonly status?: Status;
  readonly unusable?: string;
  readonly clientName?: string;
}

/** Undefined: it is no JSON object, or has no id. */
export function decodeLine(line: string): LineIn | undefined {
  try {
    const json = JSON.parse(line) as LineIn | null;
    return typeof json?.id === 'string' && json.id !== '' ? json : undefined;
  } catch {
    return undefined;
  }
}

const plainCall: Omit<Call, 'id' | 'channel'> = {
  method: '',
  types: '',
  metadata: [],
  timeoutMs: 0,
  waitForReady: false,
  compression: '',
  steps: [],
  times: 1,
  atOnce: 1,
};

/** Throws an Error that says which part of it is not known here: `compression "br"`. */
export function decodeCall({ id, call = {} }: LineIn): Call {
  const { channel = {}, compression = '', steps = [] } = call;
  const foreign =
    memberOf(channel, ['keepalive']) ??
    steps.find((step) => !memberOf(step, ['send', 'close', 'receive', 'waitMs', 'cancel']));
  if (foreign) throw new Error(JSON.stringify(foreign));
  knowCompression(compression);
  return { ...plainCall, ...call, id, channel };
}

/** Throws as decodeCall does. */
export function knowScript({ compression = '', steps = [] }: Script): void {
  knowCompression(compression);
  const foreign = steps.find((step) => !memberOf(step, ['headers', 'receive', 'send', 'waitMs', 'end']));
  if (foreign) throw new Error(`step ${JSON.stringify(foreign)}`);
}

/** Throws as decodeCall does. */
export function knowListen(listen: Listen): void {
  const foreign = memberOf(listen, ['keepalive', 'minPingMs', 'maxAgeMs']);
  if (foreign) throw new Error(`${foreign} is not known here`);
  const { version = '' } = listen.tls ?? {};
  if (!['', '1.2', '1.3'].includes(version)) throw new Error(`version ${JSON.stringify(version)} of TLS`);
}

function knowCompression(compression: string): void {
  if (!['', 'gzip'].includes(compression)) throw new Error(`compression ${JSON.stringify(compression)}`);
}

/** The first of those that it has. */
function memberOf(json: object, names: readonly string[]): string | undefined {
  return names.find((name) => Object.hasOwn(json, name));
}
