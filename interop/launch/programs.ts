import type { Types } from '../messages/types.ts';
import type { Peer, Role } from '../model/peer.ts';
import { argumentsOf, filled, piecesOf, placeholdersOf, type Values } from '../peers/stranger.ts';
import { makeIdentities } from '../pki/identities.ts';
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
  /** Starts the peer in that role with these arguments, and these variables beside what every program has. Rejects with a PeerError of stage `launch`. */
  start(
    peer: Peer,
    role: Role,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Program>;
  /** Puts a file where programs that are started from now on find it; resolves to its path there. The same content, the same file. */
  provide(content: Buffer, extension: string): Promise<string>;
  /** A new, empty file for keys of the peer: where a program of it that is started from now on finds it, and where it is here. */
  keyLog(peer: Peer): Promise<KeyLogFile>;
  /** A port for a server that does not tell which one it took. */
  freePort(): Promise<number>;
  /** See Launcher. */
  harnessHost(): Promise<string>;
}

export interface KeyLogFile {
  readonly there: string;
  readonly here: string;
}

/**
 * A launcher of peers that are programs: starts them with the starter, speaks the contract with those that know it.
 * `encrypts`: some connection will be encrypted, and peers are to tell its keys.
 */
export function programLauncher(starter: Starter, limits: Limits, types: Types, encrypts = true): Launcher {
  const identities = makeIdentities();
  /** Starts it and talks with it; the signal ends it at once. */
  async function open<T>(
    peer: Peer,
    role: Role,
    args: readonly string[],
    signal: AbortSignal,
    talk: (program: Program, startedAt: number) => Promise<T>,
    env?: Readonly<Record<string, string>>,
  ): Promise<T> {
    signal.throwIfAborted();
    const startedAt = performance.now();
    const program = await starter.start(peer, role, args, env);
    const onAbort = () => void program.kill();
    signal.addEventListener('abort', onAbort);
    try {
      if (signal.aborted) await program.kill();
      return await talk(program, startedAt);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The same for a program that knows the contract: it is told where to tell its keys. */
  async function openTelling<T extends object>(
    peer: Peer,
    role: Role,
    signal: AbortSignal,
    talk: (program: Program, startedAt: number) => Promise<T>,
  ): Promise<T & TellsKeys['told']> {
    const keys = encrypts ? await keysOf(starter, peer) : noKeys;
    return Object.assign(await open(peer, role, peer.args ?? [], signal, talk, keys.env), keys.told);
  }

  async function serve(peer: Peer, signal: AbortSignal, port = 0): Promise<RunningServer> {
    if (peer.address) return openForeignServer(peer, peer.address, limits, signal);
    const host = starter.listenHost;
    if (peer.server?.ready !== 'port')
      return openTelling(peer, 'server', signal, (program, startedAt) =>
        openServer(peer, program, limits, types, identities, { host, port }, startedAt),
      );
    const bound = peer.server.port ?? (port === 0 ? await starter.freePort() : port);
    const values = { host, port: String(bound), ...(await descriptorsFor(peer, 'server')) };
    return open(
      peer,
      'server',
      argumentsOf(peer.server.args, values),
      signal,
      (program, startedAt) => openPlainServer(peer, program, bound, limits, startedAt, signal),
      environmentOf(peer, 'server', values),
    );
  }

  async function connect(peer: Peer, signal: AbortSignal): Promise<ClientSession> {
    const { output } = peer.client ?? {};
    if (output) {
      const given = await descriptorsFor(peer, 'client');
      return openOnceClient(peer, output, limits, types, async (values) => {
        const all = { ...values, ...given };
        const args = argumentsOf(peer.client?.args, all);
        return {
          program: await starter.start(peer, 'client', args, environmentOf(peer, 'client', all)),
          input: piecesOf(peer.client?.input ?? '', all),
        };
      });
    }
    return openTelling(peer, 'client', signal, (program, startedAt) =>
      openClient(peer, program, limits, types, identities, startedAt),
    );
  }

  /** What is played, as a file, where the program asks for it. */
  async function descriptorsFor(peer: Peer, role: Role): Promise<Values> {
    if (!placeholdersOf(peer[role]).has('descriptors')) return {};
    return { descriptors: await starter.provide(Buffer.from(types.files, 'base64'), 'binpb') };
  }

  return {
    kind: starter.kind,
    identities,
    isTapped: false,
    build: async (peer, signal) => (peer.address ? { cached: true } : starter.build(peer, signal)),
    harnessHost: starter.harnessHost,
    serve,
    connect,
    [Symbol.asyncDispose]: () => starter[Symbol.asyncDispose](),
  };
}

interface TellsKeys {
  readonly env: Readonly<Record<string, string>>;
  readonly told: { readonly keyLog?: string };
}

const noKeys: TellsKeys = { env: {}, told: {} };

/** Where it is to tell its keys, if it can: the variables that say so, and the file here. */
export async function keysOf(starter: Starter, peer: Peer): Promise<TellsKeys> {
  const { keyLog } = peer;
  if (!keyLog) return noKeys;
  const { there, here } = await starter.keyLog(peer);
  const entries = Object.entries(keyLog).map(([name, text]) => [name, text.replaceAll('{file}', there)]);
  return { env: Object.fromEntries(entries), told: { keyLog: here } };
}

function environmentOf(peer: Peer, role: Role, values: Values): Readonly<Record<string, string>> {
  const entries = Object.entries(peer[role]?.env ?? {});
  return Object.fromEntries(entries.map(([name, text]) => [name, filled(text, values)]));
}
