// The client's channels.
import * as grpc from '@grpc/grpc-js';
import type { Call, Channel } from './lines.ts';

/** The channels that calls have named, each made when first named; the same content is the same channel. */
export class Channels {
  readonly #clients = new Map<string, grpc.Client>();

  /** The channel of this call; throws what the library throws. */
  get({ channel = {}, compression }: Call): grpc.Client {
    const { address = '', name, tls } = channel;
    const options = optionsOf(channel, compression);
    const key = JSON.stringify([address, name, options, tls && [tls.ca, tls.cert, tls.key]]);
    const client = this.#clients.get(key) ?? new grpc.Client(address, credentialsOf(tls), options);
    this.#clients.set(key, client);
    return client;
  }
}

/** In grpc-js compression belongs to a channel and not to a call: calls that differ in it are on two. */
function optionsOf({ tls, keepalive, maxReceiveBytes }: Channel, compression?: string): grpc.ChannelOptions {
  return {
    // Otherwise http_proxy is obeyed, even for 127.0.0.1.
    'grpc.enable_http_proxy': 0,
    // By default channels to one address share their connections, and would share a broken one's back-off.
    'grpc.use_local_subchannel_pool': 1,
    ...(compression && { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip }),
    ...(tls?.serverName && { 'grpc.ssl_target_name_override': tls.serverName }),
    ...(keepalive?.timeMs && { 'grpc.keepalive_time_ms': keepalive.timeMs }),
    ...(keepalive?.timeoutMs && { 'grpc.keepalive_timeout_ms': keepalive.timeoutMs }),
    ...(keepalive?.withoutCalls && { 'grpc.keepalive_permit_without_calls': 1 }),
    ...(maxReceiveBytes && { 'grpc.max_receive_message_length': maxReceiveBytes }),
  };
}

function credentialsOf(tls: Channel['tls']): grpc.ChannelCredentials {
  if (tls === undefined) return grpc.credentials.createInsecure();
  const pem = (text?: string) => (text ? Buffer.from(text) : null);
  return grpc.credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert));
}
