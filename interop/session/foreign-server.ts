import type { Limits, RunningServer } from '../launch/launcher.ts';
import { silenceOf } from '../launch/patience.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Peer } from '../model/peer.ts';
import { unknownImplementation } from './nobody.ts';
import { silent } from './plain-server.ts';
import { stillSpeaks } from './presence.ts';
import { NotHttp2, speaksHttp2 } from './readiness.ts';

/** It runs already, and so is to be found at once; over TLS there is one question more. */
const foundMs = { plain: 1_600, tls: 2_400 };

/**
 * A server that runs already, and is nobody's to start or to stop. Resolves when it
 * speaks HTTP/2 at its address (`host:port`), over TLS where the peer says how it is called;
 * rejects with a PeerError when it does not.
 */
export async function openForeignServer(
  peer: Peer,
  address: string,
  limits: Limits,
  signal: AbortSignal,
): Promise<RunningServer> {
  const { tls } = peer;
  const startedAt = performance.now();
  const { promise: faulted, resolve } = Promise.withResolvers<PeerError>();
  let fault: PeerError | undefined;
  let found: NotHttp2 | undefined;
  const withinMs = Math.min(tls ? foundMs.tls : foundMs.plain, limits.readyMs);
  try {
    using silence = silenceOf(withinMs);
    const isOver = AbortSignal.any([signal, silence.signal]);
    const tell = (nobody: NotHttp2) => {
      found = nobody;
    };
    await speaksHttp2(address, isOver, { tell, tls });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NotHttp2) found = error;
    const over = tls ? ' over TLS' : '';
    const what = found?.message ?? `does not speak HTTP/2${over} at ${address} within ${withinMs} ms`;
    const hint = found?.hint ?? 'is it running?';
    throw new PeerError({ peer: peer.name, role: 'server', stage: 'ready', what, hint }, true);
  }
  const running: RunningServer = {
    ...silent(peer),
    address,
    isUnknowing: true,
    ...(tls && { tls }),
    flush: () => stillSpeaks(address, running, tls),
    implementation: unknownImplementation,
    startupMs: performance.now() - startedAt,
    faulted,
    get fault() {
      return fault;
    },
    fail(what) {
      fault ??= new PeerError({ peer: peer.name, role: 'server', stage: 'call', what }, true);
      resolve(fault);
      return fault;
    },
    logSince: () => [],
    logMark: () => 0,
    stop: async () => undefined,
    async [Symbol.asyncDispose]() {},
  };
  return running;
}
