import { expect, it } from 'vitest';
import { anEvidence, aPlannedCall, aRecord, aScenario, askFor } from '../fixtures/values.ts';
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
  ['cancelled', calls('in-turn', { steps: [askFor('Stitch'), { cancel: true }] }, {}, {}), [2, 3]],
  ['of several requests', calls('in-turn', {}, { steps: [askFor('a'), askFor('b')] }, {}), [1, 3]],
  ['that wait before they receive', calls('in-turn', {}, { steps: [askFor('a'), { waitMs: 5 }] }), [1]],
  ['waiting for the server', calls('in-turn', {}, {}, { waitForReady: true }), [1, 2]],
  ['compressed', calls('in-turn', {}, {}, { compression: 'gzip' }), [1, 2]],
  ['with metadata', calls('in-turn', {}, {}, { metadata: [{ key: 'a', text: 'b' }] }), [1, 2]],
  ['with a long name', calls('in-turn', {}, {}, { steps: [askFor('x'.repeat(257))] }), [1, 2]],
  ['on a channel of their own', { ...calls('in-turn', {}, {}, {}), connection: 'own' }, []],
  ['that wait', { ...calls('in-turn', {}, {}, {}), waits: true }, []],
])('calls %s', (_, more, latencies) => {
  expect(plainLatenciesMs(aScenario('load/some', more), evidence)).toEqual(latencies);
});

it('a call that the client never ended has none', () => {
  expect(plainLatenciesMs(aScenario('pick/one'), [anEvidence({ client: 'silent' })])).toEqual([]);
});

it('a program that is run once a call takes longer to start than to call', () => {
  const call = anEvidence({ unknowing: ['client'] });
  expect(plainLatenciesMs(aScenario('pick/one'), [call])).toEqual([]);
});

it('every call of a row has its own', () => {
  const row = calls('in-turn', { times: 3 });
  expect(plainLatenciesMs(aScenario('load/some', row), evidence)).toEqual([1, 2, 3]);
  const atOnce = calls('in-turn', { times: 3, atOnce: 2 });
  expect(plainLatenciesMs(aScenario('load/some', atOnce), evidence)).toEqual([]);
});
