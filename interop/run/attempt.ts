import { judge } from '../judge.ts';
import { type ClientSession, type RunningServer, SilentCall } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Cell } from '../model/cell.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Scenario } from '../model/scenario.ts';
import { blame } from './blame.ts';
import { plannedCalls, play } from './play.ts';
import type { Slot } from './slot.ts';

/** One try at a cell. */
export interface Attempt {
  readonly cell: Cell;
  readonly outcome: Outcome;
  readonly evidence: readonly CallEvidence[];
  readonly logs: { readonly client: string; readonly server: string };
  readonly durationMs: number;
  /** The session or server that broke in it. The same object in every cell that it hit. */
  readonly fault?: PeerError;
}

/** Where a cell is played. */
export interface Stand {
  readonly client: Slot<ClientSession>;
  readonly server: Slot<RunningServer>;
}

/** Plays and judges one cell once. Rejects only with the signal's reason. */
export async function attempt(
  cell: Cell,
  scenario: Scenario,
  stand: Stand,
  key: string,
  signal: AbortSignal,
): Promise<Attempt> {
  const startedAt = performance.now();
  let evidence: readonly CallEvidence[] = [];
  let outcome: Outcome;
  let fault: PeerError | undefined;
  let logs = () => ({ client: '', server: '' });
  try {
    const [client, server] = await bothOf(stand);
    const [clientMark, serverMark] = [client.logMark(), server.logMark()];
    logs = () => ({ client: client.logSince(clientMark), server: server.logSince(serverMark) });
    try {
      evidence = await play(scenario, client, server, key, signal);
      outcome = judge(plannedCalls(scenario), evidence);
      // What a client says of a server that is gone is no difference of opinion: ask before believing it.
      if (outcome.kind === 'failed') await server.served(key, false);
    } catch (error) {
      try {
        if (!(error instanceof SilentCall)) throw error;
        await blame(error, client, server);
      } finally {
        // It may have calls in flight that never end.
        stand.client.discard();
      }
    }
    fault = server.fault ?? client.fault;
    if (fault) throw fault;
    outcome ??= { kind: 'passed' };
    stand.client.praise();
    stand.server.praise();
  } catch (error) {
    signal.throwIfAborted();
    outcome = brokenBy(error);
    if (error instanceof PeerError) {
      stand.client.reported(error);
      stand.server.reported(error);
      if (error.failure.stage === 'call') fault = error;
    }
  }
  return {
    cell,
    outcome,
    evidence,
    logs: logs(),
    durationMs: performance.now() - startedAt,
    ...(fault && { fault }),
  };
}

/** Both ends, started side by side; when both fail, the server's failure counts. */
async function bothOf({ client, server }: Stand): Promise<readonly [ClientSession, RunningServer]> {
  const [gotClient, gotServer] = await Promise.allSettled([client.use(), server.use()]);
  if (gotServer.status === 'rejected') throw gotServer.reason;
  if (gotClient.status === 'rejected') throw gotClient.reason;
  return [gotClient.value, gotServer.value];
}

function brokenBy(error: unknown): Outcome {
  if (!(error instanceof PeerError)) {
    return {
      kind: 'broken',
      by: 'harness',
      stage: 'call',
      reason: error instanceof Error ? error.message : String(error),
    };
  }
  const { role, stage } = error.failure;
  return { kind: 'broken', by: role ?? 'harness', stage, reason: error.message };
}
