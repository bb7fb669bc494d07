import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientSession, RunningServer } from '../launch/launcher.ts';
import type { Call, CallRecord, Metadatum, ServedRecord } from '../model/call.ts';
import type { CallEvidence } from '../model/evidence.ts';
import type { PlannedCall, Scenario, Step } from '../model/scenario.ts';
import { addressFor } from './listener.ts';

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
  await loadScripts(scenario, client, server);
  const common = (await server.reachedBy?.(client)) ?? server.address;
  if (client.namesNoCalls) await forgetUnnamed(server, common);
  const address = await addressFor(scenario, client, server, common);
  const channel = scenario.connection === 'shared' ? 'shared' : cellKey;
  const made: Made[] = [];
  let count = 0;
  let isListening = true;

  function callOf(planned: PlannedCall, index: number): Call {
    const named = client.namesNoScripts ? [] : namedScript(planned);
    return {
      ...planned.spec,
      metadata: [...planned.spec.metadata, ...named],
      id: `${cellKey}.${index}`,
      address,
      channel,
      carriedBytes: carriedBytes(planned),
    };
  }

  function make(planned: PlannedCall): Promise<readonly CallRecord[]> {
    const first = count;
    count += planned.spec.times ?? 1;
    const call = callOf(planned, first);
    const records = client.call(call, scenario.name, server.tls);
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
        await server.listen(address, step.tls);
        isListening = true;
        return;
      case 'pause':
        return sleep(step.ms, undefined, { signal });
      default:
        step satisfies never;
    }
  }

  /** The client makes them by itself. */
  async function playCase(runs: NonNullable<ClientSession['playCase']>): Promise<readonly Single[]> {
    const planned = plannedCalls(scenario);
    const calls = planned.map(callOf);
    const records = await runs(scenario.name, calls);
    return planned.flatMap((each, index) => {
      const call = calls[index];
      return call ? [{ planned: each, call, record: records[index] }] : [];
    });
  }

  async function playSteps(): Promise<readonly Single[]> {
    for (const step of scenario.steps) {
      signal.throwIfAborted();
      await take(step);
    }
    for (const { records } of made) await records;
    return (await Promise.all(made.map(singleCalls))).flat();
  }

  const singles = client.playCase ? await playCase(client.playCase) : await playSteps();
  // A first record says nothing of a second one behind it, and what a client says of a
  // server that is gone is no difference of opinion: this tells both.
  if (!server.isUnknowing) await server.flush();
  const evidence = await evidenceOf(singles, client, server, sinceMs);
  if (isOwnListener && isListening) await server.close(address);
  return evidence;
}

/** Before any call: one that comes too early finds no script. Clients that name none are answered by that of their method. */
async function loadScripts(scenario: Scenario, client: ClientSession, server: RunningServer): Promise<void> {
  const calls = plannedCalls(scenario);
  const byMethod = calls.flatMap(({ spec, script }) => (script ? { ...script, name: spec.method } : []));
  const unnamed = client.namesNoScripts
    ? [...new Map(byMethod.map((each) => [each.name, each])).values()]
    : [];
  await server.answerUnnamed(unnamed);
  if (client.namesNoScripts) return;
  for (const script of new Set(calls.flatMap(({ script }) => script ?? []))) await server.load(script);
}

/** What is left of calls that nobody could tell apart. */
async function forgetUnnamed(server: RunningServer, address: string): Promise<void> {
  server.wire?.takeUnnamed(address, [], 0);
  if (!server.isUnknowing) await server.served('', 0);
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
  singles: readonly Single[],
  client: ClientSession,
  server: RunningServer,
  sinceMs: number,
): Promise<readonly CallEvidence[]> {
  const calls = singles.map(({ call }) => call);
  const [address = server.address] = calls.map((call) => call.address);
  await server.wire?.settle(calls, wireMs);
  const crossed = client.namesNoCalls
    ? server.wire?.takeUnnamed(address, calls, sinceMs)
    : server.wire?.take(calls, sinceMs);
  const served = await recordsOf(singles, client, server);
  return singles.map(({ planned, call, record }, index) => {
    const wire = crossed?.[index];
    return {
      index,
      call,
      expect: planned.expect,
      path: [
        { at: 'client', ...(record && { record }), ...(client.isUnknowing && { isUnknowing: true }) },
        ...(wire ? [{ at: 'wire', crossed: wire } as const] : []),
        { at: 'server', records: served[index] ?? [], ...(server.isUnknowing && { isUnknowing: true }) },
      ],
    };
  });
}

/** What the server says of each call. Records that do not come are waited for together: a hundred of them take no longer than one. */
async function recordsOf(
  singles: readonly Single[],
  { namesNoCalls }: ClientSession,
  server: RunningServer,
): Promise<readonly (readonly ServedRecord[])[]> {
  if (server.isUnknowing) return [];
  const untilMs = performance.now() + server.recordMs;
  if (namesNoCalls) return shareOut(await unnamedRecords(singles, server, untilMs), singles);
  const served: (readonly ServedRecord[])[] = [];
  for (const { planned, call } of singles)
    served.push(await server.served(call.id, isLate(planned) ? untilMs - performance.now() : 0));
  return served;
}

/** Its record comes when the handler notices. */
function isLate({ expect }: PlannedCall): boolean {
  return expect.served === 'cancelled';
}

async function unnamedRecords(
  singles: readonly Single[],
  server: RunningServer,
  untilMs: number,
): Promise<readonly ServedRecord[]> {
  const found = [...(await server.served('', 0))];
  const wanted = singles.filter(({ planned }) => ['answered', 'cancelled'].includes(planned.expect.served));
  const hasLate = singles.some(({ planned }) => isLate(planned));
  while (hasLate && found.length < wanted.length && performance.now() < untilMs)
    found.push(...(await server.served('', untilMs - performance.now())));
  return found;
}

/** Of calls without an id: those of its method, in order; what is too much was the last one's. */
function shareOut(
  records: readonly ServedRecord[],
  singles: readonly Single[],
): readonly (readonly ServedRecord[])[] {
  const methods = singles.map(({ call }) => call.method);
  const queues = Map.groupBy(records, ({ method }) => method);
  const strays = records.filter(({ method }) => !methods.includes(method));
  return methods.map((method, index) => {
    const queue = queues.get(method) ?? [];
    const isLast = !methods.includes(method, index + 1);
    const own = queue.splice(0, isLast ? Infinity : 1);
    return index === methods.length - 1 ? [...own, ...strays] : own;
  });
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
