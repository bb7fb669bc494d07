/** A server that knows nothing of the harness and dies: one death, one story, and a new one in its place where that can be had. */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { aPeer, aScenario } from '../fixtures/values.ts';
import { defaultLimits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import type { CellResult, RunEvent } from '../model/event.ts';
import type { Peer } from '../model/peer.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { parseQuery } from '../plan/query.ts';
import { honestPeer } from '../saboteurs/peers.ts';
import { types } from '../saboteurs/scenarios.ts';
import { speaksHttp2 } from '../session/readiness.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { run } from './run.ts';

const program = fileURLToPath(new URL('../fixtures/dying-server.mjs', import.meta.url));
/** Long enough for a program that starts on a busy machine. */
const limits = { ...defaultLimits, readyMs: 8_000 };
const scenarios = ['one', 'two', 'three', 'four', 'five', 'six'].map((word) => aScenario(`pick/${word}`));
const { server: _, ...client } = honestPeer;

async function freePort(): Promise<number> {
  const listener = net.createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}

async function played(
  server: Peer,
): Promise<{ readonly results: readonly CellResult[]; readonly events: readonly RunEvent[] }> {
  const events: RunEvent[] = [];
  const starter = { ...processStarter(), build: async () => ({ cached: true }) };
  await using launcher = tapLauncher(programLauncher(starter, limits, types), types);
  await run({
    plan: makePlan([client, server], scenarios, parseQuery([]), readLedger('no ledger', '[]'), '2000-01-01'),
    launcher,
    why: 'a test',
    signal: new AbortController().signal,
    emit: (event) => void events.push(event),
  });
  const results = events.flatMap((event) => (event.type === 'cell-finished' ? [event.result] : []));
  // Those that something broke in are told when their pairing has ended.
  const order = scenarios.map(({ name }) => name);
  results.sort((a, b) => order.indexOf(a.scenario) - order.indexOf(b.scenario));
  return { results, events };
}

function saidOf({ outcome }: CellResult): string {
  if (outcome.kind === 'broken') return `broken by ${outcome.by} at ${outcome.stage}: ${outcome.reason}`;
  return outcome.kind;
}

/** Started by the harness from its manifest. */
function manifest(...more: readonly string[]): Peer {
  const { client: _, args: __, ...peer } = aPeer('mine');
  return {
    ...peer,
    folder: process.cwd(),
    server: { args: ['{host}', '{port}', ...more], ready: 'port', features: [] },
    process: { needs: [], build: [], outputs: [], command: [process.execPath, program], test: [], check: [] },
  };
}

describe('a server that dies at its third call', () => {
  it('is replaced before the next cell, where the harness can start it', async () => {
    const { results, events } = await played(manifest());
    const death = expect.stringMatching(
      /^broken by server at call: mine server ended while it was in use: exit code 3\n {2}stderr: panic: no more of this\n/,
    );
    expect(results.map(saidOf)).toEqual(['passed', 'passed', death, 'passed', 'passed', death]);
    expect(events.filter((event) => event.type === 'peer-started' && event.role === 'server').length).toBe(2);
    // What cells have told is not told again.
    expect(events.filter((event) => event.type === 'peer-stopped' && event.problem)).toEqual([]);
  });

  it('is gone where it is somebody else’s to start, and every cell behind says so in the same words', async () => {
    const port = await freePort();
    const address = `127.0.0.1:${port}`;
    const running = execa(process.execPath, [program, '127.0.0.1', String(port)], { reject: false });
    await speaksHttp2(address, AbortSignal.timeout(30_000));
    const { client: _, args: __, ...peer } = aPeer('mine');
    const { results, events } = await played({ ...peer, address });
    await running;
    const said = results.map(saidOf);
    const death = `broken by server at call: mine server does not speak HTTP/2 at ${address} any more`;
    expect(said.slice(0, 3)).toEqual(['passed', 'passed', death]);
    const behind = said.slice(3);
    expect(new Set(behind).size).toBe(1);
    expect(behind[0]).toContain(`${death}, and did not come back: `);
    expect(events.filter((event) => event.type === 'peer-stopped' && event.problem)).toEqual([]);
    // Nobody waits for it again and again.
    expect(results.slice(4).every(({ durationMs }) => durationMs < limits.readyMs)).toBe(true);
  });
});
