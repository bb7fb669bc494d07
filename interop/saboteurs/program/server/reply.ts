import type { ServerHttp2Stream } from 'node:http2';
import type { Metadatum } from '../../../model/call.ts';
import type { Behaviour, Ending } from '../behaviour.ts';
import { encodeMetadata, unpadded } from '../grpc/metadata.ts';
import { write } from '../grpc/write.ts';

/** What a server sends on a stream. Once the stream is gone, nothing. */
export interface Reply {
  hasHeaders(): boolean;
  headers(entries: readonly Metadatum[], compression?: string): void;
  /** Behind headers, which go before it where there are none yet. Resolves as `write` does. */
  message(bytes: Buffer, compression: string, over: AbortSignal): Promise<boolean>;
  end(ending: Ending): void;
  /** Ends without a status. */
  abandon(): void;
}

const common = { ':status': 200, 'content-type': 'application/grpc' } as const;

/** "Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only" */
export function makeReply(stream: ServerHttp2Stream, behaviour: Behaviour): Reply {
  function headers(entries: readonly Metadatum[], compression = ''): void {
    if (stream.destroyed || stream.headersSent) return;
    const fields = {
      ...common,
      'grpc-accept-encoding': 'identity,gzip',
      ...(compression && { 'grpc-encoding': compression }),
      ...encodeMetadata(entries),
    };
    stream.respond(behaviour.responds(fields, 'headers'), {
      waitForTrailers: true,
      sendDate: false,
    } as object);
  }

  return {
    hasHeaders: () => stream.headersSent,
    headers,
    message(bytes, compression, over) {
      headers([], compression);
      return write(stream, bytes, over);
    },
    end({ code, message, details, trailers }) {
      if (stream.destroyed) return;
      const fields = {
        'grpc-status': String(code),
        ...(message !== '' && { 'grpc-message': behaviour.encodesMessage(message) }),
        ...(details && { 'grpc-status-details-bin': unpadded(details) }),
        ...encodeMetadata(trailers),
      };
      if (!stream.headersSent && behaviour.sendsTrailersOnly) {
        const only = behaviour.responds({ ...common, ...fields }, 'trailers-only');
        stream.respond(only, { endStream: true, sendDate: false } as object);
        return;
      }
      headers([]);
      stream.once('wantTrailers', () => stream.sendTrailers(behaviour.responds(fields, 'trailers')));
      stream.end();
    },
    abandon() {
      stream.once('wantTrailers', () => stream.sendTrailers({}));
      stream.end();
    },
  };
}
