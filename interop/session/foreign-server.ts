import type { Limits, RunningServer } from '../launch/launcher.ts';
import { silenceOf } from '../launch/patience.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Peer } from '../model/peer.ts';
import { unknownImplementation } from './nobody.ts';
import { silent } from './plain-server.ts';
import { stillSpeaks } from './presence.ts';
import { NotHttp2, speaksHttp2 } from './readiness.ts';

/** It runs already, and so is to be found at once. */
const foundMs = 1_600;

/**
 * A server that runs already, and is nobody's to start or to stop. Resolves when it
 * speaks HTTP/2 at its address (`host:port`); rejects with a PeerError when it does not.
 */
export async function openForeignServer(
  peer: Peer,
  address: string,
  limits: Limits,
  signal: AbortSignal,
): Promise<RunningServer> {
  const startedAt = performance.now();
  const { promise: faulted, resolve } = Promise.withResolvers<PeerError>();
  let fault: PeerError | undefined;
  let found: NotHttp2 | undefined;
  try {
    using silence = silenceOf(Math.min(foundMs, limits.readyMs));
    const isOver = AbortSignal.any([signal, silence.signal]);
    await speaksHttp2(address, isOver, (nobody) => {
      found = nobody;
    });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NotHttp2) found = error;
    const what = found?.message ?? `does not speak HTTP/2 at ${address} within ${foundMs} ms`;
    const hint = found?.hint ?? 'is it running, and without encryption?';
    throw new PeerError({ peer: peer.name, role: 'server', stage: 'ready', what, hint }, true);
  }
  const running: RunningServer = {
    ...silent(peer),
    address,
    isUnknowing: true,
    flush: () => stillSpeaks(address, running),
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
