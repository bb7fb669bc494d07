/** `in-memory.ts PEERS SCENARIOS log|all`: so many peers of this process, each with each, and the log alone or all outputs. */
import { honestPeers } from '../fixtures/memory.ts';
import { memoryLauncher } from '../launch/memory.ts';
import type { Scenario } from '../model/scenario.ts';
import { print } from './child.ts';
import { ownCost } from './cost.ts';
import { engineRun, noLedger } from './engine-run.ts';
import { memoryPeers, plainScenarios } from './memory-peers.ts';
import { usualOutputs } from './outputs.ts';

const [peers = 0, scenarios = 0] = process.argv.slice(2, 4).map(Number);
const isAll = process.argv[4] === 'all';

/** Those there are, and the same again under other names. */
function played(count: number): readonly Scenario[] {
  const plain = plainScenarios();
  return Array.from({ length: count }, (_, index) => {
    const turn = Math.floor(index / plain.length);
    const scenario = plain[index % plain.length] as Scenario;
    return turn === 0 ? scenario : { ...scenario, name: `${scenario.name}-${turn}` };
  });
}

const measured = await engineRun(
  memoryPeers(peers),
  played(scenarios),
  memoryLauncher(honestPeers, { callMs: Infinity }),
  noLedger,
  { keep: () => false, ...(isAll && { outputs: usualOutputs }) },
);
const { wallMs, cells, isHealthy } = measured;
print({ wallMs, cells, isHealthy, peers, scenarios, ...ownCost() });
