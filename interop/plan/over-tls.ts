import type { Peer } from '../model/peer.ts';
import type { PlannedCall, Scenario, Step } from '../model/scenario.ts';
import { type ClientTls, type ServerTls, serverName } from '../model/tls.ts';

const server: ServerTls = { identity: 'good' };
const client: ClientTls = { serverName };

/** The scenario with every connection encrypted, and nothing else changed. One that is about encryption stays as it is. */
export function overTls(scenario: Scenario): Scenario {
  const { needs, steps } = scenario;
  if (isAboutTls(scenario)) return scenario;
  return {
    ...scenario,
    needs: { client: [...needs.client, 'tls'], server: [...needs.server, 'listen', 'tls'] },
    tls: server,
    steps: steps.map(encrypted),
  };
}

/** Some connection of it is to be encrypted, whatever the run is over. */
export function isAboutTls({ needs }: Pick<Scenario, 'needs'>): boolean {
  return needs.client.includes('tls') || needs.server.includes('tls');
}

/** Some connection of the plan is to be encrypted: a scenario wants it, or a server that runs already. */
export function isEncrypting(plan: {
  readonly scenarios: readonly Pick<Scenario, 'needs'>[];
  readonly peers: readonly Pick<Peer, 'tls'>[];
}): boolean {
  return plan.scenarios.some(isAboutTls) || plan.peers.some(({ tls }) => tls !== undefined);
}

function encrypted(step: Step): Step {
  if (step.do === 'calls') return { ...step, calls: step.calls.map(encryptedCall) };
  return step.do === 'listen' ? { ...step, tls: server } : step;
}

function encryptedCall(planned: PlannedCall): PlannedCall {
  const { spec, expect } = planned;
  const handshake = { serverName, server: server.identity };
  return { ...planned, spec: { ...spec, tls: client }, expect: { ...expect, handshake } };
}
