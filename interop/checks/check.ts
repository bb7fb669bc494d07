/** `npm run check`: types, lint, format and generated code, of the engine and of every peer. */

import { processStarter, whyNotAsProcess } from '../launch/process.ts';
import type { Peer } from '../model/peer.ts';
import { findPeers } from '../peers/find.ts';
import { schemaSteps } from './schemas.ts';
import { type CheckStep, commandStep, runSteps } from './steps.ts';

function peerSteps(peer: Peer): readonly CheckStep[] {
  return [
    {
      name: `${peer.name}: tool chain and build`,
      async run() {
        const missing = await whyNotAsProcess(peer);
        if (missing) throw new Error(`${peer.name}: ${missing}`);
        await using starter = processStarter();
        await starter.build(peer, new AbortController().signal);
      },
    },
    ...(peer.process?.check ?? []).map((command) =>
      commandStep(`${peer.name}: ${command.join(' ')}`, command, peer.folder),
    ),
  ];
}

process.exitCode = await runSteps([
  commandStep('engine: types', ['tsc', '-p', '.']),
  commandStep('page: types', ['tsc', '-p', 'interop/page']),
  commandStep('page in a browser: types', ['tsc', '-p', 'interop/browser']),
  commandStep('engine: lint and format', ['biome', 'ci', '--error-on-warnings', '.']),
  commandStep('engine: allowed imports', ['vitest', 'run', 'interop/architecture.test.ts']),
  ...schemaSteps,
  commandStep('proto: format', ['buf', 'format', '--diff', '--exit-code', 'proto']),
  ...(await findPeers()).flatMap(peerSteps),
]);
