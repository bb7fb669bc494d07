/** 50 × 50 peers × 40 scenarios in memory, in a process of its own, so that its memory can be told. Prints JSON. */
import { honestPeers } from '../fixtures/memory.ts';
import { memoryLauncher } from '../launch/memory.ts';
import { engineRun, noLedger } from './engine-run.ts';
import { memoryPeers, plainScenarios } from './memory-peers.ts';

const plain = plainScenarios().slice(0, 40);
const measured = await engineRun(
  memoryPeers(50),
  plain,
  memoryLauncher(honestPeers, { callMs: Infinity }),
  noLedger,
  () => false,
);
const { wallMs, cells, isHealthy } = measured;
const peakMiB = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ wallMs, cells, isHealthy, peakMiB, scenarios: plain.length }));
