import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientSession, RunningServer } from '../launch/launcher.ts';
import type { Call, CallRecord, Metadatum } from '../model/call.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { PlannedCall, Scenario, Step } from '../model/scenario.ts';

/** So long is the end of a call waited for on the wire, once both sides have said all. */
const wireMs = 500;

/** One line of calls that was given to the client. */
interface Made {
  readonly planned: PlannedCall;
  /** Index of its first call within the scenario. */
  readonly first: number;
  readonly call: Call;
  readonly records: Promise<readonly CallRecord[]>;
}

/** The calls of a scenario, each of a row by itself, in the order in which `play` gives their evidence. */
export function plannedCalls(scenario: Scenario): readonly PlannedCall[] {
  return scenario.steps.flatMap((step) => (step.do === 'calls' ? step.calls.flatMap(eachOf) : []));
}

function eachOf(planned: PlannedCall): readonly PlannedCall[] {
  return Array.from({ length: planned.spec.times ?? 1 }, () => planned);
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
  const isOwnListener = scenario.connection === 'own-listener';
  await loadScripts(scenario, server);
  const address = isOwnListener ? await server.listen() : server.address;
  const channel = scenario.connection === 'shared' ? 'shared' : cellKey;
  const made: Made[] = [];
  let count = 0;
  let isListening = true;

  function make(planned: PlannedCall): Promise<readonly CallRecord[]> {
    const first = count;
    count += planned.spec.times ?? 1;
    const metadata = [...planned.spec.metadata, ...namedScript(planned)];
    const id = `${cellKey}.${first}`;
    const call: Call = {
      ...planned.spec,
      metadata,
      id,
      address,
      channel,
      carriedBytes: carriedBytes(planned),
    };
    const records = client.call(call);
    // The rejection is seen where the records are awaited; a second call's must not go unhandled meanwhile.
    records.catch(() => {});
    made.push({ planned, first, call, records });
    return records;
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
      case 'drain':
        isListening = false;
        return server.drain(address);
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
  for (const { records } of made) await records;
  // A first record says nothing of a second one behind it, and what a client says of a
  // server that is gone is no difference of opinion: this tells both.
  if (!server.isUnknowing) await server.flush();
  const evidence = await evidenceOf(made, client, server, sinceMs);
  if (isOwnListener && isListening) await server.close(address);
  return evidence;
}

/** Before any call: one that comes too early finds no script. */
async function loadScripts(scenario: Scenario, server: RunningServer): Promise<void> {
  const scripts = plannedCalls(scenario).flatMap(({ script }) => script ?? []);
  for (const script of new Set(scripts)) await server.load(script);
}

function namedScript({ script }: PlannedCall): readonly Metadatum[] {
  return script ? [{ key: 'stitch-script', text: script.name }] : [];
}

/** What both sides are to send. */
function carriedBytes({ spec, script }: PlannedCall): number {
  return [...spec.steps, ...(script?.steps ?? [])].reduce(
    (sum, step) => sum + ('send' in step ? step.send.bytes.length * (step.times ?? 1) : 0),
    0,
  );
}

/** What all witnesses say of each call. */
async function evidenceOf(
  made: readonly Made[],
  client: ClientSession,
  server: RunningServer,
  sinceMs: number,
): Promise<readonly CallEvidence[]> {
  const single = (await Promise.all(made.map(singleCalls))).flat();
  // Calls without an id are told apart by their order, and what is too much was the last one's.
  const nameless = client.namesNoCalls && !server.isUnknowing ? await server.served('', 0) : [];
  const calls = single.map(({ call }) => call);
  await server.wire?.settle(calls, wireMs);
  const crossed = server.wire?.take(calls, sinceMs);
  // Records that do not come are waited for together: a hundred of them take no longer than one.
  const untilMs = performance.now() + server.recordMs;
  const evidence: CallEvidence[] = [];
  for (const [index, { planned, call, record }] of single.entries()) {
    const isAsked = !client.namesNoCalls && !server.isUnknowing;
    const records = isAsked
      ? await server.served(call.id, planned.expect.served === 'cancelled' ? untilMs - performance.now() : 0)
      : nameless.slice(index, index === single.length - 1 ? undefined : index + 1);
    const wire = crossed?.[index];
    evidence.push({
      index,
      call,
      expect: planned.expect,
      path: [
        { at: 'client', ...(record && { record }), ...(client.isUnknowing && { isUnknowing: true }) },
        ...(wire ? [{ at: 'wire', crossed: wire } as const] : []),
        { at: 'server', records, ...(server.isUnknowing && { isUnknowing: true }) },
      ],
    });
  }
  return evidence;
}

interface Single {
  readonly planned: PlannedCall;
  readonly call: Call;
  readonly record: CallRecord | undefined;
}

/** The calls of a row, each as one that was made by itself. */
async function singleCalls({ planned, call, records }: Made): Promise<readonly Single[]> {
  const { times = 1, atOnce: _, ...one } = call;
  const all = await records;
  if (times === 1) return [{ planned, call, record: all[0] }];
  return Array.from({ length: times }, (_, index) => ({
    planned,
    call: { ...one, id: `${call.id}.${index}` },
    record: all[index],
  }));
}
