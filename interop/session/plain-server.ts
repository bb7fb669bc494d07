import type { Limits, RunningServer } from '../launch/launcher.ts';
import type { Program } from '../launch/program.ts';
import type { Peer } from '../model/peer.ts';
import { connect } from './connection.ts';
import { unknownImplementation } from './nobody.ts';
import { stillSpeaks } from './presence.ts';
import { NotHttp2, speaksHttp2 } from './readiness.ts';

/** Of one that runs already it can be said how it is called. */
const unencryptedHint =
  'start it with insecure credentials; one that runs already is called over TLS by --server NAME=HOST:PORT --tls-ca FILE';

/**
 * A server program that knows nothing of the harness. Resolves when it speaks HTTP/2
 * at its port; rejects with a PeerError, the program ended, when it does not get
 * that far.
 */
export async function openPlainServer(
  peer: Peer,
  program: Program,
  port: number,
  limits: Limits,
  startedAt: number,
  signal: AbortSignal,
): Promise<RunningServer> {
  const connection = connect(peer, 'server', program, limits);
  const address = program.addressOf(port);
  const asking = new AbortController();
  const ready = speaksHttp2(address, AbortSignal.any([signal, asking.signal])).then(
    () => ({ address }),
    (error: unknown) => {
      if (!(error instanceof NotHttp2)) throw error;
      const hint = error.isTls ? unencryptedHint : error.hint;
      throw connection.fail(`${error.message}\n  hint: ${hint}`);
    },
  );
  // When the program ends, nobody waits for this any more.
  ready.catch(() => {});
  try {
    await connection.begin(ready, `did not speak HTTP/2 at ${address}`);
  } finally {
    asking.abort();
  }
  const running = connection.running(unknownImplementation, startedAt);
  const flush = () => stillSpeaks(address, running);
  return Object.assign(running, { address, isUnknowing: true as const, ...silent(peer), flush });
}

/** What is not asked of a server that knows nothing of the harness. */
export function silent({
  name,
}: Peer): Pick<
  RunningServer,
  'served' | 'recordMs' | 'flush' | 'onServed' | 'load' | 'answerUnnamed' | 'listen' | 'close' | 'drain'
> {
  async function never(): Promise<never> {
    throw new Error(`the ${name} server knows nothing of the harness, and was asked for something`);
  }
  return {
    served: async () => [],
    recordMs: 0,
    flush: async () => {},
    onServed: () => {},
    // What it does is its own affair: a script only says what that should be.
    load: async () => {},
    answerUnnamed: async () => {},
    listen: never,
    close: never,
    drain: never,
  };
}
