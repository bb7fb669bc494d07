/** What is about time begins when no program is being started. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inMemory } from '../fixtures/memory.ts';
import { eventsOf } from '../fixtures/runs.ts';
import { aPeer, aScenario } from '../fixtures/values.ts';
import type { Peer } from '../model/peer.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { parseQuery } from '../plan/query.ts';

const scenarios = [aScenario('plain'), aScenario('patient', { waits: true })];
const slow = 'slow';

/** What began, in order, where the server of that name does as it is told before it stands. */
async function begun(starting: (peer: Peer) => Promise<void>): Promise<readonly string[]> {
  const memory = inMemory();
  const launcher: typeof memory = {
    ...memory,
    async serve(peer, signal) {
      if (peer.name === slow) await starting(peer);
      return memory.serve(peer, signal);
    },
  };
  const peers = [aPeer('alpha'), aPeer(slow)];
  const plan = makePlan(peers, scenarios, parseQuery([]), readLedger('no ledger', '[]'), '2000-01-01');
  return (await eventsOf(plan, launcher)).flatMap((event) => {
    if (event.type === 'peer-started' && event.peer === slow && event.role === 'server') return 'slow stands';
    if (event.type === 'cell-started' && event.client === 'alpha' && event.server === 'alpha')
      return event.scenario;
    return [];
  });
}

describe('a cell that waits', () => {
  it('begins when all programs stand, and the others before', async () => {
    expect(await begun(() => sleep(200))).toEqual(['plain', 'slow stands', 'patient']);
  });

  it('begins when one cannot be started', async () => {
    const order = await begun(() => Promise.reject(new Error('could not bind')));
    expect(order.toSorted()).toEqual(['patient', 'plain']);
  });
});
