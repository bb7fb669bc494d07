import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Call,
  type CallRecord,
  type Metadatum,
  type Script,
  type ServedRecord,
  type ServerEnd,
  sentBy,
} from '../model/call.ts';
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

/** What a server in this process sends back. */
export type Sent = Omit<CallRecord, 'id' | 'sent' | 'elapsedMs'>;

/** What a server in this process does with a call: what it sends, and what it says it served. */
export interface MemoryServer {
  /** `scripted`: what the script sends that the call names, if it names one. */
  serve(
    call: Call,
    scripted: Sent | undefined,
  ): Promise<{ readonly sent: Sent; readonly records: readonly ServedRecord[] }>;
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
  const listeners = new Map<string, (call: Call) => Promise<Sent>>();
  let ports = 1;

  async function serve(peer: Peer): Promise<RunningServer> {
    const server = starting(peer, 'server', () => peers.server(peer));
    const records = new Map<string, ServedRecord[]>();
    const scripts = new Map<string, Script>();
    const own = new Set<string>();

    async function take(call: Call): Promise<Sent> {
      const { sent, records: said } = await server.serve(call, await scripted(call));
      for (const record of said) records.set(record.callId, [...(records.get(record.callId) ?? []), record]);
      return sent;
    }
    async function scripted(call: Call): Promise<Sent | undefined> {
      const name = scriptOf(call);
      const script = scripts.get(name);
      if (script) return played(script);
      return name === '' ? undefined : failing(12, `no script ${JSON.stringify(name)}`);
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
      load: async (script) => void scripts.set(script.name, script),
      answerUnnamed: async () => {},
      listen: async (address) => open(address),
      close: async (address) => void listeners.delete(address),
      drain: async (address) => void listeners.delete(address),
      recordMs: 0,
      async served(callId) {
        const found = records.get(callId) ?? [];
        records.delete(callId);
        return found;
      },
    };
  }

  async function connect(peer: Peer): Promise<ClientSession> {
    const client = starting(peer, 'client', () => peers.client(peer));

    async function call({ times = 1, atOnce = 1, ...call }: Call): Promise<readonly CallRecord[]> {
      if (times === 1) return [await make(call)];
      const records: CallRecord[] = [];
      const left = Array.from({ length: times }, (_, index) => index).values();
      async function work(): Promise<void> {
        for (const index of left) records[index] = await make({ ...call, id: `${call.id}.${index}` }, call);
      }
      await Promise.all(Array.from({ length: atOnce }, work));
      return records;
    }
    async function make(call: Call, line = call): Promise<CallRecord> {
      const startedAt = performance.now();
      const sent = await ended(call);
      if (!sent) throw new SilentCall(line, limits.callMs, true);
      const record = {
        ...sent,
        id: call.id,
        sent: requestsOf(call),
        elapsedMs: performance.now() - startedAt,
      };
      return client.report(record, call);
    }
    async function ended(call: Call): Promise<Sent | undefined> {
      const take = await listenerOf(call);
      if (!take) return failing(14, 'nobody listens there');
      const answer = take(call);
      const isPlain =
        call.timeoutMs === undefined && cancelAfterMs(call) === undefined && limits.callMs === Infinity;
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

/** The script that the call names; empty: none. */
export function scriptOf({ metadata }: Call): string {
  const entry = metadata.find(({ key }) => key === 'stitch-script');
  return entry && 'text' in entry ? entry.text : '';
}

/** What the script sends, in its time; who asks waits for no more than that. */
async function played({ steps }: Script): Promise<Sent> {
  const headers: Metadatum[] = [];
  let end: ServerEnd = { code: 0, message: '', trailers: [] };
  for (const step of steps) {
    if ('headers' in step) headers.push(...step.headers);
    else if ('waitMs' in step) await sleep(step.waitMs, undefined, { ref: false });
    else if ('end' in step) end = step.end;
  }
  const { code, message, trailers } = end;
  return { code, message, responses: sentBy(steps), headers, trailers };
}

function failing(code: number, message: string): Sent {
  return { code, message, responses: [], headers: [], trailers: [] };
}

function requestsOf({ steps }: Call): number {
  return steps.reduce((sum, step) => sum + ('send' in step ? (step.times ?? 1) : 0), 0);
}

/** So long it waits before it cancels; undefined: it does not. */
function cancelAfterMs({ steps }: Call): number | undefined {
  if (!steps.some((step) => 'cancel' in step)) return undefined;
  return steps.reduce((sum, step) => sum + ('waitMs' in step ? step.waitMs : 0), 0);
}

/** The ends of a call that the client makes by itself. */
function bounds(call: Call, callMs: number): readonly Promise<Sent | undefined>[] {
  const { timeoutMs } = call;
  const cancelMs = cancelAfterMs(call);
  const end = (ms: number, code: number) => sleep(ms, failing(code, ''), { ref: false });
  return [
    ...(timeoutMs !== undefined && timeoutMs <= callMs ? [end(timeoutMs, 4)] : []),
    ...(cancelMs === undefined ? [] : [end(cancelMs, 1)]),
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
