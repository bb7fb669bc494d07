/** Every wait ends with the run, whoever it waits for; those of a cell do not add up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inMemory } from '../fixtures/memory.ts';
import { planOf } from '../fixtures/runs.ts';
import { aPeer, aPlannedCall, aRecord, aScenario } from '../fixtures/values.ts';
import { type ClientSession, defaultLimits, type Launcher, type RunningServer } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher, type Starter } from '../launch/programs.ts';
import type { RunEvent } from '../model/event.ts';
import type { Peer } from '../model/peer.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { parseQuery } from '../plan/query.ts';
import type { LieName } from '../saboteurs/lies/lies.ts';
import { honestPeer, saboteurPeer } from '../saboteurs/peers.ts';
import { scenarios, types } from '../saboteurs/scenarios.ts';
import { CellBound, inCell, orAborted } from './bound.ts';
import { play } from './play.ts';
import { run } from './run.ts';

/** Never comes. */
const never = new Promise<never>(() => {});
const { signal: unstopped } = new AbortController();

/** Longer than any of these tests may take. */
const forEver = { ...defaultLimits, readyMs: 600_000, callMs: 600_000, recordMs: 600_000 };

/** Runs one scenario, and stops the run when a cell has begun for so long. Resolves to how it ended. */
async function stopped(launcher: Launcher, peers: readonly Peer[], scenario = 'pick/stitch') {
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const ledger = readLedger('no ledger', '[]');
  const query = parseQuery([`scenario:${scenario}`]);
  await run({
    plan: makePlan(peers, scenarios, query, ledger, '2000-01-01'),
    launcher,
    why: 'a test',
    signal: stop.signal,
    emit(event) {
      events.push(event);
      if (event.type === 'cell-started') setTimeout(() => stop.abort('SIGINT'), 500);
    },
  });
  return events.at(-1);
}

const inOrder = { type: 'run-finished', stopped: 'SIGINT' };

describe('a run that is stopped ends', () => {
  it('while a client never answers', async () => {
    await using launcher = programLauncher(processStarter(), forEver, types);
    expect(await stopped(launcher, [only('swallows-calls', 'client'), serverOf(honestPeer)])).toMatchObject(
      inOrder,
    );
  });

  it('while a server never writes its records', async () => {
    await using launcher = programLauncher(processStarter(), forEver, types);
    expect(
      await stopped(launcher, [only('records-nothing', 'server'), clientOf(honestPeer)], 'cancel/in-flight'),
    ).toMatchObject(inOrder);
  });

  it('while what is to start a program hangs, as an engine may', async () => {
    const starter: Starter = {
      kind: 'container',
      build: async () => ({ cached: true }),
      listenHost: '127.0.0.1',
      start: () => never,
      freePort: () => never,
      provide: () => never,
      keyLog: () => never,
      harnessHost: () => never,
      async [Symbol.asyncDispose]() {},
    };
    expect(await stopped(programLauncher(starter, forEver, types), [honestPeer])).toMatchObject(inOrder);
  });

  it('while a build hangs', async () => {
    const launcher = { ...inMemory(), build: () => never };
    const stop = new AbortController();
    const events: RunEvent[] = [];
    setTimeout(() => stop.abort('SIGINT'), 100);
    await run({
      plan: planOf([aPeer('alpha')], ['pick/stitch']),
      launcher,
      why: 'a test',
      signal: stop.signal,
      emit: (event) => void events.push(event),
    });
    expect(events.at(-1)).toMatchObject(inOrder);
  });
});

function only(lie: LieName, role: 'client' | 'server'): Peer {
  return saboteurPeer({ name: lie, does: lie, role, lie, breaks: [] });
}

function serverOf({ client: _, ...peer }: Peer): Peer {
  return peer;
}

function clientOf({ server: _, ...peer }: Peer): Peer {
  return peer;
}

describe('the waits of a cell', () => {
  it('for records that do not come take no longer together than one of them', async () => {
    const recordMs = 200;
    const waits: number[] = [];
    const client = { call: async () => [aRecord()] } as unknown as ClientSession;
    const server = {
      address: 'memory:1',
      recordMs,
      flush: async () => {},
      load: async () => {},
      answerUnnamed: async () => {},
      async served(_: string, waitMs: number) {
        waits.push(Math.max(0, waitMs));
        await sleep(Math.max(0, waitMs));
        return [];
      },
    } as unknown as RunningServer;
    const calls = Array.from({ length: 50 }, () => aPlannedCall({ served: 'cancelled' }));
    const scenario = aScenario('a/b', { steps: [{ do: 'calls', pace: 'in-turn', calls }] });
    await play(scenario, client, server, 'c0', unstopped);
    expect(waits.length).toBe(50);
    expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2 * recordMs);
  });

  it('end with the bound of the cell', async () => {
    await expect(inCell(never, unstopped, 20)).rejects.toThrow(CellBound);
    await expect(inCell(never, unstopped, 20)).rejects.toThrow('the cell did not end within 0.02 s');
    expect(await inCell(Promise.resolve(7), unstopped, 20)).toBe(7);
  });

  it('end with the signal, also one that was there before', async () => {
    await expect(orAborted(never, AbortSignal.abort('SIGINT'))).rejects.toBe('SIGINT');
    await expect(orAborted(never, AbortSignal.timeout(20))).rejects.toThrow('timeout');
    await expect(orAborted(Promise.reject(new Error('no')), unstopped)).rejects.toThrow('no');
    expect(await orAborted(Promise.resolve(7), unstopped)).toBe(7);
  });
});
