import { silenceOf } from '../judge/silence.ts';
import type { ClientSession, RunningServer, SilentCall } from '../launch/launcher.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { FrameAt } from '../model/outcome.ts';
import type { PlannedCall } from '../model/scenario.ts';

/** What a call that never ended leaves behind. */
export interface Blamed {
  readonly evidence: CallEvidence;
  readonly proof?: FrameAt;
}

/**
 * A call that never ended: faults the side that is silent. Rejects with the
 * server's fault when it does not even flush.
 */
export async function blame(
  silent: SilentCall,
  planned: PlannedCall,
  index: number,
  client: ClientSession,
  server: RunningServer,
  sinceMs: number,
): Promise<Blamed> {
  const { call, waitedMs, isClientAlive } = silent;
  const fault = server.fault ?? client.fault;
  if (!fault) await server.flush();
  const isAsked = !fault && !server.isUnknowing;
  const records = isAsked ? await server.served(client.namesNoCalls ? '' : call.id, 0) : [];
  const [wire] =
    (client.namesNoCalls
      ? server.wire?.takeUnnamed(call.address, [call], sinceMs)
      : server.wire?.take([call], sinceMs)) ?? [];
  const evidence: CallEvidence = {
    index,
    call,
    expect: planned.expect,
    path: [
      { at: 'client', ...(client.isUnknowing && { isUnknowing: true }) },
      ...(wire ? [{ at: 'wire', crossed: wire } as const] : []),
      { at: 'server', records, ...(server.isUnknowing && { isUnknowing: true }) },
    ],
  };
  if (fault) return { evidence };
  const text = `call ${call.id} within ${waitedMs} ms`;
  const isRecorded = records.length > 0;
  const { side, what, at } = silenceOf({ planned, text, waitedMs, isClientAlive, isRecorded, wire });
  (side === 'client' ? client : server).fail(what);
  return { evidence, ...(at && { proof: { call: index, ...at } }) };
}
