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
import type { Peer, Role } from '../model/peer.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';

type Json = Record<string, Record<string, unknown> | undefined>;

interface Bare {
  readonly child: ChildProcess;
  readonly peer: Peer;
  readonly startMs: number;
  readonly first: Json;
  /** Sends a line and resolves with the line that `key` finds it by. */
  ask(key: string, line: object): Promise<Json>;
}

async function start(peer: Peer, role: Role): Promise<Bare> {
  const startedAt = performance.now();
  const [file = '', ...args] = peer.process?.command ?? [];
  const more = (peer[role]?.args ?? []).map((arg) =>
    arg.replace('{host}', '127.0.0.1').replace('{port}', '0'),
  );
  const program = file.includes('/') ? path.resolve(peer.folder, file) : file;
  const child = spawn(program, [...args, ...more], { cwd: peer.folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<string, ((json: Json) => void)[]>();
  const first = await new Promise<Json>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const json = JSON.parse(line) as Json;
      const key = String(json.ended?.id ?? Object.keys(json)[0]);
      const [next = resolve, ...others] = waiting.get(key) ?? [];
      waiting.set(key, others);
      next(json);
    });
  });
  return {
    child,
    peer,
    first,
    startMs: performance.now() - startedAt,
    ask(key, line) {
      child.stdin.write(`${JSON.stringify(line)}\n`);
      return new Promise((resolve) => waiting.set(key, [...(waiting.get(key) ?? []), resolve]));
    },
  };
}

/** Wall time in ms of starting all, making all calls and ending all; pairings side by side as in a run. */
export async function bareRun(peers: readonly Peer[], scenarios: readonly Scenario[]): Promise<number> {
  const startedAt = performance.now();
  const [servers, clients] = await Promise.all([
    Promise.all(peers.map((peer) => start(peer, 'server'))),
    Promise.all(peers.map((peer) => start(peer, 'client'))),
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

async function pairing(client: Bare, server: Bare, scenarios: readonly Scenario[]): Promise<void> {
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

let calls = 0;

async function play(client: Bare, server: Bare, scenario: Scenario): Promise<void> {
  const channel = scenario.connection === 'shared' ? 'shared' : `own ${calls++}`;
  const isOwn = scenario.connection === 'own-listener';
  const listening = isOwn ? await server.ask('listening', { listen: { port: 0 } }) : server.first;
  const port = listening.listening?.port;
  const pending: Promise<unknown>[] = [];
  const make = ({ spec }: PlannedCall) => {
    const id = `b${calls++}`;
    const line = {
      ...spec,
      id,
      kind: 'unary',
      address: `127.0.0.1:${port}`,
      channel,
      request: { name: spec.name },
    };
    const times = { timeout: seconds(spec.timeoutMs), cancelAfter: seconds(spec.cancelAfterMs) };
    return client.ask(id, {
      ...line,
      ...times,
      name: undefined,
      timeoutMs: undefined,
      cancelAfterMs: undefined,
    });
  };
  for (const step of scenario.steps) {
    if (step.do === 'close') await server.ask('closed', { close: { port } });
    else if (step.do === 'listen') await server.ask('listening', { listen: { port } });
    else if (step.do === 'pause') await sleep(step.ms);
    else if (step.pace === 'in-turn') for (const call of step.calls) await make(call);
    else pending.push(...step.calls.map(make));
  }
  await Promise.all(pending);
}

function seconds(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : `${ms / 1000}s`;
}
