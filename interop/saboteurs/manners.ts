/**
 * The places where a saboteur may lie. `honest` is what an honest peer does in
 * each of them; a lie puts something else in one or two.
 */
import type { Http2Session, OutgoingHttpHeaders, ServerHttp2Stream, SessionOptions } from 'node:http2';
import type { Call, CallRecord, Expirement, Metadatum, ServedRecord } from '../model/call.ts';
import { Code } from '../model/status.ts';
import { table } from '../scenarios/table.ts';
import type { Pass } from './mangler.ts';
import { decodeReply, decodeRequest, encodeReply, encodeRequest } from './message.ts';
import { type Offer, offer } from './offers.ts';
import {
  decodeMessage,
  encodeFrame,
  encodeMessage,
  encodeTimeout,
  type Frame,
  fourMiB,
  gunzip,
  gzip,
  http2Options,
} from './wire.ts';

/** A call as the server's handler sees it. */
export interface Request {
  readonly method: string;
  readonly name: string;
  readonly metadata: readonly Metadatum[];
  readonly timeoutMs: number | undefined;
}

export interface Answer {
  readonly code: number;
  readonly message: string;
  readonly reply?: Expirement;
}

/** A line of a server's standard input. */
export type Instruction = Readonly<Record<string, { readonly port?: number } | undefined>>;

/** A message ready for its frame, and what the encoding's header says of it. */
export interface Packed extends Frame {
  readonly encoding?: 'gzip';
}

/** "Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only" */
export type Block = 'headers' | 'trailers' | 'trailers-only';

type Maybe<T> = T | Promise<T>;

/** Places of both roles. */
interface CommonManners {
  /** Before anything else. */
  starts(): Maybe<void>;
  /** A line, its end included, on its way to standard output. */
  prints(line: string): string;
  /** Told to stop; `finish` ends what is in flight and exits. */
  stops(finish: () => Promise<void>, why: 'end of input' | 'signal'): Maybe<void>;
  /** Bytes of the largest message that is taken. */
  readonly limitBytes: number;
  gunzips(bytes: Buffer): Promise<Buffer>;
  /** A message that is to be sent compressed. */
  gzips(bytes: Buffer): Promise<Packed>;
  /** A message and its prefix, as DATA carries them. */
  frames(frame: Frame): Buffer;

  /** Options of the HTTP/2 endpoint. */
  readonly http2: SessionOptions;
  /** A connection is there. */
  opens(session: Http2Session): void;
  /** What becomes of the frames that leave a new connection; undefined: they leave by a bare socket. */
  passes(): Pass | undefined;
}

interface ServerManners extends CommonManners {
  /** Opens a listener; gives the port to announce. */
  listens(open: () => Promise<number>): Promise<number>;
  /** Carries an instruction out, and says so. */
  obeys(instruction: Instruction, carryOut: () => Promise<object>): Promise<object | undefined>;
  /** A call has begun, of whatever method. */
  meets(method: string, stream: ServerHttp2Stream): Maybe<void>;
  knows(method: string): boolean;
  /** What is served beside the service under that path. */
  offers(path: string): Offer | undefined;
  decodesRequest(bytes: Buffer): string;
  /** The whole request, before any of it is used or recorded. */
  sees(request: Request): Maybe<Request>;
  looksUp(name: string): Answer;
  /** The answer that a call's metadata tells it to give. */
  isTold(answer: Answer): Answer;
  readonly noticesTheEnd: boolean;
  records(record: ServedRecord, print: (record: ServedRecord) => void): void;
  headers(entries: readonly Metadatum[]): readonly Metadatum[];
  trailers(entries: readonly Metadatum[]): readonly Metadatum[];
  /** A header block on its way to the wire. */
  responds(fields: OutgoingHttpHeaders, block: Block): OutgoingHttpHeaders;
  readonly sendsTrailersOnly: boolean;
  encodesReply(reply: Expirement): Buffer;
  /** What goes to the wire of an answer that is already recorded; undefined: the stream ends without a status. */
  sends(answer: Answer, hasSentHeaders: boolean): Maybe<Answer | undefined>;
  encodesMessage(message: string): string;
}

interface ClientManners extends CommonManners {
  /** The whole of a call: `make` does it honestly. */
  takes(call: Call, make: (call: Call) => Promise<CallRecord>): Promise<CallRecord>;
  sendsTimeout(ms: number): string | undefined;
  /** A header block on its way to the wire. */
  requests(fields: OutgoingHttpHeaders): OutgoingHttpHeaders;
  encodesRequest(name: string): Buffer;
  decodesReply(bytes: Buffer): Expirement;
  /** How long after the start the client itself ends a call with that deadline. */
  endsAfter(ms: number): number;
  /** Tells the server that a call was given up. */
  readonly resets: boolean;
  waitsForReady(call: Call): boolean;
  readonly reconnects: boolean;
  decodesMessage(value: string): string;
}

export interface Manners extends ServerManners, ClientManners {}

export type Lie = Partial<Manners>;

export const pickOne = '/Manage/PickOne';

const notFound: Answer = { code: Code.NOT_FOUND, message: 'expirement not found' };

/** The row of that name, compared exactly. */
export function lookUp(name: string): Answer {
  const reply = table.find((row) => row.name === name);
  return reply ? { code: Code.OK, message: '', reply } : notFound;
}

export const honest: Manners = {
  starts() {},
  prints: (line) => line,
  stops: (finish) => finish(),
  limitBytes: fourMiB,
  // One byte more than is taken tells a message that is too large from one that just fits.
  gunzips: (bytes) => gunzip(bytes, { maxOutputLength: fourMiB + 1 }),
  gzips: async (bytes) => ({ compressed: true, bytes: await gzip(bytes), encoding: 'gzip' }),
  frames: encodeFrame,

  http2: http2Options,
  opens() {},
  passes: () => undefined,

  listens: (open) => open(),
  obeys: (_, carryOut) => carryOut(),
  meets() {},
  knows: (method) => method === pickOne,
  offers: offer,
  decodesRequest: decodeRequest,
  sees: (request) => request,
  looksUp: lookUp,
  isTold: (answer) => answer,
  noticesTheEnd: true,
  records: (record, print) => print(record),
  headers: (entries) => entries,
  trailers: (entries) => entries,
  responds: (fields) => fields,
  sendsTrailersOnly: true,
  encodesReply: encodeReply,
  sends: (answer) => answer,
  encodesMessage: encodeMessage,

  takes: (call, make) => make(call),
  sendsTimeout: encodeTimeout,
  requests: (fields) => fields,
  encodesRequest: encodeRequest,
  decodesReply: decodeReply,
  endsAfter: (ms) => ms,
  resets: true,
  waitsForReady: (call) => call.waitForReady === true,
  reconnects: true,
  decodesMessage: decodeMessage,
};

/** Does not obey an instruction. */
export function overlooks(instruction: string): Lie {
  return {
    sees: (request) => ({
      ...request,
      metadata: request.metadata.filter(({ key }) => key !== instruction),
    }),
  };
}
