import http2, { type ClientHttp2Stream } from 'node:http2';
import type { RawHeaders } from '../grpc/metadata.ts';

/** What a client has heard of a call so far, beside its messages. */
export interface Hearing {
  readonly headers: RawHeaders;
  /** Of "Trailers-Only" the same as the headers: one block is both. */
  readonly trailers: RawHeaders;
  /** How the stream ended, for a person. */
  readonly end: string;
  readonly isConnectionLost: boolean;
  /** Nobody has seen the call: it may be made again. */
  readonly isRefused: boolean;
  /** The server has ended the call, or the stream is gone. */
  readonly over: AbortSignal;
  /** The stream is gone. */
  readonly closed: Promise<void>;
}

export function hear(stream: ClientHttp2Stream): Hearing {
  const over = new AbortController();
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const hearing = {
    headers: [] as RawHeaders,
    trailers: [] as RawHeaders,
    end: 'ended without a status',
    isConnectionLost: false,
    isRefused: false,
    over: over.signal,
    closed,
  };
  stream.on('response', (_headers, flags, raw: string[]) => {
    hearing.headers = raw;
    if (!(flags & http2.constants.NGHTTP2_FLAG_END_STREAM)) return;
    hearing.trailers = raw;
    over.abort();
  });
  stream.on('trailers', (_headers, _flags, raw) => {
    hearing.trailers = raw;
    over.abort();
  });
  stream.on('error', (error) => {
    hearing.end = error.message;
  });
  stream.on('close', () => {
    hearing.isConnectionLost = stream.session === undefined || stream.session.destroyed;
    hearing.isRefused =
      stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM && hearing.headers.length === 0;
    over.abort();
    resolve();
  });
  return hearing;
}
