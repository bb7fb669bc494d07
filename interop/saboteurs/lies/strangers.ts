/** What programs do that nobody told what to do; catalogue/strangers.ts tells which of it they may. */
import http2, { type ClientHttp2Session, type Http2Session, type OutgoingHttpHeaders } from 'node:http2';
import type { Metadatum } from '../../model/call.ts';
import { Code } from '../../model/status.ts';
import type { Lie } from '../program/behaviour.ts';
import { ErrorCode, goAway, rstStream, Type } from '../program/http2/http2-frame.ts';
import { asIs } from '../program/http2/rewriter.ts';
import type { Call, Ended } from '../program/lines.ts';
import { calls } from './client.ts';
import { atHeaders } from './rewrites.ts';

/** Fields that are sent where the call has none of that name. */
function adds(more: OutgoingHttpHeaders): Lie {
  return { requests: (fields) => ({ ...more, ...fields }) };
}

/** The answer that was there before this one: a status alone, so that nothing of it can have been used. */
function isRetriable({ status, responses, headers }: Ended): boolean {
  return status.code === Code.UNAVAILABLE && responses.length === 0 && headers.length === 0;
}

/** The call again, which says that it is the second attempt. */
function secondAttempt(call: Call): Call {
  const again: Metadatum = { key: 'grpc-previous-rpc-attempts', text: '1' };
  return { ...call, metadata: [...call.metadata, again] };
}

/** Makes the call again where its record is so. */
function attempts(isWanted: (record: Ended) => boolean): Lie {
  return {
    async takes(call, make) {
      const record = await make(call);
      return isWanted(record) ? make(secondAttempt(call)) : record;
    },
  };
}

/** Before each call it asks another service, in the name of the same call and on the same connection. */
function asks(path: string): Lie {
  return {
    opens(session) {
      if (!('request' in session)) return;
      const client = session as ClientHttp2Session;
      const request = client.request.bind(client);
      client.request = (fields, options) => {
        const { 'grpc-encoding': _, ...same } = fields as OutgoingHttpHeaders;
        const first = request({ ...same, ':path': path }, options);
        first.on('error', () => {});
        first.resume().end(Buffer.alloc(5));
        return request(fields as OutgoingHttpHeaders, options);
      };
    },
  };
}

/** One more connection to the same server, on which nothing is ever asked. */
function openSpare(session: Http2Session): void {
  const { remoteAddress, remotePort } = session.socket;
  if (!('request' in session)) return;
  const spare = http2.connect(`http://${remoteAddress}:${remotePort}`);
  spare.on('error', () => {});
  spare.unref();
  session.once('close', () => spare.destroy());
}

const ownDeadlineMs = 250;
const withDeadline = (call: Call) => (call.timeoutMs > 0 ? call : { ...call, timeoutMs: ownDeadlineMs });

export const strangeLies = {
  'sets-its-own-deadline': adds({ 'grpc-timeout': '20S' }),
  'adds-its-own-metadata': adds({
    authorization: 'Bearer eyJhbGciOiJub25lIn0',
    'x-request-id': '5b8aa5a2',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'grpc-trace-bin': 'AAAB',
    'user-agent': 'payments/7.1 grpc-of-our-own/0.3',
  }),
  'compresses-requests': calls((call) => ({ ...call, compression: 'gzip' })),
  'opens-a-spare-connection': { opens: openSpare },
  'asks-for-health-first': asks('/grpc.health.v1.Health/Check'),
  'asks-for-reflection-first': asks('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'),
  'retries-by-policy': attempts(isRetriable),

  'retries-what-was-answered': attempts(({ status }) => status.code === Code.OK),
  'retries-behind-headers': attempts(
    (record) => record.status.code === Code.UNAVAILABLE && !isRetriable(record),
  ),
  hedges: {
    async takes(call, make) {
      const [record] = await Promise.all([make(call), make(secondAttempt(call))]);
      return record;
    },
  },
  'has-a-short-deadline': calls(withDeadline),
  'sets-a-deadline-in-words': adds({ 'grpc-timeout': '1.5S' }),

  'adds-details': {
    responds(fields, block) {
      const isError = block !== 'headers' && fields['grpc-status'] !== '0';
      // google.rpc.Status { details: [Any of google.protobuf.Empty] }, where nobody had any.
      const details = 'GisKKXR5cGUuZ29vZ2xlYXBpcy5jb20vZ29vZ2xlLnByb3RvYnVmLkVtcHR5';
      return isError ? { 'grpc-status-details-bin': details, ...fields } : fields;
    },
  },

  /** As some clients do: whatever is open when the connection dies is given up in its last moment. */
  'gives-up-with-the-connection': {
    rewrites() {
      const open = new Set<number>();
      let isFirst = true;
      return (frame, wire) => {
        if (isFirst)
          wire.atEnd(() => {
            for (const stream of open) wire.send(rstStream(stream, ErrorCode.REFUSED_STREAM));
            wire.send(goAway(0, ErrorCode.INTERNAL_ERROR));
          });
        isFirst = false;
        if (frame.type === Type.HEADERS) open.add(frame.stream);
        return asIs(frame);
      };
    },
  },
  'closes-behind-the-headers': atHeaders((frame, wire) => {
    wire.send(asIs(frame)[0] ?? Buffer.alloc(0));
    wire.end();
    return [];
  }),
} satisfies Record<string, Lie>;
