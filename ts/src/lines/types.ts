// The lines between harness and peer: proto3 JSON of the messages of
// ../../../proto/peer.proto, which has a comment on every field. By hand,
// because proto-loader's types are those of its own objects, where a Duration
// is {seconds, nanos} and bytes are a Buffer, and not those of proto3 JSON.
import type { Expirement, NameRequest } from '../service/messages.ts';

/** proto3 JSON of google.protobuf.Duration: "1.5s". */
export type Duration = string;

export interface Implementation {
  readonly language: string;
  readonly languageVersion: string;
  readonly library: string;
  readonly libraryVersion: string;
}

export interface Metadatum {
  readonly key: string;
  readonly text?: string;
  /** Base64. */
  readonly binary?: string;
}

export interface CallRecord {
  readonly id: string;
  readonly unsupported?: string;
  readonly code?: number;
  readonly message?: string;
  readonly reply?: Expirement;
  readonly headers?: readonly Metadatum[];
  readonly trailers?: readonly Metadatum[];
  readonly elapsed?: Duration;
}

export type ClientLine = { readonly ready: Implementation } | { readonly ended: CallRecord };

export interface Listening {
  readonly port: number;
  readonly implementation: Implementation;
}

export interface ServedRecord {
  readonly callId: string;
  readonly method: string;
  readonly request: NameRequest;
  readonly metadata: readonly Metadatum[];
  readonly timeRemaining?: Duration;
  readonly cancelled?: boolean;
  readonly code?: number;
  readonly message?: string;
  readonly reply?: Expirement;
}

export type ServerLine =
  | { readonly listening: Listening }
  | { readonly served: ServedRecord }
  | { readonly closed: { readonly port: number } }
  | { readonly flushed: Record<string, never> }
  | { readonly refused: { readonly reason: string } };
