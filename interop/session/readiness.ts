/** Whether a server that knows nothing of the harness can be called. */
import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';

const againMs = 50;
/** So long a connection that was taken may say nothing. */
const patienceMs = 1_000;

/**
 * Resolves when a server at the address (`host:port`) has sent its SETTINGS and, where
 * it has the health service, says SERVING. A port that answers proves nothing: it may
 * be another program's, or one that never speaks. Rejects with the signal's reason.
 */
export async function speaksHttp2(address: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    if (await isReady(address, signal)) return;
    await sleep(againMs, undefined, { signal });
  }
}

async function isReady(address: string, signal: AbortSignal): Promise<boolean> {
  const session = connect(`http://${address}`);
  const isOver = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  // What is wrong with it is asked again, and not told.
  session.on('error', () => {});
  try {
    await once(session, 'remoteSettings', { signal: isOver });
    return await isServing(session, isOver);
  } catch {
    return false;
  } finally {
    session.destroy();
  }
}

/** True as well where nobody knows: there need not be a health service. */
async function isServing(session: ClientHttp2Session, signal: AbortSignal): Promise<boolean> {
  const stream = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  // An empty HealthCheckRequest behind its five-byte prefix: the whole server.
  stream.end(Buffer.alloc(5));
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => {});
  await once(stream, 'close', { signal });
  const message = Buffer.concat(chunks).subarray(5);
  // HealthCheckResponse: field 1, a varint; 1 is SERVING (grpc/health/v1/health.proto).
  return message.length === 0 || message.equals(Buffer.from([0x08, 0x01]));
}
