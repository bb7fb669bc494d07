/** A call of one method that takes and gives streams, without a gRPC library: a question, an answer, and so on. */
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';

/** The server ended the call in place of an answer. */
export class EndedCall extends Error {
  override readonly name = 'EndedCall';
  /** It has no such method. */
  readonly isUnimplemented: boolean;

  constructor(what: string, isUnimplemented: boolean) {
    super(what);
    this.isUnimplemented = isUnimplemented;
  }
}

export interface Conversation {
  /** Sends a message and resolves to the next one that comes. Rejects with an EndedCall, or with what became of the connection. */
  ask(request: Uint8Array): Promise<Uint8Array>;
  end(): void;
}

const prefixBytes = 5;
/** "12": UNIMPLEMENTED. */
const unimplemented = '12';

export function converse(session: ClientHttp2Session, path: string): Conversation {
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  let last: IncomingHttpHeaders = {};
  const keep = (headers: IncomingHttpHeaders) => {
    last = { ...last, ...headers };
  };
  stream.on('response', keep);
  stream.on('trailers', keep);
  const messages = messagesOf(stream);
  return {
    async ask(request) {
      const prefix = Buffer.alloc(prefixBytes);
      prefix.writeUInt32BE(request.length, 1);
      stream.write(Buffer.concat([prefix, request]));
      const { value, done } = await messages.next();
      if (done) throw endOf(last);
      return value;
    },
    end: () => stream.close(),
  };
}

/** Messages behind their prefixes. None is compressed: nothing was said of an encoding that would be taken. */
async function* messagesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.length < prefixBytes ? Infinity : prefixBytes + rest.readUInt32BE(1);
      if (rest.length < end) break;
      yield rest.subarray(prefixBytes, end);
      rest = rest.subarray(end);
    }
  }
}

function endOf(headers: IncomingHttpHeaders): EndedCall {
  const { ':status': http, 'grpc-status': status, 'grpc-message': message } = headers;
  const isUnknown = status === unimplemented || (status === undefined && String(http) === '404');
  if (status === undefined)
    return new EndedCall(`HTTP status ${http ?? 'none'}, and no grpc-status`, isUnknown);
  return new EndedCall(`status ${String(status)} ${String(message ?? '')}`.trim(), isUnknown);
}
