import type { Json } from './message.ts';
import type { Role } from './peer.ts';

/** A header field as it crossed; the bytes of the value as Latin-1, so that none is lost. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** One HTTP/2 frame as it passed between client and server (RFC 9113, section 4). */
export interface WireFrame {
  /** Its place in the conversation of the stream, from 0; frames that were left out count. */
  readonly number: number;
  /**
   * Since the cell began; negative when it passed before. Until the cell was judged, on
   * the clock of `performance.now`.
   */
  readonly atMs: number;
  readonly from: Role;
  /** `HEADERS`, `DATA`, …; `type 0x1f` for one that RFC 9113 does not name. */
  readonly type: string;
  /** Those that are set: `END_STREAM`, `PADDED`. */
  readonly flags: readonly string[];
  /** 0: it is about the whole connection. */
  readonly stream: number;
  /** Bytes of its payload. */
  readonly length: number;
  /** The whole header block, on the frame that ends it. In a log only when it is neither headers nor trailers of its half. */
  readonly headers?: readonly Header[];
  /** What else it says: `CANCEL`, `increment 65535`, `INITIAL_WINDOW_SIZE 65535`. */
  readonly says?: string;
  /** Of DATA and of unknown types: the first bytes, padding left out. */
  readonly hex?: string;
}

/** One message behind its five-byte prefix (gRPC over HTTP/2, Length-Prefixed-Message). */
export interface WireMessage {
  /** Number of the frame that ended it. */
  readonly frame: number;
  /** The Compressed-Flag, as it was sent: 0 or 1, or what is forbidden. */
  readonly flag: number;
  /** Bytes behind the prefix, as the prefix says. */
  readonly length: number;
  /** The first bytes, the prefix among them. */
  readonly hex: string;
  /** As of a Message. Absent: see `problem`; or the method is not described. */
  readonly json?: Json;
  /** Why it could not be decoded, or what is wrong with it. */
  readonly problem?: string;
  /** Too long to be kept whole: nothing was decoded. */
  readonly isCut?: true;
}

/** What one side sent on a stream. */
export interface WireHalf {
  /** Empty: no header block was sent. */
  readonly headers: readonly Header[];
  readonly headersFrame?: number;
  /** The block that ended the stream; that of "Trailers-Only" is also in `headers`. */
  readonly trailers: readonly Header[];
  readonly trailersFrame?: number;
  /** What `grpc-status-details-bin` of the trailers says, each an Any in ProtoJSON. */
  readonly details?: readonly Json[];
  readonly messages: readonly WireMessage[];
  /** So many more crossed than there are in `messages`; absent: none. */
  readonly omitted?: number;
  /** Bytes behind the last whole message. */
  readonly restBytes: number;
  /** END_STREAM was sent, in the frame of that number. */
  readonly endFrame?: number;
}

/** Bytes that break the protocol. */
export interface WireProblem {
  readonly from: Role;
  /** Bytes before it in that direction of the connection. */
  readonly offset: number;
  readonly wanted: string;
  /** In words, or as hex. */
  readonly got: string;
  /** Number of the frame, when it is one of the stream's. */
  readonly frame?: number;
}

export interface WireReset {
  readonly from: Role;
  /** `CANCEL`, `REFUSED_STREAM`, …; `code 99` for one without a name. */
  readonly code: string;
  readonly frame: number;
}

/** One HTTP/2 stream: the conversation of one RPC. */
export interface WireStream {
  /** Counted from 1 at each listener, as connections were accepted. */
  readonly connection: number;
  readonly stream: number;
  /** In the order in which they passed, those about the whole connection among them. */
  readonly frames: readonly WireFrame[];
  /** Frames left out of `frames`. */
  readonly omitted: number;
  readonly request: WireHalf;
  readonly response: WireHalf;
  readonly resets: readonly WireReset[];
  readonly problems: readonly WireProblem[];
}

/** How two sides agreed to encrypt a connection, or did not (RFC 8446, section 2). */
export interface WireHandshake {
  /** As that of a stream. */
  readonly connection: number;
  /** The server's name, as the client says it (SNI); absent: it says none. */
  readonly serverName?: string;
  /** Protocols that the client offers by ALPN. */
  readonly offers: readonly string[];
  /** Versions that the client offers: `TLS 1.3`. */
  readonly versions: readonly string[];
  /** What the server chose; absent: it chose nothing (yet). */
  readonly version?: string;
  readonly suite?: string;
  /** The protocol that the server chose by ALPN; absent: none, or it was not seen. */
  readonly protocol?: string;
  /** The server wants a certificate of the client. */
  readonly asksCertificate?: true;
  /** Each certificate that a side showed, its own first: its name, or what it says of itself and its SHA-256 in hex; absent: none was seen. */
  readonly serverCertificates?: readonly string[];
  readonly clientCertificates?: readonly string[];
  readonly alerts: readonly {
    readonly from: Role;
    /** `certificate_expired`, `close_notify`. */
    readonly name: string;
    /** As that of a frame. */
    readonly atMs: number;
  }[];
  /** Of application data that was opened. */
  readonly clientBytes: number;
  readonly serverBytes: number;
  /** Why what is sealed was not read, or not all of it. */
  readonly unread?: string;
}

/** What kept a call from crossing, or the harness from reading it. */
export type WireTrouble =
  /** Encrypted: relayed unread. */
  | { readonly kind: 'opaque'; readonly connection: number }
  /** Not HTTP/2 from that byte on: relayed unread. */
  | { readonly kind: 'invalid'; readonly connection: number; readonly problem: WireProblem }
  /** The client connected, and nobody listened at the server's address. */
  | { readonly kind: 'refused'; readonly connection: number; readonly reason: string }
  /** The server took the connection and has not sent a byte. */
  | { readonly kind: 'silent'; readonly connection: number }
  /** That side ended the connection first. */
  | {
      readonly kind: 'closed';
      readonly connection: number;
      readonly by: Role;
      readonly how: 'end' | 'reset';
      /** As that of a frame. */
      readonly atMs: number;
    };

/** The third witness: what crossed of one call. */
export interface WireEvidence {
  /** Each stream on which the call was made. Empty: none was seen. */
  readonly streams: readonly WireStream[];
  /** Of the connections that were there for the cell. */
  readonly troubles: readonly WireTrouble[];
  /** Of those among them that are encrypted; absent: none is. */
  readonly handshakes?: readonly WireHandshake[];
}

/** "The last stream identifier" of a GOAWAY that says this is below the stream's: nobody has begun with it. */
export function isLeftOut(says: string, { stream }: Pick<WireStream, 'stream'>): boolean {
  const last = /last stream (\d+)/.exec(says)?.[1];
  return last !== undefined && Number(last) < stream;
}

/** The server had not begun with it, so that the client may make the call again (gRFC A6, transparent retries). */
export function isRefused(stream: WireStream): boolean {
  const { frames, resets, response } = stream;
  if (response.headersFrame !== undefined) return false;
  return (
    resets.some(({ from, code }) => from === 'server' && code === 'REFUSED_STREAM') ||
    frames.some(
      ({ type, from, says = '' }) => type === 'GOAWAY' && from === 'server' && isLeftOut(says, stream),
    )
  );
}
