import type { Limits, RunningServer } from '../launch/launcher.ts';
import type { Program } from '../launch/program.ts';
import type { Types } from '../messages/types.ts';
import { hostAndPort } from '../model/address.ts';
import type { Script, ServedRecord } from '../model/call.ts';
import type { Peer } from '../model/peer.ts';
import type { Identities, ServerTls } from '../model/tls.ts';
import { encodeScript } from './codec.ts';
import { openPeer } from './peer.ts';

/** Where a server is to listen. */
export interface ListenAt {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
}

/**
 * Speaks with a started server program. Resolves when it listens; rejects with a
 * PeerError, the program ended, when it does not get that far.
 */
export async function openServer(
  peer: Peer,
  program: Program,
  limits: Limits,
  types: Types,
  identities: Identities,
  at: ListenAt,
  startedAt: number,
): Promise<RunningServer> {
  const records = new Map<string, ServedRecord[]>();
  const watchers = new Map<string, () => void>();
  const listeners: ((record: ServedRecord) => void)[] = [];
  const scripts = new Map<string, Promise<unknown>>();
  /** Scripts that answer the calls which name none, by the path that they are named like. */
  let unnamed = new Map<string, Script>();

  const session = await openPeer(peer, 'server', program, limits, types, {
    served(record) {
      for (const listener of listeners) listener(record);
      // Whoever listens takes them: a server that runs for days must not keep them all.
      if (listeners.length > 0) return;
      const list = records.get(record.callId);
      if (list) list.push(record);
      else records.set(record.callId, [record]);
      watchers.get(record.callId)?.();
    },
  });
  async function listen(port: number, tls?: ServerTls): Promise<string> {
    const pem = tls && (await identities.server(tls));
    const answer = await session.instruct({ listen: { host: at.host, port, tls: pem } });
    if (answer.port < 1 || answer.port > 65535)
      throw session.fail(`answered "listen" with the port ${answer.port}`);
    return program.addressOf(answer.port);
  }

  async function recordOf(callId: string, waitMs: number): Promise<void> {
    if (records.has(callId)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    watchers.set(callId, resolve);
    await session.wait(promise, waitMs);
    watchers.delete(callId);
  }

  const address = await session.orStop(listen(at.port));
  return Object.assign(session.running(session.implementation, startedAt), {
    address,
    async flush() {
      await session.instruct({ flush: {} });
    },
    onServed: (listener: (record: ServedRecord) => void) => void listeners.push(listener),
    recordMs: limits.recordMs,
    async served(callId: string, waitMs: number) {
      if (waitMs > 0) await recordOf(callId, waitMs);
      const found = records.get(callId) ?? [];
      records.delete(callId);
      return found;
    },
    async load(script: Script) {
      const loading = scripts.get(script.name) ?? session.instruct({ script: encodeScript(script) });
      scripts.set(script.name, loading);
      await loading;
    },
    async answerUnnamed(list: readonly Script[]) {
      const wanted = new Map(list.map((script) => [script.name, script]));
      const gone = [...unnamed.keys()].filter((name) => !wanted.has(name));
      const news = list.filter((script) => unnamed.get(script.name) !== script);
      unnamed = wanted;
      // "Without any [steps]: the script is forgotten."
      for (const script of [...gone.map((name) => ({ name, steps: [] })), ...news])
        await session.instruct({ script: encodeScript(script) });
    },
    listen: (address?: string, tls?: ServerTls) => listen(address ? hostAndPort(address).port : 0, tls),
    async close(address: string) {
      await session.instruct({ close: { port: hostAndPort(address).port } });
    },
    async drain(address: string) {
      await session.instruct({ drain: { port: hostAndPort(address).port } });
    },
  });
}
