import type { Json, Message, Payload } from './message.ts';
import type { ClientTls } from './tls.ts';

/** One metadata entry; `binary` is base64. A key with several values is several entries, in order. */
export type Metadatum =
  | { readonly key: string; readonly text: string }
  | { readonly key: string; readonly binary: string };

/** What a client does, one thing after another; at the end, where they are not said: `close`, and `receive` all. */
export type ClientStep =
  | { readonly send: Payload; readonly times?: number }
  | { readonly close: true }
  /** -1: all. */
  | { readonly receive: number }
  | { readonly waitMs: number }
  | { readonly cancel: true };

/** What a server does, one thing after another; without `end`: OK. */
export type ServerStep =
  | { readonly headers: readonly Metadatum[] }
  /** -1: all. */
  | { readonly receive: number }
  | { readonly send: Payload; readonly times?: number }
  | { readonly waitMs: number }
  | { readonly end: ServerEnd };

/** How a script ends a call. */
export interface ServerEnd {
  readonly code: number;
  readonly message: string;
  /** A `google.rpc.Status`, serialized, in base64. */
  readonly details?: string;
  readonly trailers: readonly Metadatum[];
}

/** What a server does with the calls that name it. */
export interface Script {
  readonly name: string;
  readonly compression?: 'gzip';
  readonly steps: readonly ServerStep[];
}

/** What a scenario asks a client to do, whoever the client and the server are. */
export interface CallSpec {
  /** The path: `/package.Service/Method`. */
  readonly method: string;
  /** The path of the method whose kind and types the call has, where that is another. */
  readonly types?: string;
  readonly metadata: readonly Metadatum[];
  readonly timeoutMs?: number;
  readonly waitForReady?: true;
  readonly compression?: 'gzip';
  /** Absent: not encrypted. */
  readonly tls?: ClientTls;
  readonly steps: readonly ClientStep[];
  /** So many equal calls; absent: one. */
  readonly times?: number;
  /** So many of these in flight; absent: one after another. */
  readonly atOnce?: number;
}

/** A call on its way to a client. */
export interface Call extends CallSpec {
  readonly id: string;
  /** Bytes that are to cross, both ways: so much longer may it take. */
  readonly carriedBytes?: number;
  readonly address: string;
  readonly channel: string;
}

/** How a call ended, by whomever it is told. */
export interface Answer {
  readonly code: number;
  readonly message: string;
  /** The details of the status: each an Any in ProtoJSON. Absent: there are none. */
  readonly details?: readonly Json[];
  readonly responses: readonly Message[];
}

/** The first witness: what the client says it got. */
export interface CallRecord extends Answer {
  readonly id: string;
  /** Set: the call was not made, and this is the part of it that the client does not know. */
  readonly unsupported?: string;
  /** Set: the client's runtime would not parse or serialize a request, in its words. */
  readonly unusable?: string;
  readonly headers: readonly Metadatum[];
  readonly trailers: readonly Metadatum[];
  /** Requests that its library took. */
  readonly sent: number;
  readonly elapsedMs: number;
  /** Of a program that knows nothing of the harness: what it does not tell. What stands there means nothing. */
  readonly untold?: readonly Untold[];
  /** Of one whose output is not read: how it ended is all that it tells. */
  readonly ending?: ProgramEnding;
}

export type Untold = 'status' | 'message' | 'details' | 'responses' | 'headers' | 'trailers' | 'time';

/** How a program ended that was run once. */
export interface ProgramEnding {
  /** `exit code 2`, `no end within 10000 ms`. */
  readonly how: string;
  /** With exit code 0: to its own mind, all was well. */
  readonly isClean: boolean;
  /** It was told which case it is in, and so knows what is to come of it. */
  readonly knowsCase: boolean;
  /** The end of what it printed. */
  readonly printed: string;
}

/** The second witness: what the server says it served. */
export interface ServedRecord extends Answer {
  readonly callId: string;
  readonly method: string;
  /** The script that was played; empty: none. */
  readonly script: string;
  readonly requests: readonly Message[];
  readonly metadata: readonly Metadatum[];
  readonly timeRemainingMs?: number;
  /** The common name of the client's certificate. */
  readonly clientName?: string;
  /** The call ended under the handler; what it would have answered is not known. */
  readonly cancelled: boolean;
  /** Set: the server's runtime would not parse or serialize a message, in its words. */
  readonly unusable?: string;
}

/** The messages that the steps send, in order. */
export function sentBy(steps: readonly (ClientStep | ServerStep)[]): readonly Message[] {
  return steps.flatMap((step) =>
    'send' in step ? [{ json: step.send.json, ...((step.times ?? 1) > 1 && { times: step.times }) }] : [],
  ) as readonly Message[];
}
