import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientSession, RunningServer } from '../launch/launcher.ts';
import type { Call, CallRecord } from '../model/call.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { Role } from '../model/peer.ts';
import type { PlannedCall, Scenario, Step } from '../model/scenario.ts';

/** One call that was made, before the server was asked for its record. */
interface Made {
  readonly planned: PlannedCall;
  readonly call: Call;
  readonly record: Promise<CallRecord>;
}

const roles: readonly Role[] = ['client', 'server'];

/** The calls of a scenario, in the order in which `play` gives their evidence. */
export function plannedCalls(scenario: Scenario): readonly PlannedCall[] {
  return scenario.steps.flatMap((step) => (step.do === 'calls' ? step.calls : []));
}

/**
 * Does what the scenario says with one client and one server, and returns what
 * both say of each call. `cellKey` names the cell's calls and channels apart from
 * all others of the run. Rejects with the PeerError of the side that broke.
 */
export async function play(
  scenario: Scenario,
  client: ClientSession,
  server: RunningServer,
  cellKey: string,
  signal: AbortSignal,
): Promise<readonly CallEvidence[]> {
  const sinceMs = performance.now();
  const { wire } = server;
  const isOwnListener = scenario.connection === 'own-listener';
  const address = isOwnListener ? await server.listen() : server.address;
  const channel = scenario.connection === 'shared' ? 'shared' : cellKey;
  const made: Made[] = [];
  let isListening = true;

  function make(planned: PlannedCall): Promise<CallRecord> {
    const id = `${cellKey}.${made.length}`;
    const callId = client.namesNoCalls ? [] : [{ key: 'stitch-call-id', text: id }];
    const metadata = [...planned.spec.metadata, ...callId];
    const call: Call = { ...planned.spec, metadata, id, address, channel };
    const record = client.call(call);
    // The rejection is seen where the record is awaited; a second call's must not go unhandled meanwhile.
    record.catch(() => {});
    made.push({ planned, call, record });
    return record;
  }

  async function take(step: Step): Promise<void> {
    switch (step.do) {
      case 'calls':
        if (step.pace === 'in-turn') for (const planned of step.calls) await make(planned);
        else if (step.pace === 'together') await Promise.all(step.calls.map(make));
        else for (const planned of step.calls) void make(planned);
        return;
      case 'close':
        isListening = false;
        return server.close(address);
      case 'listen':
        await server.listen(address);
        isListening = true;
        return;
      case 'pause':
        return sleep(step.ms, undefined, { signal });
      default:
        step satisfies never;
    }
  }

  for (const step of scenario.steps) {
    signal.throwIfAborted();
    await take(step);
  }
  for (const { record } of made) await record;
  // A first record says nothing of a second one behind it, and what a client says of a
  // server that is gone is no difference of opinion: this tells both.
  if (!server.isUnknowing) await server.flush();
  // Calls without an id are told apart by their order, and what is too much was the last one's.
  const nameless = client.namesNoCalls && !server.isUnknowing ? await server.served('', false) : [];
  const evidence: CallEvidence[] = [];
  for (const [index, { planned, call, record }] of made.entries()) {
    const got = await record;
    const isLast = index === made.length - 1;
    const isAsked = !client.namesNoCalls && !server.isUnknowing;
    const served = isAsked
      ? await server.served(call.id, planned.expect.served === 'cancelled')
      : nameless.slice(index, isLast ? undefined : index + 1);
    evidence.push({ index, call, expect: planned.expect, client: got, server: served });
  }
  const calls = made.map(({ call }) => call);
  const crossed = wire?.take(calls, sinceMs) ?? [];
  if (isOwnListener && isListening) await server.close(address);
  const unknowing = roles.filter((role) => (role === 'client' ? client : server).isUnknowing);
  return evidence.map((each, index) => {
    const wire = crossed[index];
    return { ...each, ...(wire && { wire }), ...(unknowing.length > 0 && { unknowing }) };
  });
}
