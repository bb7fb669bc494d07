import type { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aProgram } from '../fixtures/program.ts';
import { aCall, aPeer } from '../fixtures/values.ts';
import { defaultLimits, type SilentCall } from '../launch/launcher.ts';
import { noTypes } from '../messages/types.ts';
import type { CallRecord } from '../model/call.ts';
import { makeIdentities } from '../pki/identities.ts';
import { openClient } from './client.ts';

const mebi = 1024 * 1024;

/** A client whose line of a call's end comes in pieces, one every 15 ms; the last so many of them never do. */
async function dribbled(missing: number): Promise<readonly CallRecord[]> {
  const program = aProgram(() => undefined);
  const limits = { ...defaultLimits, callMs: 40, recordMs: 40 };
  const client = await openClient(aPeer('alpha'), program, limits, noTypes, makeIdentities(), 0);
  const records = client.call(aCall());
  records.catch(() => {});
  const line = `${JSON.stringify({ ended: { id: 'c0.0', status: { code: 5 } } })}\n`;
  for (let index = 0; index < line.length - missing; index += 5) {
    (program.stdout as PassThrough).write(line.slice(index, Math.min(index + 5, line.length - missing)));
    await sleep(15);
  }
  try {
    return await records;
  } finally {
    await client.stop();
  }
}

/** What it says of one call that never ends. */
async function silence(carriedBytes: number | undefined, answersFlush = false): Promise<SilentCall> {
  const program = aProgram((line) =>
    answersFlush && 'flush' in line && 'id' in line ? { answer: { id: line.id } } : undefined,
  );
  const limits = { ...defaultLimits, callMs: 20, recordMs: 20 };
  const client = await openClient(aPeer('alpha'), program, limits, noTypes, makeIdentities(), 0);
  const call = aCall({ ...(carriedBytes !== undefined && { carriedBytes }) });
  const silent = await client.call(call).then(
    () => expect.unreachable(),
    (error: SilentCall) => error,
  );
  await client.stop();
  return silent;
}

describe('a call that does not end', () => {
  it.each([
    [undefined, 20],
    [12, 20],
    [50 * mebi, 120],
  ])('and carries %s bytes is waited for so long: %d ms', async (carriedBytes, waitedMs) => {
    const startedAt = performance.now();
    expect(await silence(carriedBytes)).toMatchObject({ waitedMs, isClientAlive: false });
    expect(performance.now() - startedAt).toBeGreaterThan(waitedMs - 2);
  });

  it('has not ended while it is still being told', async () => {
    expect(await dribbled(0)).toMatchObject([{ id: 'c0.0', code: 5 }]);
    await expect(dribbled(1)).rejects.toThrow('call c0.0 did not end within 40 ms');
  });

  it('tells whether its client is alive', async () => {
    expect(await silence(0, true)).toMatchObject({ isClientAlive: true });
  });
});
