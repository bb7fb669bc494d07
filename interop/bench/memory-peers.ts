import { scenarios } from '../fixtures/manage.ts';
import { clientFeatures, type Peer, serverFeatures } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';

/** So many peers of this process, each client and server, claiming everything. */
export function memoryPeers(count: number): readonly Peer[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `peer-${index}`,
    title: `peer ${index} of this process`,
    folder: '',
    args: [],
    server: { features: [...serverFeatures] },
    client: { features: [...clientFeatures] },
  }));
}

/** Scenarios that peers of this process can play: nothing waits, and nothing is compressed. */
export function plainScenarios(): readonly Scenario[] {
  return scenarios.filter(({ name, waits }) => !waits && !/^(load|size|method|unknown\/64)/.test(name));
}
