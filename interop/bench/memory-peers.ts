import type { MemoryPeers } from '../launch/memory.ts';
import type { Call, CallRecord, ServedRecord } from '../model/call.ts';
import { clientFeatures, type Peer, serverFeatures } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { scenarios } from '../scenarios/all.ts';
import { table } from '../scenarios/table.ts';

/** So many peers of this process, each client and server, claiming everything. */
export function memoryPeers(count: number): readonly Peer[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `peer-${index}`,
    title: `peer ${index} of this process`,
    folder: '',
    server: { args: [], features: [...serverFeatures] },
    client: { args: [], features: [...clientFeatures] },
  }));
}

/** Scenarios that peers of this process can play: nothing waits, and nothing is compressed. */
export function plainScenarios(): readonly Scenario[] {
  return scenarios.filter(({ name, waits }) => !waits && !/^(load|size|method|unknown\/64)/.test(name));
}

/** Servers that know the table and obey what scenarios of statuses and metadata ask for; clients that report what came. */
export const honest: MemoryPeers = {
  server: () => ({ serve: async (call) => answer(call) }),
  client: () => ({ report: (record) => record }),
};

function answer(call: Call): {
  sent: Omit<CallRecord, 'id' | 'elapsedMs'>;
  records: readonly ServedRecord[];
} {
  const text = (key: string) =>
    call.metadata.flatMap((entry) => (entry.key === key && 'text' in entry ? [entry.text] : []))[0];
  const sendBack = (prefix: string) =>
    call.metadata
      .filter((entry) => entry.key.startsWith(prefix))
      .map((entry) => ({ ...entry, key: entry.key.slice(prefix.length) }));
  const told = text('stitch-status-code');
  const row = told === undefined ? table.find((each) => each.name === call.name) : undefined;
  const message = told === undefined ? 'expirement not found' : toldMessage(call);
  const status = row ? { code: 0, message: '', reply: row } : { code: Number(told ?? 5), message };
  const sent = { ...status, headers: sendBack('stitch-header-'), trailers: sendBack('stitch-trailer-') };
  const { method, name, metadata, timeoutMs } = call;
  const record: ServedRecord = {
    ...status,
    callId: call.id,
    method,
    name,
    metadata,
    cancelled: false,
    ...(timeoutMs !== undefined && { timeRemainingMs: timeoutMs }),
  };
  return { sent, records: [record] };
}

function toldMessage(call: Call): string {
  const entry = call.metadata.find((each) => each.key === 'stitch-status-message-bin');
  return entry && 'binary' in entry ? Buffer.from(entry.binary, 'base64').toString() : '';
}
