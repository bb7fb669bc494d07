/**
 * The lower bound: the same programs, the same calls and the same waits, with
 * nothing between: no plan, no slots, no judge, no events, no log. Shares no code
 * with the engine's sessions and runs.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Types } from '../messages/types.ts';
import type { ClientStep, Script, ServerStep } from '../model/call.ts';
import type { Peer } from '../model/peer.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';

type Json = Record<string, Record<string, unknown> | undefined>;

interface Bare {
  readonly child: ChildProcess;
  readonly peer: Peer;
  /** Gives an instruction and resolves to its answer. */
  ask(instruction: object): Promise<Record<string, unknown>>;
  /** Makes a call, or a row of so many; resolves when all have ended. */
  call(line: object, times: number): Promise<unknown>;
}

let lines = 0;

async function start(peer: Peer, types: Types): Promise<Bare> {
  const [file = '', ...args] = peer.process?.command ?? [];
  const program = file.includes('/') ? path.resolve(peer.folder, file) : file;
  const child = spawn(program, [...args, ...(peer.args ?? [])], {
    cwd: peer.folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const waiting = new Map<string, (json: Json) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const json = JSON.parse(line) as Json;
    const id = json.ready ? 'ready' : String(json.answer?.id ?? json.ended?.id);
    waiting.get(id)?.(json);
    waiting.delete(id);
  });
  const heard = (id: string) => new Promise<Json>((resolve) => waiting.set(id, resolve));
  const send = (line: object) => void child.stdin.write(`${JSON.stringify(line)}\n`);
  await heard('ready');
  const bare: Bare = {
    child,
    peer,
    async ask(instruction) {
      const id = `b${lines++}`;
      const answer = heard(id);
      send({ id, ...instruction });
      return (await answer).answer ?? {};
    },
    call(call, times) {
      const id = `b${lines++}`;
      const ids = times === 1 ? [id] : Array.from({ length: times }, (_, index) => `${id}.${index}`);
      const ended = Promise.all(ids.map(heard));
      send({ id, call });
      return ended;
    },
  };
  await bare.ask({ types: { files: types.files } });
  return bare;
}

/** A server that listens. */
interface BareServer extends Bare {
  readonly port: unknown;
  readonly scripts: Set<string>;
}

async function startServer(peer: Peer, types: Types): Promise<BareServer> {
  const bare = await start(peer, types);
  const { port } = await bare.ask({ listen: { host: '127.0.0.1', port: 0 } });
  return { ...bare, port, scripts: new Set() };
}

/** Wall time in ms of starting all, making all calls and ending all; pairings side by side as in a run. */
export async function bareRun(
  peers: readonly Peer[],
  scenarios: readonly Scenario[],
  types: Types,
): Promise<number> {
  const startedAt = performance.now();
  const [servers, clients] = await Promise.all([
    Promise.all(peers.map((peer) => startServer(peer, types))),
    Promise.all(peers.map((peer) => start(peer, types))),
  ]);
  for (let shift = 0; shift < peers.length; shift++) {
    const round = clients.map(
      (client, index) => [client, servers[(index + shift) % servers.length]] as const,
    );
    await Promise.all(round.map(([client, server]) => server && pairing(client, server, scenarios)));
  }
  await Promise.all(
    [...servers, ...clients].map(async ({ child }) => {
      child.stdin?.end();
      await once(child, 'exit');
    }),
  );
  return performance.now() - startedAt;
}

async function pairing(client: Bare, server: BareServer, scenarios: readonly Scenario[]): Promise<void> {
  const supported = scenarios.filter(
    ({ needs }) =>
      needs.client.every((feature) => client.peer.client?.features.includes(feature)) &&
      needs.server.every((feature) => server.peer.server?.features.includes(feature)),
  );
  await Promise.all([
    ...supported.filter((each) => each.waits).map((each) => play(client, server, each)),
    (async () => {
      for (const each of supported) if (!each.waits) await play(client, server, each);
    })(),
  ]);
}

async function play(client: Bare, server: BareServer, scenario: Scenario): Promise<void> {
  const name = scenario.connection === 'shared' ? 'shared' : `own ${lines}`;
  const isOwn = scenario.connection === 'own-listener';
  const { port } = isOwn ? await server.ask({ listen: { host: '127.0.0.1', port: 0 } }) : server;
  const channel = { address: `127.0.0.1:${port}`, name };
  const pending: Promise<unknown>[] = [];
  const make = async ({ spec, script }: PlannedCall) => {
    if (script) await load(server, script);
    const named = script ? [{ key: 'stitch-script', text: script.name }] : [];
    const line = { ...spec, channel, metadata: [...spec.metadata, ...named], steps: spec.steps.map(asLine) };
    return client.call(line, spec.times ?? 1);
  };
  for (const step of scenario.steps) {
    if (step.do === 'close') await server.ask({ close: { port } });
    else if (step.do === 'drain') await server.ask({ drain: { port } });
    else if (step.do === 'listen') await server.ask({ listen: { host: '127.0.0.1', port } });
    else if (step.do === 'pause') await sleep(step.ms);
    else if (step.pace === 'in-turn') for (const call of step.calls) await make(call);
    else pending.push(...step.calls.map(make));
  }
  await Promise.all(pending);
}

async function load({ scripts, ask }: BareServer, { steps, ...script }: Script): Promise<void> {
  if (scripts.has(script.name)) return;
  scripts.add(script.name);
  await ask({ script: { ...script, steps: steps.map(asLine) } });
}

function asLine(step: ClientStep | ServerStep): object {
  if ('send' in step) return { ...step, send: step.send.bytes };
  if ('headers' in step) return { headers: { entries: step.headers } };
  if (!('end' in step)) return step;
  const { trailers, ...status } = step.end;
  return { end: { status, trailers } };
}
