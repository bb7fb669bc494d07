/** What speaks at an address, as far as its first bytes tell. */
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { silenceOf } from '../launch/patience.ts';
import { hostAndPort } from '../model/address.ts';

/** What was found there. `text` goes on behind a server's name: `does not answer at …`. */
export type Found =
  | { readonly kind: 'http2' }
  /** Something that will not turn into HTTP/2. */
  | { readonly kind: 'other'; readonly text: string; readonly hint: string }
  /** HTTP/2 or not, it is encrypted. */
  | { readonly kind: 'tls'; readonly text: string; readonly hint: string }
  | Nobody;

/** It may yet come. */
interface Nobody {
  readonly kind: 'nobody';
  readonly text: string;
  readonly hint: string;
}

/** "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", and a SETTINGS frame that says nothing (RFC 9113, 3.4). */
export const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const frameHeadBytes = 9;
const settingsFrame = 4;
const alertRecord = 0x15;
const shownCharacters = 60;

/** Asks once, without encryption; each of its waits takes `patienceMs` at the most. Rejects with the signal's reason. */
export async function probe(address: string, patienceMs: number, signal: AbortSignal): Promise<Found> {
  using waits = new DisposableStack();
  const isOver = () => AbortSignal.any([signal, waits.use(silenceOf(patienceMs)).signal]);
  const socket = net.connect(hostAndPort(address));
  try {
    await once(socket, 'connect', { signal: isOver() });
    socket.write(preface);
    const first = await firstBytes(socket, isOver());
    // Whoever asks no more hears no answer that is half of one.
    signal.throwIfAborted();
    if (first.length > 0) return byFirstBytes(address, first);
    const said =
      socket.destroyed || socket.readableEnded
        ? 'closed the connection'
        : `said nothing within ${patienceMs} ms`;
    return (await speaksTls(address, isOver())) ? tlsAt(address) : mute(address, said);
  } catch (error) {
    signal.throwIfAborted();
    return nobodyAt(address, error);
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}

/** Enough to tell by; fewer, or none, when no more come in time. */
export async function firstBytes(socket: net.Socket, signal: AbortSignal): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    // The head of a frame is all that some send.
    if (Buffer.concat(chunks).length >= frameHeadBytes) resolve();
  });
  for (const end of ['end', 'close', 'error'] as const) socket.once(end, resolve);
  signal.addEventListener('abort', () => resolve());
  if (signal.aborted) resolve();
  await promise;
  return Buffer.concat(chunks);
}

export function byFirstBytes(address: string, first: Buffer): Found {
  if (first[3] === settingsFrame && first.length >= frameHeadBytes && first.readUInt32BE(5) === 0)
    return { kind: 'http2' };
  if (first[0] === alertRecord && first[1] === 3) return tlsAt(address);
  const text = first.toString('latin1');
  const [line = ''] = text.split('\r\n');
  const shown = JSON.stringify(line.slice(0, shownCharacters));
  const http1 = /^HTTP\/1\.\d/.exec(text)?.[0];
  return {
    kind: 'other',
    text: http1
      ? `answers ${http1} at ${address}, where HTTP/2 was wanted: ${shown}`
      : `answers at ${address} with what is no HTTP/2: ${shown}`,
    hint: http1
      ? 'gRPC speaks HTTP/2 from its first byte: is this the port of a gateway, or of a web page?'
      : 'is that the port of the gRPC server?',
  };
}

export function nobodyAt(address: string, error: unknown): Nobody {
  const { code } = error as NodeJS.ErrnoException;
  return {
    kind: 'nobody',
    text: `does not answer at ${address}: ${code === 'ABORT_ERR' ? 'nothing came back' : (code ?? String(error))}`,
    hint: 'is it running, and is that where it listens?',
  };
}

function tlsAt(address: string): Found {
  return {
    kind: 'tls',
    text: `speaks TLS at ${address}, where plaintext was wanted`,
    hint: 'add --tls-ca FILE, the certificate of the authority that signed its own (--tls-ca system: those that this machine trusts), or name a port that it serves without encryption',
  };
}

export function mute(address: string, said: string): Nobody {
  return {
    kind: 'nobody',
    text: `does not speak HTTP/2 at ${address}: it took the connection and ${said}`,
    hint: 'is that the port of the gRPC server?',
  };
}

/** Whoever gets so far as to quarrel about certificates does. */
async function speaksTls(address: string, signal: AbortSignal): Promise<boolean> {
  const socket = tls.connect({ ...hostAndPort(address), ALPNProtocols: ['h2'], rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal });
    return true;
  } catch (error) {
    return /^ERR_SSL_.*ALERT/.test((error as NodeJS.ErrnoException).code ?? '');
  } finally {
    socket.on('error', () => {});
    socket.destroy();
  }
}
