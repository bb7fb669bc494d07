/** Whether a server that knows nothing of the harness can be called. */
import { once } from 'node:events';
import type { ClientHttp2Session } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Found } from '../dial/probe.ts';
import { ask } from '../dial/probe-tls.ts';
import { openSession } from '../dial/session.ts';
import { silenceOf } from '../launch/patience.ts';
import type { ClientPem } from '../model/tls.ts';

const againMs = 50;
/** So long a connection that was taken may say nothing. */
const patienceMs = 700;

/** What is there is no server that will ever be ready; `message` goes on behind its name. */
export class NotHttp2 extends Error {
  override readonly name = 'NotHttp2';
  readonly hint: string;
  /** It is encrypted, and was not to be. */
  readonly isTls: boolean;

  constructor({ kind, text, hint }: Exclude<Found, { kind: 'http2' }>) {
    super(text);
    this.hint = hint;
    this.isTls = kind === 'tls';
  }
}

/**
 * Resolves when a server at the address (`host:port`) has sent its SETTINGS and, where
 * it has the health service, says SERVING. A port that answers proves nothing: it may
 * be another program's, or one that never speaks. Rejects with a NotHttp2 when something else speaks
 * there, and otherwise with the signal's reason; `tell` hears what was found each time before. `tls`: how it is
 * called; absent: without encryption.
 */
export async function speaksHttp2(
  address: string,
  signal: AbortSignal,
  { tell = () => {}, tls }: { tell?(found: NotHttp2): void; readonly tls?: ClientPem | undefined } = {},
): Promise<void> {
  for (;;) {
    const found = await ask(address, tls, patienceMs, signal);
    if (found.kind === 'other' || found.kind === 'tls') throw new NotHttp2(found);
    if (found.kind === 'nobody') tell(new NotHttp2(found));
    else {
      const said = await askHealth(address, tls, signal);
      if (said === 'ready') return;
      const text = `${said} at ${address}`;
      tell(new NotHttp2({ kind: 'nobody', text, hint: 'what does it wait for?' }));
    }
    await sleep(againMs, undefined, { signal });
  }
}

/** `ready`, or what goes on behind its name. */
async function askHealth(address: string, tls: ClientPem | undefined, signal: AbortSignal): Promise<string> {
  const session = openSession(address, tls);
  using silence = silenceOf(patienceMs);
  const isOver = AbortSignal.any([signal, silence.signal]);
  // What is wrong with it is asked again, and not told.
  session.on('error', () => {});
  try {
    await once(session, 'remoteSettings', { signal: isOver });
    return (await isServing(session, isOver))
      ? 'ready'
      : 'says that it is not SERVING (grpc.health.v1.Health)';
  } catch {
    signal.throwIfAborted();
    return 'speaks HTTP/2, and does not answer a call';
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
