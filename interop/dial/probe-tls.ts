/** What speaks TLS at an address, and whether each side believes the other. */
import { once } from 'node:events';
import { connect } from 'node:tls';
import { silenceOf } from '../launch/patience.ts';
import { hostAndPort } from '../model/address.ts';
import type { ClientPem } from '../model/tls.ts';
import { byFirstBytes, type Found, firstBytes, mute, nobodyAt, preface, probe } from './probe.ts';
import { refusedText } from './refused.ts';
import { secureOptions } from './secure.ts';
import { distrustOf } from './trust.ts';

/** Asks once, over TLS where it is said how; each of its waits takes `patienceMs` at the most. Rejects with the signal's reason. */
export function ask(
  address: string,
  tls: ClientPem | undefined,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Found> {
  return tls ? probeTls(address, tls, patienceMs, signal) : probe(address, patienceMs, signal);
}

/** Asks with these certificates. */
async function probeTls(
  address: string,
  pem: ClientPem,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Found> {
  using waits = new DisposableStack();
  const isOver = () => AbortSignal.any([signal, waits.use(silenceOf(patienceMs)).signal]);
  // What is wrong with its certificate is to be told, and so is looked at first.
  const socket = connect({ ...hostAndPort(address), ...secureOptions(pem), rejectUnauthorized: false });
  let fault: NodeJS.ErrnoException | undefined;
  socket.on('error', (error) => {
    fault = error;
  });
  try {
    await once(socket, 'secureConnect', { signal: isOver() });
    const distrust = distrustOf(socket, address, pem);
    if (distrust) return { kind: 'other', ...distrust };
    socket.write(preface);
    const first = await firstBytes(socket, isOver());
    signal.throwIfAborted();
    if (first.length > 0) {
      const found = byFirstBytes(address, first);
      return found.kind === 'http2' && socket.alpnProtocol !== 'h2' ? unnegotiated(address) : found;
    }
    // With TLS 1.3 a server looks at the client's certificate when the client has done its part.
    const refusal = refusedText(fault, address, pem);
    if (refusal) return { kind: 'other', ...refusal };
    return silentAt(address, pem, fault !== undefined || socket.readableEnded, patienceMs);
  } catch (error) {
    signal.throwIfAborted();
    const refusal = refusedText(error as NodeJS.ErrnoException, address, pem);
    return refusal ? { kind: 'other', ...refusal } : await insteadOfTls(address, error, patienceMs, signal);
  } finally {
    socket.destroy();
  }
}

/** RFC 9113, 3.3: "HTTP/2 connections over TLS MUST use protocol negotiation in TLS"; most clients refuse it otherwise. */
function unnegotiated(address: string): Found {
  return {
    kind: 'other',
    text: `speaks HTTP/2 over TLS at ${address}, and does not choose it in the handshake (ALPN)`,
    hint: 'have it, or what stands in front of it, answer the protocol "h2"',
  };
}

function silentAt(address: string, { cert }: ClientPem, isClosed: boolean, patienceMs: number): Found {
  if (!isClosed) return mute(address, `said nothing within ${patienceMs} ms`);
  return {
    ...mute(address, 'closed it behind the handshake'),
    hint:
      cert === undefined
        ? 'does it want a certificate of its clients? --tls-cert FILE --tls-key FILE'
        : 'does it believe the certificate of --tls-cert? Its own log may say',
  };
}

/** There was no handshake: what is there without one. */
async function insteadOfTls(
  address: string,
  error: unknown,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Found> {
  const found = await probe(address, patienceMs, signal);
  switch (found.kind) {
    case 'http2':
      return {
        kind: 'other',
        text: `speaks HTTP/2 without encryption at ${address}, where TLS was wanted`,
        hint: 'leave out --tls-ca, or name the port that it serves over TLS',
      };
    case 'tls':
      return nobodyAt(address, error);
    case 'other':
    case 'nobody':
      return found;
    default:
      return found satisfies never;
  }
}
