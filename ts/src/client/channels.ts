// The client's channels.
import { Client, type ClientOptions, compressionAlgorithms, credentials } from '@grpc/grpc-js';
import { channelOptions } from '../service/definition.ts';
import type { Call } from './call.ts';

/**
 * The channels that calls have named, each made when first named. In grpc-js
 * compression belongs to a channel and not to a call, so calls of one name that
 * differ in compression are on two channels.
 */
export class Channels {
  readonly #clients = new Map<string, Client>();

  /** The channel of this call. */
  get({ address, channel, compression }: Call): Client {
    const key = JSON.stringify([address, channel, compression]);
    const client = this.#clients.get(key) ?? createClient(address, compression);
    this.#clients.set(key, client);
    return client;
  }
}

function createClient(address: string, compression: string): Client {
  const options: ClientOptions = {
    ...channelOptions,
    // By default channels to one address share their connections, and would share a broken one's back-off.
    'grpc.use_local_subchannel_pool': 1,
  };
  if (compression === 'gzip') options['grpc.default_compression_algorithm'] = compressionAlgorithms.gzip;
  return new Client(address, credentials.createInsecure(), options);
}
