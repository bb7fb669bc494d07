import type { Types } from '../messages/types.ts';
import type { Peer, Role } from '../model/peer.ts';
import { openClient } from '../session/client.ts';
import { openForeignServer } from '../session/foreign-server.ts';
import { openOnceClient } from '../session/once-client.ts';
import { openPlainServer } from '../session/plain-server.ts';
import { openServer } from '../session/server.ts';
import type { Built, ClientSession, Launcher, Limits, RunningServer } from './launcher.ts';
import type { Program } from './program.ts';

/** Builds and starts programs somewhere; knows nothing of what they say. */
export interface Starter extends AsyncDisposable {
  readonly kind: Launcher['kind'];
  build(peer: Peer, signal: AbortSignal): Promise<Built>;
  /** Where a server listens that clients are to reach: what `{host}` stands for. */
  readonly listenHost: string;
  /** Starts the peer in that role with these arguments. Rejects with a PeerError of stage `launch`. */
  start(peer: Peer, role: Role, args: readonly string[]): Promise<Program>;
  /** A port for a server that does not tell which one it took. */
  freePort(): Promise<number>;
  /** See Launcher. */
  harnessHost(): Promise<string>;
}

/** A launcher of peers that are programs: starts them with the starter, speaks the contract with those that know it. */
export function programLauncher(starter: Starter, limits: Limits, types: Types): Launcher {
  /** Starts it and talks with it; the signal ends it at once. */
  async function open<T>(
    peer: Peer,
    role: Role,
    args: readonly string[],
    signal: AbortSignal,
    talk: (program: Program, startedAt: number) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const startedAt = performance.now();
    const program = await starter.start(peer, role, args);
    const onAbort = () => void program.kill();
    signal.addEventListener('abort', onAbort);
    try {
      if (signal.aborted) await program.kill();
      return await talk(program, startedAt);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async function serve(peer: Peer, signal: AbortSignal, port = 0): Promise<RunningServer> {
    if (peer.address) return openForeignServer(peer, peer.address, limits, signal);
    const host = starter.listenHost;
    if (peer.server?.ready !== 'port')
      return open(peer, 'server', peer.args ?? [], signal, (program, startedAt) =>
        openServer(peer, program, limits, types, { host, port }, startedAt),
      );
    const bound = port === 0 ? await starter.freePort() : port;
    const args = argumentsOf(peer, 'server', { host, port: String(bound) });
    return open(peer, 'server', args, signal, (program, startedAt) =>
      openPlainServer(peer, program, bound, limits, startedAt, signal),
    );
  }

  async function connect(peer: Peer, signal: AbortSignal): Promise<ClientSession> {
    const { output } = peer.client ?? {};
    if (output) {
      return openOnceClient(peer, output, limits, types, async (values) => ({
        program: await starter.start(peer, 'client', argumentsOf(peer, 'client', values)),
        input: filled(peer.client?.input ?? '', values),
      }));
    }
    return open(peer, 'client', peer.args ?? [], signal, (program, startedAt) =>
      openClient(peer, program, limits, types, startedAt),
    );
  }

  return {
    kind: starter.kind,
    isTapped: false,
    build: async (peer, signal) => (peer.address ? { cached: true } : starter.build(peer, signal)),
    harnessHost: starter.harnessHost,
    serve,
    connect,
    [Symbol.asyncDispose]: () => starter[Symbol.asyncDispose](),
  };
}

/** What stands for `{host}`, `{port}`, … in arguments, by the name between the braces. */
export type Values = Readonly<Record<string, string>>;

/** The arguments of that role of a program that knows nothing of the harness, what is known filled in. */
export function argumentsOf(peer: Peer, role: Role, values: Values): readonly string[] {
  return (peer[role]?.args ?? []).map((arg) => filled(arg, values));
}

/** Once over the text: a value that looks like a placeholder is a value. */
function filled(text: string, values: Values): string {
  return text.replace(/\{([a-z0-9_:-]+)\}/gi, (found, name: string) => values[name] ?? found);
}
