import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, CallRecord, ServedRecord } from '../model/call.ts';
import type { Peer } from '../model/peer.ts';
import {
  type ClientSession,
  type Launcher,
  type Limits,
  type Running,
  type RunningServer,
  SilentCall,
} from './launcher.ts';
import { PeerError } from './peer-error.ts';

/** What a server in this process does with a call: what it sends, and what it says it served. */
export interface MemoryServer {
  serve(call: Call): Promise<{
    readonly sent: Omit<CallRecord, 'id' | 'elapsedMs'>;
    readonly records: readonly ServedRecord[];
  }>;
}

/** What a client in this process makes of what came back. */
export interface MemoryClient {
  report(record: CallRecord, call: Call): CallRecord;
}

/** Peers of this process, by name. A peer that throws in `start` does not start. */
export interface MemoryPeers {
  server(peer: Peer): MemoryServer;
  client(peer: Peer): MemoryClient;
}

/** Runs peers as objects of this process: for the engine's own tests and its bench. */
export function memoryLauncher(peers: MemoryPeers, limits: Pick<Limits, 'callMs'>): Launcher {
  const listeners = new Map<string, (call: Call) => Promise<Omit<CallRecord, 'id' | 'elapsedMs'>>>();
  let ports = 1;

  async function serve(peer: Peer): Promise<RunningServer> {
    const server = starting(peer, 'server', () => peers.server(peer));
    const records = new Map<string, ServedRecord[]>();
    const own = new Set<string>();

    async function take(call: Call): Promise<Omit<CallRecord, 'id' | 'elapsedMs'>> {
      const { sent, records: said } = await server.serve(call);
      for (const record of said) records.set(record.callId, [...(records.get(record.callId) ?? []), record]);
      return sent;
    }
    function open(address = `memory:${ports++}`): string {
      listeners.set(address, take);
      own.add(address);
      return address;
    }
    return {
      ...running(peer, 'server', () => own.forEach((address) => void listeners.delete(address))),
      address: open(),
      flush: async () => {},
      onServed: () => {},
      listen: async (address) => open(address),
      close: async (address) => void listeners.delete(address),
      async served(callId) {
        const found = records.get(callId) ?? [];
        records.delete(callId);
        return found;
      },
    };
  }

  async function connect(peer: Peer): Promise<ClientSession> {
    const client = starting(peer, 'client', () => peers.client(peer));

    async function call(call: Call): Promise<CallRecord> {
      const startedAt = performance.now();
      const sent = await ended(call);
      if (!sent) throw new SilentCall(call, limits.callMs, true);
      return client.report({ ...sent, id: call.id, elapsedMs: performance.now() - startedAt }, call);
    }
    async function ended(call: Call) {
      const take = await listenerOf(call);
      if (!take) return unavailable;
      const answer = take(call);
      const isPlain =
        call.timeoutMs === undefined && call.cancelAfterMs === undefined && limits.callMs === Infinity;
      return isPlain ? answer : Promise.race([answer, ...bounds(call, limits.callMs)]);
    }
    async function listenerOf({ address, waitForReady }: Call) {
      for (;;) {
        const take = listeners.get(address);
        if (take || !waitForReady) return take;
        await sleep(5);
      }
    }
    return { ...running(peer, 'client', () => {}), call };
  }

  return {
    kind: 'memory',
    isTapped: false,
    build: async () => ({ cached: true }),
    serve,
    connect,
    harnessHost: async () => 'memory',
    async [Symbol.asyncDispose]() {},
  };
}

const unavailable = { code: 14, message: 'nobody listens there', headers: [], trailers: [] } as const;

/** The ends of a call that the client makes by itself. */
function bounds(call: Call, callMs: number) {
  const end = async (ms: number, code: number) => {
    await sleep(ms, undefined, { ref: false });
    return { code, message: '', headers: [], trailers: [] } as const;
  };
  return [
    ...(call.timeoutMs !== undefined && call.timeoutMs <= callMs ? [end(call.timeoutMs, 4)] : []),
    ...(call.cancelAfterMs !== undefined ? [end(call.cancelAfterMs, 1)] : []),
    ...(callMs === Infinity ? [] : [sleep(callMs, undefined, { ref: false })]),
  ];
}

function starting<T>(peer: Peer, role: 'client' | 'server', start: () => T): T {
  try {
    return start();
  } catch (error) {
    throw new PeerError({ peer: peer.name, role, stage: 'launch', what: (error as Error).message });
  }
}

function running(peer: Peer, role: 'client' | 'server', end: () => void): Running {
  const { promise: faulted, resolve } = Promise.withResolvers<PeerError>();
  let fault: PeerError | undefined;
  return {
    implementation: { language: 'none', languageVersion: '', library: 'memory', libraryVersion: '' },
    startupMs: 0,
    faulted,
    get fault() {
      return fault;
    },
    fail(what) {
      fault ??= new PeerError({ peer: peer.name, role, stage: 'call', what }, true);
      resolve(fault);
      return fault;
    },
    logSince: () => [],
    logMark: () => 0,
    async stop() {
      end();
      return undefined;
    },
    async [Symbol.asyncDispose]() {
      end();
    },
  };
}
