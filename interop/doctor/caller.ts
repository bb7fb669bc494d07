import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { codeName } from '../model/status.ts';
import type { ClientPem } from '../model/tls.ts';
import { decodeFrame, encodeFrame } from '../saboteurs/program/grpc/frame.ts';
import { decodeMessage, firstOf } from '../saboteurs/program/grpc/metadata.ts';
import { within } from './until.ts';

/** What came back of a call. */
export interface Answer {
  /** The status code; undefined when there was none. */
  readonly code: number | undefined;
  /** The status message, or how the call ended without a status. */
  readonly message: string;
  /** The first message, without its prefix. */
  readonly response: Buffer | undefined;
  /** "… to indicate that the stream is being closed prior to any processing having occurred" (RFC 9113, section 8.7, of REFUSED_STREAM). */
  readonly isRefused?: true;
}

/** A call whose request is yet to be sent. */
export interface OpenCall {
  /** Sends the request. Resolves to what came back, within the caller's bound; rejects with the signal's reason only. */
  finish(request: Buffer): Promise<Answer>;
}

/** A connection that makes calls, without a library. */
export interface Caller extends AsyncDisposable {
  /** Resolves when the connection is over, whoever ended it. */
  readonly closed: Promise<void>;
  begin(path: string, metadata?: Readonly<Record<string, string>>): OpenCall;
}

/**
 * Connects, encrypted with that if it is given, and waits for the HTTP/2 SETTINGS frame of the other end. Rejects with a
 * clause that goes on behind its address: `cannot be reached: connect ECONNREFUSED`.
 */
export async function dial(
  address: string,
  ms: number,
  signal: AbortSignal,
  tls?: ClientPem,
): Promise<Caller> {
  const session = tls
    ? http2.connect(`https://${address}`, { ca: tls.ca, servername: tls.serverName ?? '' })
    : http2.connect(`http://${address}`);
  const { promise, resolve, reject } = Promise.withResolvers<true>();
  session.on('remoteSettings', () => resolve(true));
  session.on('error', (error) => reject(new Error(`cannot be reached: ${error.message}`)));
  session.on('close', () => reject(new Error('closed the connection before it spoke HTTP/2')));
  promise.catch(() => {});
  const closed = new Promise<void>((resolve) => session.once('close', resolve));
  try {
    if (!(await within(ms, signal, promise)))
      throw new Error(`accepts connections and sends no HTTP/2 SETTINGS within ${ms} ms`);
  } catch (error) {
    session.destroy();
    throw error;
  }
  return {
    closed,
    begin: (path, metadata = {}) => begin(session, path, metadata, ms, signal),
    async [Symbol.asyncDispose]() {
      session.destroy();
    },
  };
}

function begin(
  session: ClientHttp2Session,
  path: string,
  metadata: Readonly<Record<string, string>>,
  ms: number,
  signal: AbortSignal,
  attempt = 1,
): OpenCall {
  const stream = session.request(
    {
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'stitch-doctor',
      ...metadata,
    },
    { endStream: false },
  );
  const answer = receive(stream);
  return {
    async finish(request) {
      if (!stream.destroyed) stream.end(encodeFrame({ compressed: false, bytes: request }));
      const got = await within(ms, signal, answer);
      if (!got) stream.close(http2.constants.NGHTTP2_CANCEL);
      // "Any request that was sent on the reset stream can be safely retried."
      if (got?.isRefused && attempt === 1)
        return begin(session, path, metadata, ms, signal, 2).finish(request);
      return got ?? { code: undefined, message: `no answer within ${ms} ms`, response: undefined };
    },
  };
}

function receive(stream: ClientHttp2Stream): Promise<Answer> {
  const parts: Buffer[] = [];
  let status: readonly string[] = [];
  let end = 'the stream ended without a status';
  stream.on('response', (_headers, _flags, raw: string[]) => {
    status = raw;
  });
  stream.on('trailers', (_headers, _flags, raw) => {
    status = raw;
  });
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.on('error', (error) => {
    end = error.message;
  });
  return new Promise((resolve) => {
    stream.on('close', () => {
      const code = firstOf(status, 'grpc-status');
      resolve({
        code: code === undefined ? undefined : Number(code),
        message: code === undefined ? end : decodeMessage(firstOf(status, 'grpc-message') ?? ''),
        response: decodeFrame(Buffer.concat(parts))?.bytes,
        ...(stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM && { isRefused: true }),
      });
    });
  });
}

/** `NOT_FOUND: expirement not found`. */
export function answerText({ code, message }: Answer): string {
  const name = code === undefined ? 'no status' : codeName(code);
  return message === '' ? name : `${name}: ${message}`;
}
