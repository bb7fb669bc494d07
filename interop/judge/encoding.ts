/** Encodings that one side chose, and the other may not take. */
import type { PlannedCall } from '../model/scenario.ts';
import { Code } from '../model/status.ts';
import type { WireStream } from '../model/wire.ts';
import { answerThatCrossed, valuesOf } from '../witness/crossed.ts';
import { quote } from '../witness/say.ts';
import { valuesGot, type WireFinding, wireFinding } from './wire-finding.ts';

/**
 * Whoever compresses unasked, and is told that the server does not take that, is to take it back: "If a client message
 * is compressed by an algorithm that is not supported by a server, the message will result in an UNIMPLEMENTED error
 * status on the server. The server will then include a grpc-accept-encoding response header" (gRPC Compression).
 */
export function refusedEncoding({ spec, expect }: PlannedCall, stream: WireStream): readonly WireFinding[] {
  const [encoding] = valuesOf(stream.request.headers, 'grpc-encoding');
  const code = answerThatCrossed(stream)?.code;
  if (encoding === undefined || spec.compression || code !== Code.UNIMPLEMENTED || expect.code === code)
    return [];
  const { headers, trailers } = stream.response;
  const taken = [headers, trailers].flatMap((block) => valuesOf(block, 'grpc-accept-encoding')).join(',');
  if (taken === '' || taken.split(/\s*,\s*/).includes(encoding)) return [];
  return [wireFinding('grpc-encoding', `one that the server takes: ${quote(taken)}`, quote(encoding))];
}

/**
 * A response in an encoding of which the client has not said that it takes it, and that not even the harness can
 * read: the client has to fail such a call (gRPC Compression).
 */
export function undisclosedEncoding({ request, response }: WireStream): readonly WireFinding[] {
  const unread = response.messages.find(
    ({ flag, json, problem, isCut }) => flag === 1 && json === undefined && problem === undefined && !isCut,
  );
  const [encoding = ''] = valuesOf(response.headers, 'grpc-encoding');
  const taken = ['grpc-accept-encoding', 'grpc-encoding']
    .flatMap((name) => valuesOf(request.headers, name))
    .flatMap((value) => value.split(/\s*,\s*/));
  if (!unread || taken.includes(encoding)) return [];
  const wanted = `one that the client takes: ${valuesGot(taken)}`;
  return [wireFinding('grpc-encoding', wanted, quote(encoding), unread.frame)];
}
