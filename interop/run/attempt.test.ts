import { expect, it } from 'vitest';
import { inMemory } from '../fixtures/memory.ts';
import { aCell, aPeer, aPlannedCall, aScenario } from '../fixtures/values.ts';
import { aFrame, aStream, aWire } from '../fixtures/wire.ts';
import type { Launcher, Running, RunningServer } from '../launch/launcher.ts';
import { memoryLauncher } from '../launch/memory.ts';
import type { CallRecord } from '../model/call.ts';
import { onClock } from '../model/clock.ts';
import { wireOf } from '../model/evidence.ts';
import { attempt } from './attempt.ts';
import { makeSlot } from './slot.ts';

const { signal } = new AbortController();
const startMs = 30;

/** Both ends, which take a while to start and log when they have; the wire has one frame of that time. */
async function attempted(launcher: Launcher = inMemory()) {
  const peer = aPeer('alpha');
  const seen: number[] = [];

  async function logging<T extends Running>(starting: Promise<T>): Promise<T> {
    await new Promise((resolve) => setTimeout(resolve, startMs));
    const running = await starting;
    const startedAt = performance.now();
    seen.push(startedAt);
    return {
      ...running,
      logSince: (_: number, originMs: number) => [{ atMs: onClock(startedAt, originMs), text: 'started' }],
    };
  }
  async function tapped(): Promise<RunningServer> {
    const server = await logging(launcher.serve(peer, signal));
    const frames = [aFrame(0, 'client', 'HEADERS', { atMs: seen.at(-1) ?? 0 })];
    return {
      ...server,
      wire: {
        settle: async () => {},
        take: () => [aWire({ streams: [aStream({ frames })] })],
        takeUnnamed: () => [],
      },
    };
  }

  const client = makeSlot(() => logging(launcher.connect(peer, signal)));
  const server = makeSlot(tapped);
  const beganAt = performance.now();
  const got = await attempt(
    aCell('alpha/alpha/pick/one'),
    aScenario('pick/one'),
    { client, server },
    'c0',
    signal,
  );
  return { got, beganAt };
}

it('an attempt has one clock for both logs and the wire, which begins with it', async () => {
  const { got, beganAt } = await attempted();
  const tookMs = performance.now() - beganAt;
  const [call] = got.evidence;
  const [frame] = (call && wireOf(call)?.streams[0]?.frames) ?? [];
  const times = [got.logs.client[0]?.atMs, got.logs.server[0]?.atMs, frame?.atMs];
  expect(times[1]).toBe(times[2]);
  for (const atMs of times) {
    expect(atMs).toBeGreaterThan(startMs - 2);
    expect(atMs).toBeLessThan(tookMs);
  }
});

it('the evidence of an attempt says what was wanted, also of a call that never ended', async () => {
  const wanted = [aPlannedCall().expect];
  const { got } = await attempted();
  expect(got.outcome.kind).toBe('passed');
  expect(got.evidence.map((call) => call.expect)).toEqual(wanted);

  const mute = { serve: () => new Promise<never>(() => {}) };
  const peers = { server: () => mute, client: () => ({ report: (record: CallRecord) => record }) };
  const silent = await attempted(memoryLauncher(peers, { callMs: 20 }));
  expect(silent.got.outcome.kind).toBe('broken');
  expect(silent.got.evidence.map((call) => call.expect)).toEqual(wanted);
});
