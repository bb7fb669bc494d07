/**
 * `npm run soak -- memory|process [RUNS] [QUERY…]`: the healthy matrix again and again.
 * A run that is not healthy is a false alarm, or a race that the ledger does not know:
 * it is told at once, and the row goes on. Ends with 1 when there was one.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadContracts, ownContracts } from '../contract/load.ts';
import { honestPeers } from '../fixtures/memory.ts';
import { rootFolder } from '../folders.ts';
import { defaultLimits, type Launcher } from '../launch/launcher.ts';
import { memoryLauncher } from '../launch/memory.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import type { Peer } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { findPeers } from '../peers/find.ts';
import { type Ledger, readLedger } from '../plan/ledger.ts';
import { parseQuery } from '../plan/query.ts';
import { duration } from '../report/text.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { engineRun, noLedger } from './engine-run.ts';
import { memoryPeers, plainScenarios } from './memory-peers.ts';
import { asProcesses } from './project.ts';

interface Field {
  readonly launcher: Launcher;
  readonly peers: readonly Peer[];
  readonly scenarios: readonly Scenario[];
  readonly ledger: Ledger;
}

function inMemory(): Field {
  const launcher = memoryLauncher(honestPeers, { callMs: Infinity });
  return { launcher, peers: memoryPeers(3), scenarios: plainScenarios(), ledger: noLedger };
}

async function withPrograms(): Promise<Field> {
  const peers = await asProcesses(await findPeers());
  const { scenarios, types } = await loadContracts(ownContracts());
  const bare = programLauncher(processStarter(), defaultLimits, types);
  for (const peer of peers) await bare.build(peer, new AbortController().signal);
  const ledger = readLedger('ledger.json', await readFile(path.join(rootFolder, 'ledger.json'), 'utf8'));
  return { launcher: tapLauncher(bare, types), peers, scenarios, ledger };
}

const [mode = 'memory', runs = '1000', ...words] = process.argv.slice(2);
const query = parseQuery(words);
const {
  launcher,
  peers,
  scenarios: played,
  ledger,
} = await (mode === 'process' ? withPrograms() : inMemory());
const startedAt = performance.now();
let alarms = 0;
let cells = 0;

for (let run = 1; run <= Number(runs); run++) {
  const keep = ({ type }: { readonly type: string }) => type === 'cell-finished';
  const measured = await engineRun(peers, played, launcher, ledger, { keep, query });
  cells += measured.cells;
  if (!measured.isHealthy) {
    alarms += 1;
    const notPassed = measured.events.flatMap((event) =>
      event.type === 'cell-finished' && event.result.outcome.kind !== 'passed' ? [event.result] : [],
    );
    process.stdout.write(`run ${run} is not healthy: ${JSON.stringify(notPassed)}\n`);
  }
  if (run % 10 === 0 || run === Number(runs)) {
    const took = duration(performance.now() - startedAt);
    process.stderr.write(`${run} of ${runs} runs, ${cells} cells, ${alarms} not healthy, ${took}\n`);
  }
}
await launcher[Symbol.asyncDispose]();
process.exitCode = alarms > 0 ? 1 : 0;
