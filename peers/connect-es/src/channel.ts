// Channels, by their content.
import type { Transport } from '@connectrpc/connect';
import { compressionGzip, createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { Channel } from './contract.ts';

/** What the transports of a channel share: its connection, which is made when it is first needed. */
type Options = { baseUrl: string; sessionManager: Http2SessionManager; readMaxBytes?: number };

const channels = new Map<string, Options>();

/**
 * A transport on the one channel of that content. Compression belongs to a transport:
 * "gzip", or empty for none.
 */
export function transportOf(channel: Channel, compression: string): Transport {
  const content = JSON.stringify(
    Object.entries(channel)
      .filter(([, value]) => value)
      .sort(),
  );
  const options = channels.get(content) ?? open(channel);
  channels.set(content, options);
  const gzip = compression === 'gzip' && { sendCompression: compressionGzip, compressMinBytes: 0 };
  return createGrpcTransport({ ...options, ...gzip });
}

function open({ address, tls, keepalive, maxReceiveBytes }: Channel): Options {
  const baseUrl = `${tls ? 'https' : 'http'}://${address}`;
  const { timeMs, timeoutMs, withoutCalls = false } = keepalive ?? {};
  const pings = {
    ...(timeMs && { pingIntervalMs: timeMs }),
    ...(timeoutMs && { pingTimeoutMs: timeoutMs }),
    pingIdleConnection: withoutCalls,
  };
  const { ca, cert, key, serverName } = tls ?? {};
  const secure = {
    ca: ca || undefined,
    cert: cert || undefined,
    key: key || undefined,
    servername: serverName || undefined,
  };
  const sessionManager = new Http2SessionManager(baseUrl, pings, secure);
  return { baseUrl, sessionManager, ...(maxReceiveBytes && { readMaxBytes: maxReceiveBytes }) };
}
