/** One metadata entry; `binary` is base64. A key with several values is several entries, in order. */
export type Metadatum =
  | { readonly key: string; readonly text: string }
  | { readonly key: string; readonly binary: string };

/** A row of the table that every server knows. */
export interface Expirement {
  readonly name: string;
  readonly id: number;
  readonly skill: string;
}

/** What a scenario asks a client to do, whoever the client and the server are. */
export interface CallSpec {
  readonly method: string;
  readonly name: string;
  readonly metadata: readonly Metadatum[];
  readonly timeoutMs?: number;
  readonly cancelAfterMs?: number;
  readonly waitForReady?: true;
  readonly compression?: 'gzip';
}

/** A call on its way to a client. */
export interface Call extends CallSpec {
  readonly id: string;
  readonly address: string;
  readonly channel: string;
}

/** The first witness: what the client says it got. */
export interface CallRecord {
  readonly id: string;
  /** Set: the call was not made, and this is the part of it that the client does not know. */
  readonly unsupported?: string;
  readonly code: number;
  readonly message: string;
  readonly reply?: Expirement;
  readonly headers: readonly Metadatum[];
  readonly trailers: readonly Metadatum[];
  readonly elapsedMs: number;
}

/** The second witness: what the server says it served. */
export interface ServedRecord {
  readonly callId: string;
  readonly method: string;
  readonly name: string;
  readonly metadata: readonly Metadatum[];
  readonly timeRemainingMs?: number;
  /** The call ended under the handler; what it would have answered is not known. */
  readonly cancelled: boolean;
  readonly code: number;
  readonly message: string;
  readonly reply?: Expirement;
}
