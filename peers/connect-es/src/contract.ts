// The lines in, as far as this peer knows them. What their members mean is told in
// proto/peer.proto; one that is absent has its default.

/** Bytes, in base64 with padding. */
export type Base64 = string;
export type Metadatum = { key: string; text?: string; binary?: Base64 };
export type Status = { code?: number; message?: string; details?: Base64 };
/** Equal messages in a row. */
export type Row = { bytes: Base64; times?: number };
/** HTTP/2 PING. */
export type Keepalive = { timeMs?: number; timeoutMs?: number; withoutCalls?: boolean };

/** A line in: one of these besides the id. */
export type LineIn = {
  id: string;
  types?: { files?: Base64 };
  script?: Script;
  listen?: Listen;
  close?: Port;
  drain?: Port;
  flush?: object;
  call?: Call;
};
export type Port = { port?: number };

export type Channel = {
  address?: string;
  name?: string;
  tls?: ClientTls;
  keepalive?: Keepalive;
  maxReceiveBytes?: number;
};
export type ClientTls = { ca?: string; cert?: string; key?: string; serverName?: string };
export type Call = {
  channel?: Channel;
  method?: string;
  types?: string;
  metadata?: Metadatum[];
  timeoutMs?: number;
  waitForReady?: boolean;
  compression?: string;
  steps?: ClientStep[];
  times?: number;
  atOnce?: number;
};
export type ClientStep = Send & { close?: boolean; receive?: number; waitMs?: number; cancel?: boolean };
export type Send = { send?: Base64; times?: number };

export type Listen = Port & Limits & { host?: string; tls?: ServerTls; keepalive?: Keepalive };
export type Limits = { minPingMs?: number; maxReceiveBytes?: number; maxAgeMs?: number };
export type ServerTls = { cert?: string; key?: string; clientCa?: string; version?: string };
export type Script = { name?: string; compression?: string; steps?: ServerStep[] };
export type ServerStep = Send & { headers?: Headers; receive?: number; waitMs?: number; end?: End };
export type Headers = { entries?: Metadatum[] };
export type End = { status?: Status; trailers?: Metadatum[] };
