/** What clients that know nothing of the harness cannot do is known before anything starts. */
import { expect, it } from 'vitest';
import { aPeer, aPlannedCall, aScenario, askFor } from '../fixtures/values.ts';
import type { ClientFeature, ClientPart } from '../model/peer.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';
import { readLedger } from './ledger.ts';
import { makePlan } from './plan.ts';
import { parseQuery } from './query.ts';

/** `supported`, or the feature that is missing. */
function lacks(client: Partial<ClientPart>, scenario: Scenario): string {
  const mine = aPeer('mine', { client: { features: ['case'], output: 'none', ...client } });
  const { client: _, ...alpha } = aPeer('alpha');
  const { server: __, ...alone } = mine;
  const ledger = readLedger('ledger.json', '[]');
  const { cells } = makePlan([alone, alpha], [scenario], parseQuery([]), ledger, '2026-06-30');
  return cells[0]?.unsupported?.feature ?? 'supported';
}

const script = (name: string) => ({ name, steps: [] });
const ofSteps = (...calls: readonly PlannedCall[]) =>
  aScenario('charge/settled', { steps: [{ do: 'calls', pace: 'in-turn', calls }] });
const needing = (...client: readonly ClientFeature[]) =>
  aScenario('charge/settled', { needs: { client, server: [] } });
const scripted = { ...aPlannedCall(), script: script('a') };

const told = { args: ['{address}', '{name}'] };
const naming = { args: ['{address}', '{name}', '{script}'], features: ['script', 'case'] as const };
const byItself = { args: ['{address}'], cases: ['charge/*'] };

it.each<readonly [string, Partial<ClientPart>, Scenario, string]>([
  ['told: a plain call', told, aScenario('a/b'), 'supported'],
  ['told: metadata', told, needing('metadata'), 'metadata'],
  ['told: another service', told, needing('any-service'), 'any-service'],
  [
    'told: another service, in its cases',
    { ...told, cases: ['charge'] },
    needing('any-service'),
    'supported',
  ],
  ['told: not in its cases', { ...told, cases: ['refund/*'] }, needing(), 'case'],
  ['told: turns', told, needing('steps'), 'steps'],
  ['told: many calls', told, needing('channel'), 'channel'],
  ['told: a NUL', told, ofSteps(aPlannedCall({}, { steps: [askFor('a\0b')] })), 'any-message'],
  [
    'told: a script it cannot name',
    told,
    { ...ofSteps(scripted), needs: needing('script').needs },
    'supported',
  ],
  [
    'told: two answers of one method',
    told,
    ofSteps(scripted, { ...scripted, script: script('b') }),
    'script',
  ],
  ['told: a scripted answer and a plain one', told, ofSteps(scripted, aPlannedCall()), 'script'],
  ['naming: two answers', naming, ofSteps(scripted, { ...scripted, script: script('b') }), 'supported'],
  ['by itself: one of its cases', byItself, needing('metadata', 'steps', 'cancel'), 'supported'],
  ['by itself: another case', byItself, aScenario('refund/settled'), 'case'],
  ['by itself: a NUL', byItself, ofSteps(aPlannedCall({}, { steps: [askFor('a\0b')] })), 'supported'],
  ['by itself: two answers', byItself, ofSteps(scripted, { ...scripted, script: script('b') }), 'script'],
  ['by itself: a restart', byItself, aScenario('charge/settled', { steps: [{ do: 'close' }] }), 'channel'],
])('%s', (_, client, scenario, wanted) => {
  expect(lacks(client, scenario)).toBe(wanted);
});
