import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { Call, CallRecord } from '../model/call.ts';
import { Code } from '../model/status.ts';
import type { Channel } from './channel.ts';
import type { Manners } from './manners.ts';
import { decodeFrame, decodeMetadata, encodeMetadata, firstOf, makeBody, startTimer } from './wire.ts';

type Result = Omit<CallRecord, 'id' | 'elapsedMs'>;

/** Makes one call over the channel and says what came of it. */
export async function makeCall(call: Call, channel: Channel, manners: Manners): Promise<CallRecord> {
  const startedAt = performance.now();
  const given = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<Result>();
  const giveUp = (code: Code, message: string) => () => {
    end(failure(code, message));
    given.abort();
  };
  const timers = [
    call.timeoutMs === undefined
      ? undefined
      : startTimer(manners.endsAfter(call.timeoutMs), giveUp(Code.DEADLINE_EXCEEDED, 'deadline passed')),
    call.cancelAfterMs === undefined
      ? undefined
      : startTimer(call.cancelAfterMs, giveUp(Code.CANCELLED, 'cancelled')),
  ];
  exchange(call, channel, manners, given.signal).then(end, (error: Error) =>
    end(failure(Code.UNAVAILABLE, error.message)),
  );
  const result = await ended;
  for (const timer of timers) timer?.stop();
  return { id: call.id, ...result, elapsedMs: performance.now() - startedAt };
}

function failure(code: Code, message: string): Result {
  return { code, message, headers: [], trailers: [] };
}

/**
 * Rejects when there is no connection to be had. A stream that was refused is tried once more: "the RPC
 * reaches the gRPC server library, but has never been seen by the server application logic" (gRFC A6,
 * transparent retries).
 */
async function exchange(
  call: Call,
  channel: Channel,
  manners: Manners,
  signal: AbortSignal,
): Promise<Result> {
  const bytes = manners.encodesRequest(call.name);
  const frame = call.compression ? await manners.gzips(bytes) : { compressed: false, bytes };
  for (let left = 1; ; left--) {
    const session = await channel.session(manners.waitsForReady(call), signal);
    const stream = request(session, call, manners);
    if (manners.resets) signal.addEventListener('abort', () => stream.close(http2.constants.NGHTTP2_CANCEL));
    if (signal.aborted) stream.close(http2.constants.NGHTTP2_CANCEL);
    const receiving = receive(stream, manners.limitBytes);
    stream.end(manners.frames(frame));
    const received = await receiving;
    if (!received.wasRefused || left === 0 || signal.aborted) return read(received, manners);
  }
}

function request(session: ClientHttp2Session, call: Call, manners: Manners): ClientHttp2Stream {
  const timeout = call.timeoutMs === undefined ? undefined : manners.sendsTimeout(call.timeoutMs);
  const fields = {
    ':method': 'POST',
    ':path': call.method,
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': 'stitch-saboteur',
    'grpc-accept-encoding': 'identity,gzip',
    ...(timeout && { 'grpc-timeout': timeout }),
    ...(call.compression && { 'grpc-encoding': call.compression }),
    ...encodeMetadata(call.metadata),
  };
  // A GET has no body unless it is said to have one.
  return session.request(manners.requests(fields), { endStream: false });
}

/** What arrived, header block by header block, and the bytes between. */
interface Received {
  readonly headers: readonly string[];
  readonly trailers: readonly string[];
  /** Undefined: larger than the limit. */
  readonly body: Buffer | undefined;
  /** How the stream ended, for a person. */
  readonly end: string;
  readonly isConnectionLost: boolean;
  /** Nobody has seen the request: it may be made again. */
  readonly wasRefused: boolean;
}

function receive(stream: ClientHttp2Stream, limitBytes: number): Promise<Received> {
  let headers: readonly string[] = [];
  let trailers: readonly string[] = [];
  let end = 'ended without a status';
  const body = makeBody(limitBytes);
  stream.on('response', (_headers, flags, raw: string[]) => {
    headers = raw;
    // "Trailers-Only": one block is the headers and the trailers.
    if (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) trailers = raw;
  });
  stream.on('trailers', (_headers, _flags, raw) => {
    trailers = raw;
  });
  stream.on('data', (part: Buffer) => body.add(part));
  stream.on('error', (error) => {
    end = error.message;
  });
  return new Promise((resolve) => {
    stream.on('close', () => {
      const isConnectionLost = stream.session === undefined || stream.session.destroyed;
      const bytes = body.isTooLarge() ? undefined : body.bytes();
      const wasRefused = stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM && headers.length === 0;
      resolve({ headers, trailers, body: bytes, end, isConnectionLost, wasRefused });
    });
  });
}

/** A reply is reported as it came, beside whatever status: the harness judges. */
async function read(received: Received, manners: Manners): Promise<Result> {
  const { headers, trailers, body, end, isConnectionLost } = received;
  const status = firstOf(trailers, 'grpc-status');
  if (!status) return failure(isConnectionLost ? Code.UNAVAILABLE : Code.UNKNOWN, end);
  if (!/^\d+$/.test(status)) return failure(Code.UNKNOWN, `the status is ${status}`);
  if (!body) return failure(Code.RESOURCE_EXHAUSTED, 'the reply is too large');
  const result = {
    code: Number(status),
    message: manners.decodesMessage(firstOf(trailers, 'grpc-message') ?? ''),
    headers: headers === trailers ? [] : decodeMetadata(headers),
    trailers: decodeMetadata(trailers),
  };
  const frame = decodeFrame(body);
  if (!frame)
    return result.code === Code.OK ? { ...result, code: Code.INTERNAL, message: 'no reply' } : result;
  if (frame.compressed && firstOf(headers, 'grpc-encoding') !== 'gzip')
    return { ...result, code: Code.INTERNAL, message: 'the reply is compressed with nothing' };
  try {
    return {
      ...result,
      reply: manners.decodesReply(frame.compressed ? await manners.gunzips(frame.bytes) : frame.bytes),
    };
  } catch (error) {
    return { ...result, code: Code.INTERNAL, message: (error as Error).message };
  }
}
