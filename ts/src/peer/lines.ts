// Lines in and out: JSON of the messages of ../../../proto/peer.proto, which has a comment on every field.
// Members that have their default may be absent, and bytes are base64.
import type { Readable } from 'node:stream';

/** A line in: an id, and what to do. */
export type LineIn = Readonly<{ id?: string; call?: Call; flush?: object; close?: Port; drain?: Port }> &
  Readonly<{ types?: { files?: string }; script?: Script; listen?: Listen }>;

/** A line out: one of these. */
export type LineOut = Partial<Record<'ready' | 'answer' | 'served' | 'ended', object>>;

export type Metadatum = Readonly<{ key: string; text?: string; binary?: string }>;
export type Status = Readonly<{ code?: number; message?: string; details?: string }>;
export type Port = Readonly<{ port?: number }>;

type Keepalive = Readonly<{ timeMs?: number; timeoutMs?: number; withoutCalls?: boolean }>;

export interface Channel {
  readonly address?: string;
  readonly name?: string;
  readonly tls?: Readonly<{ ca?: string; cert?: string; key?: string; serverName?: string }>;
  readonly keepalive?: Keepalive;
  readonly maxReceiveBytes?: number;
}

export interface Call {
  readonly channel?: Channel;
  readonly method?: string;
  readonly types?: string;
  readonly metadata?: readonly Metadatum[];
  readonly timeoutMs?: number;
  readonly waitForReady?: boolean;
  readonly compression?: string;
  readonly steps?: readonly ClientStep[];
  readonly times?: number;
  readonly atOnce?: number;
}

export interface Listen extends Port {
  readonly host?: string;
  readonly tls?: Readonly<{ cert?: string; key?: string; clientCa?: string; version?: string }>;
  readonly keepalive?: Keepalive;
  readonly minPingMs?: number;
  readonly maxReceiveBytes?: number;
  readonly maxAgeMs?: number;
}

export type Script = Readonly<{ name?: string; compression?: string; steps?: readonly ServerStep[] }>;

type Step = Readonly<{ send?: string; times?: number; receive?: number; waitMs?: number }>;
export type ClientStep = Step & Readonly<{ close?: boolean; cancel?: boolean }>;
export type ServerStep = Step & Readonly<{ headers?: { entries?: readonly Metadatum[] }; end?: End }>;
export type End = Readonly<{ status?: Status; trailers?: readonly Metadatum[] }>;

/**
 * Calls `onLine` for each line that `input` carries, UTF-8 without its line feed; lines may be megabytes
 * long. Resolves when the input has ended. node:readline will not do: it also ends a line at U+2028 and
 * U+2029, which JSON leaves as they are inside a string.
 */
export async function readLines(input: Readable, onLine: (line: string) => void): Promise<void> {
  let line = '';
  for await (const chunk of input.setEncoding('utf8') as AsyncIterable<string>) {
    const [end = '', ...lines] = chunk.split('\n');
    line += end;
    for (const next of lines) {
      if (line.trim() !== '') onLine(line);
      line = next;
    }
  }
  if (line.trim() !== '') onLine(line);
}

// Whoever ended our standard input may be gone: then nobody reads, and a broken
// pipe is no reason to crash. The end of standard input is what stops us.
process.stdout.on('error', () => {});

/** Writes one line to standard output. A pipe is written to synchronously, so nothing is left to flush. */
export function writeLine(line: LineOut): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
