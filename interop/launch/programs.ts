import type { Peer, Role } from '../model/peer.ts';
import { openClient } from '../session/client.ts';
import { openServer } from '../session/server.ts';
import type { Built, Launcher, Limits } from './launcher.ts';
import type { Program } from './program.ts';

/** Builds and starts programs somewhere; knows nothing of what they say. */
export interface Starter extends AsyncDisposable {
  readonly kind: Launcher['kind'];
  build(peer: Peer, signal: AbortSignal): Promise<Built>;
  /** Starts the peer in that role. Rejects with a PeerError of stage `launch`. */
  start(peer: Peer, role: Role, port: number): Promise<Program>;
  /** See Launcher. */
  harnessHost(): Promise<string>;
}

/** A launcher of peers that are programs: starts them with the starter, speaks the contract with them. */
export function programLauncher(starter: Starter, limits: Limits): Launcher {
  async function open<T>(
    role: Role,
    talk: (peer: Peer, program: Program, limits: Limits, startedAt: number) => Promise<T>,
    peer: Peer,
    signal: AbortSignal,
    port = 0,
  ): Promise<T> {
    signal.throwIfAborted();
    const startedAt = performance.now();
    const program = await starter.start(peer, role, port);
    const onAbort = () => void program.kill();
    signal.addEventListener('abort', onAbort);
    try {
      if (signal.aborted) await program.kill();
      return await talk(peer, program, limits, startedAt);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    kind: starter.kind,
    isTapped: false,
    build: starter.build,
    harnessHost: starter.harnessHost,
    serve: (peer, signal, port) => open('server', openServer, peer, signal, port),
    connect: (peer, signal) => open('client', openClient, peer, signal),
    [Symbol.asyncDispose]: () => starter[Symbol.asyncDispose](),
  };
}

/** The arguments of that role, `{host}` and `{port}` filled in. */
export function argumentsOf(peer: Peer, role: Role, host: string, port: number): readonly string[] {
  const args = peer[role]?.args ?? [];
  return args.map((arg) => arg.replaceAll('{host}', host).replaceAll('{port}', String(port)));
}
