/** A client's call on the wire. */
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import { Code } from '../../../model/status.ts';
import type { Behaviour } from '../behaviour.ts';
import { makeInbox } from '../grpc/inbox.ts';
import { isSingle } from '../grpc/kind.ts';
import { decodeMetadata, encodeMetadata, firstOf } from '../grpc/metadata.ts';
import { statusOf } from '../grpc/status-error.ts';
import type { Status } from '../lines.ts';
import { act, type Talk } from './act.ts';
import type { Channel } from './channel.ts';
import { hear } from './hearing.ts';
import { failure, type Outgoing, type Result } from './outgoing.ts';

/**
 * Rejects when there is no connection to be had. A stream that was refused is tried once more: "the RPC
 * reaches the gRPC server library, but has never been seen by the server application logic" (gRFC A6,
 * transparent retries).
 */
export async function exchange(outgoing: Outgoing, channel: Channel, behaviour: Behaviour): Promise<Result> {
  const { call, signal, progress } = outgoing;
  const { limitBytes } = channel;
  for (let left = 1; ; left--) {
    const session = await channel.session(behaviour.waitsForReady(call), signal);
    const stream = begin(session, outgoing, behaviour);
    const giveUp = () => behaviour.givesUp(stream);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp);
    const hearing = hear(stream);
    const talk = {
      ...outgoing,
      stream,
      hearing,
      inbox: makeInbox(stream, limitBytes),
      limitBytes,
      behaviour,
    };
    const problem = await act(talk).then(() => undefined, statusOf);
    if (problem) giveUp();
    await hearing.closed;
    if (!hearing.isRefused || left === 0 || signal.aborted) return resultOf(talk, problem);
    progress.sent = 0;
  }
}

function begin(session: ClientHttp2Session, { call }: Outgoing, behaviour: Behaviour): ClientHttp2Stream {
  const timeout = call.timeoutMs > 0 ? behaviour.sendsTimeout(call.timeoutMs) : undefined;
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
  return session.request(behaviour.requests(fields), { endStream: false });
}

/** Responses are reported as they came, beside whatever status: the harness judges. */
function resultOf(talk: Talk, problem: Status | undefined): Result {
  const { headers, trailers, end, isConnectionLost } = talk.hearing;
  const code = firstOf(trailers, 'grpc-status');
  if (!code && (isConnectionLost || !problem))
    return failure(isConnectionLost ? Code.UNAVAILABLE : Code.UNKNOWN, end);
  return {
    status: problem ?? statusFrom(talk, code ?? ''),
    headers: headers === trailers ? [] : decodeMetadata(headers),
    trailers: decodeMetadata(trailers),
  };
}

function statusFrom({ hearing: { trailers }, method, progress, behaviour }: Talk, code: string): Status {
  if (!/^\d+$/.test(code)) return { code: Code.UNKNOWN, message: `the status is ${code}` };
  const count = progress.responses.count();
  if (code === '0' && isSingle(method, 'response') && !behaviour.isOne(count))
    return { code: Code.UNIMPLEMENTED, message: count === 0 ? 'no response' : 'more than one response' };
  const details = firstOf(trailers, 'grpc-status-details-bin');
  return {
    code: Number(code),
    message: behaviour.decodesMessage(firstOf(trailers, 'grpc-message') ?? ''),
    ...(details && { details: Buffer.from(details, 'base64').toString('base64') }),
  };
}
