/**
 * The places where a peer may behave otherwise than it should. honest.ts has what an
 * honest one does in each of them; a lie puts something else in one or two.
 */

import type {
  ClientHttp2Stream,
  Http2Session,
  OutgoingHttpHeaders,
  ServerHttp2Stream,
  SessionOptions,
} from 'node:http2';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, TLSSocket, TlsOptions } from 'node:tls';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Method, Types } from '../../messages/types.ts';
import type { Metadatum } from '../../model/call.ts';
import type { Frame } from './grpc/frame.ts';
import type { Rewrite } from './http2/rewriter.ts';
import type { Answer, Call, Ended, LineIn, Script, Served, Status } from './lines.ts';
import type { Answered } from './plain.ts';

/** A message of any type, as the protobuf runtime has it. */
export type Message = MessageShape<DescMessage>;

/** A call as the server's handler sees it. */
export interface Incoming {
  readonly path: string;
  readonly metadata: readonly Metadatum[];
  readonly timeoutMs: number | undefined;
  /** The common name of its client's certificate. */
  readonly clientName: string | undefined;
}

/** How a server ends a call. */
export interface Ending extends Status {
  readonly trailers: readonly Metadatum[];
  /** Of a method that gives one: the response that goes with the status. */
  readonly response?: Message;
}

/** Where a message stands in what one side of a call sends. */
export interface Place {
  /** From 0. */
  readonly index: number;
  /** There may be several. */
  readonly isStream: boolean;
}

/** "Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only" */
export type Block = 'headers' | 'trailers' | 'trailers-only';

/** Messages come from lines and go into them as they do from and to the wire. */
export type Medium = 'line' | 'wire';

/** Takes a line of a key log (RFC 9850). */
export type TellKey = (line: Buffer) => void;

type Maybe<T> = T | Promise<T>;

/** Of either role. */
interface CommonBehaviour {
  /** Before anything else. */
  starts(): Maybe<void>;
  /** A line, its end included, on its way to standard output. */
  prints(line: string): string;
  /** Told to stop; `finish` ends what is in flight and exits. */
  stops(finish: () => Promise<void>, why: 'end of input' | 'signal'): Maybe<void>;
  /** Carries an instruction out, and has it answered; undefined: there is no answer. */
  obeys(instruction: LineIn, carryOut: () => Promise<Answer>): Promise<Answer | undefined>;
  /** Bytes of the largest message that is taken, where nothing else is said. */
  readonly limitBytes: number;
  /** Throws an Error in the words of the protobuf runtime. */
  parses(type: DescMessage, bytes: Uint8Array, from: Medium): Message;
  serializes(type: DescMessage, message: Message, to: Medium): Uint8Array;
  gunzips(bytes: Buffer, limitBytes: number): Promise<Buffer>;
  /** A message that is to be sent compressed. */
  gzips(bytes: Buffer): Promise<Frame>;
  /** Whether so many messages will do where there is to be one. */
  isOne(count: number): boolean;
  /** A message and its prefix, as DATA carries them. */
  frames(frame: Frame, place: Place): Buffer;

  /** Options of the HTTP/2 endpoint. */
  readonly http2: SessionOptions;
  /** A connection is there. */
  opens(session: Http2Session): void;
  /** What becomes of the frames that leave a new connection; undefined: they leave by a bare socket. */
  rewrites(): Rewrite | undefined;

  /** A line of its key log, on its way there; undefined: it is not written. */
  tellsKeys(line: string): string | undefined;
  /** A connection that is encrypted from now on, as HTTP/2 is to have it. Throws when it is not to be used. */
  secures(socket: TLSSocket): Duplex;
}

interface ServerBehaviour extends CommonBehaviour {
  /** How a listener that is to encrypt does; undefined: it does not. */
  encrypts(options: TlsOptions): Maybe<TlsOptions | undefined>;
  /** A call has begun, of whatever method. */
  meets(path: string, stream: ServerHttp2Stream): Maybe<void>;
  /** The method of that path, if it is served. */
  finds(path: string, types: Types): Maybe<Method | undefined>;
  /** The whole call, before any of it is used or recorded. */
  sees(call: Incoming): Maybe<Incoming>;
  /** What the plain service answers to a name. */
  looksUp(name: string): Answered;
  /** What a call is played by. */
  plays(script: Script): Script;
  readonly noticesTheEnd: boolean;
  /** A request that a handler asked for. */
  receives(take: () => Promise<Message | undefined>): Promise<Message | undefined>;
  records(record: Served, print: (record: Served) => void): void;
  /** A header block on its way to the wire. */
  responds(fields: OutgoingHttpHeaders, block: Block): OutgoingHttpHeaders;
  readonly sendsTrailersOnly: boolean;
  /** What goes to the wire of an end that is already recorded; undefined: the stream ends without a status. */
  ends(ending: Ending, hasSentHeaders: boolean): Maybe<Ending | undefined>;
  encodesMessage(message: string): string;
}

interface ClientBehaviour extends CommonBehaviour {
  /** How a connection that is to be encrypted is; undefined: it is not. */
  dials(options: ConnectionOptions): Maybe<ConnectionOptions | undefined>;
  /** How many calls a row has. */
  counts(times: number): number;
  /** The whole of a call: `make` does it honestly. */
  takes(call: Call, make: (call: Call) => Promise<Ended>): Promise<Ended>;
  sendsTimeout(ms: number): string | undefined;
  /** A header block on its way to the wire. */
  requests(fields: OutgoingHttpHeaders): OutgoingHttpHeaders;
  /** How long after the start the client itself ends a call with that deadline. */
  endsAfter(ms: number): number;
  /** Tells the server that there are no more requests, of which there may have been several. */
  halfCloses(stream: ClientHttp2Stream): void;
  /** Tells the server that the call of that stream was given up. */
  givesUp(stream: ClientHttp2Stream): void;
  waitsForReady(call: Call): boolean;
  readonly reconnects: boolean;
  decodesMessage(value: string): string;
}

export interface Behaviour extends ServerBehaviour, ClientBehaviour {}

export type Lie = Partial<Behaviour>;
