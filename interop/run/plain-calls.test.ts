import { expect, it } from 'vitest';
import { anEvidence, aPlannedCall, aRecord, aScenario } from '../fixtures/values.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';
import { plainLatenciesMs } from './plain-calls.ts';

type Spec = Partial<PlannedCall['spec']>;

function calls(pace: 'in-turn' | 'together' | 'background', ...specs: readonly Spec[]): Partial<Scenario> {
  return { steps: [{ do: 'calls', pace, calls: specs.map((spec) => aPlannedCall({}, spec)) }] };
}

const evidence = [1, 2, 3].map((elapsedMs, index) => anEvidence({ index, client: aRecord({ elapsedMs }) }));

it.each<[string, Partial<Scenario>, readonly number[]]>([
  ['one after another', calls('in-turn', {}, {}, {}), [1, 2, 3]],
  ['all together', calls('together', {}, {}, {}), []],
  ['in the background', calls('background', {}, {}, {}), []],
  ['with a deadline', calls('in-turn', {}, { timeoutMs: 50 }, {}), [1, 3]],
  ['cancelled', calls('in-turn', { cancelAfterMs: 50 }, {}, {}), [2, 3]],
  ['waiting for the server', calls('in-turn', {}, {}, { waitForReady: true }), [1, 2]],
  ['compressed', calls('in-turn', {}, {}, { compression: 'gzip' }), [1, 2]],
  ['with metadata', calls('in-turn', {}, {}, { metadata: [{ key: 'a', text: 'b' }] }), [1, 2]],
  ['with a long name', calls('in-turn', {}, {}, { name: 'x'.repeat(257) }), [1, 2]],
  ['on a channel of their own', { ...calls('in-turn', {}, {}, {}), connection: 'own' }, []],
  ['that wait', { ...calls('in-turn', {}, {}, {}), waits: true }, []],
])('calls %s', (_, more, latencies) => {
  expect(plainLatenciesMs(aScenario('load/some', more), evidence)).toEqual(latencies);
});

it('a call that the client never ended has none', () => {
  const { client: _, ...silent } = anEvidence();
  expect(plainLatenciesMs(aScenario('pick/one'), [silent])).toEqual([]);
});
