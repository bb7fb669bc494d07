import { judge } from '../judge/judge.ts';
import { type ClientSession, type RunningServer, SilentCall } from '../launch/launcher.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { Cell } from '../model/cell.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { Logs } from '../model/log.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { type Blamed, blame } from './blame.ts';
import { CellBound, inCell, orAborted } from './bound.ts';
import { onCellClock } from './clock.ts';
import { encryptedFor } from './encrypted.ts';
import { plannedCalls, play } from './play.ts';
import type { Slot } from './slot.ts';

/** One try at a cell. */
export interface Attempt {
  readonly cell: Cell;
  readonly outcome: Outcome;
  /** Its times, like those of the logs, are since the attempt began. */
  readonly evidence: readonly CallEvidence[];
  readonly logs: Logs;
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
  planned: Scenario,
  stand: Stand,
  key: string,
  signal: AbortSignal,
): Promise<Attempt> {
  const startedAt = performance.now();
  let evidence: readonly CallEvidence[] = [];
  let outcome: Outcome;
  let fault: PeerError | undefined;
  let logs = (): Logs => ({ client: [], server: [] });
  try {
    const [client, server] = await orAborted(bothOf(stand), signal);
    const [clientMark, serverMark] = [client.logMark(), server.logMark()];
    logs = () => ({
      client: client.logSince(clientMark, startedAt),
      server: server.logSince(serverMark, startedAt),
    });
    const scenario = encryptedFor(planned, server);
    evidence = await playThrough(scenario, client, server, stand, key, signal);
    outcome = judge(plannedCalls(scenario), evidence);
    // That it has died is no difference of opinion, and another one takes its place.
    if (outcome.kind === 'failed' && server.isUnknowing) await orAborted(server.flush(), signal);
    const late = server.fault ?? client.fault;
    if (late) throw late;
    stand.client.praise();
    stand.server.praise();
  } catch (error) {
    signal.throwIfAborted();
    outcome = brokenBy(error);
    if (error instanceof Silenced) evidence = [error.blamed.evidence];
    const told = error instanceof NotStarted || error instanceof Silenced ? error.cause : error;
    if (told instanceof PeerError) {
      stand.client.reported(told);
      stand.server.reported(told);
      // What was not there could not break.
      if (told.failure.stage === 'call' && !(error instanceof NotStarted)) fault = told;
    }
  }
  return {
    cell,
    outcome,
    evidence: evidence.map((call) => onCellClock(call, startedAt)),
    logs: logs(),
    durationMs: performance.now() - startedAt,
    ...(fault && { fault }),
  };
}

/** Plays the scenario. Whatever cuts it short, the client is not used again: it may have calls in flight that never end. */
async function playThrough(
  scenario: Scenario,
  client: ClientSession,
  server: RunningServer,
  stand: Stand,
  key: string,
  signal: AbortSignal,
): Promise<readonly CallEvidence[]> {
  const sinceMs = performance.now();
  try {
    return await inCell(play(scenario, client, server, key, signal), signal);
  } catch (error) {
    stand.client.discard();
    // Whose calls go on and on, nobody knows.
    if (error instanceof CellBound) stand.server.discard();
    if (!(error instanceof SilentCall)) throw error;
    const index = indexOf(error);
    const planned = plannedCalls(scenario)[index];
    if (!planned) throw error;
    const blamed = await orAborted(blame(error, planned, index, client, server, sinceMs), signal);
    throw new Silenced(server.fault ?? client.fault, blamed);
  }
}

/** Within the scenario. A call's id is its cell's, the index of the first of its row, and its place in that. */
function indexOf({ call, inRow }: SilentCall): number {
  const [, first = ''] = call.id.split('.');
  return Number(first) + inRow;
}

/** Both ends, started side by side; when both fail, the server's failure counts. */
async function bothOf({ client, server }: Stand): Promise<readonly [ClientSession, RunningServer]> {
  const [gotClient, gotServer] = await Promise.allSettled([client.use(), server.use()]);
  if (gotServer.status === 'rejected') throw new NotStarted('server', gotServer.reason);
  if (gotClient.status === 'rejected') throw new NotStarted('client', gotClient.reason);
  return [gotClient.value, gotServer.value];
}

/** One end is not there: whose it is, also when the fault names no role, as that of a build does. */
class NotStarted extends Error {
  readonly role: Role;

  constructor(role: Role, cause: unknown) {
    super('not started', { cause });
    this.role = role;
  }
}

/** A call never ended: whose fault that is, and what shows it. */
class Silenced extends Error {
  readonly blamed: Blamed;

  constructor(fault: PeerError | undefined, blamed: Blamed) {
    super('silenced', { cause: fault });
    this.blamed = blamed;
  }
}

type Broken = Extract<Outcome, { kind: 'broken' }>;

function brokenBy(error: unknown, role?: Role): Broken {
  if (error instanceof NotStarted) return brokenBy(error.cause, error.role);
  if (error instanceof Silenced) {
    const { proof } = error.blamed;
    return { ...brokenBy(error.cause), ...(proof && { proof }) };
  }
  if (!(error instanceof PeerError)) {
    return {
      kind: 'broken',
      by: 'harness',
      stage: 'call',
      reason: error instanceof Error ? error.message : String(error),
    };
  }
  const { stage } = error.failure;
  return { kind: 'broken', by: error.failure.role ?? role ?? 'harness', stage, reason: error.message };
}
