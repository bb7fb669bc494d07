/**
 * `npm run check`: types, lint, format and generated code, of the engine and of every peer: with its tool chain where
 * that is there, otherwise in its image's check stage.
 */
import { processStarter, whyNotAsProcess } from '../launch/process.ts';
import type { Peer } from '../model/peer.ts';
import { findPeers } from '../peers/find.ts';
import { languagesStep } from './languages.ts';
import { schemaSteps } from './schemas.ts';
import { buildStage } from './stage.ts';
import { type CheckStep, commandStep, runSteps } from './steps.ts';

const never = new AbortController().signal;

async function peerSteps(peer: Peer): Promise<readonly CheckStep[]> {
  const missing = await whyNotAsProcess(peer);
  if (missing) return [stageStep(peer, missing)];
  return [
    {
      name: `${peer.name}: build`,
      async run() {
        await using starter = processStarter();
        await starter.build(peer, never);
      },
    },
    ...(peer.process?.check ?? []).map((command) =>
      commandStep(`${peer.name}: ${command.join(' ')}`, command, peer.folder),
    ),
  ];
}

function stageStep(peer: Peer, missing: string): CheckStep {
  return {
    name: `${peer.name}: its check stage, in a container (${missing})`,
    run: () => buildStage('check', peer, missing),
  };
}

process.exitCode = await runSteps([
  commandStep('engine: types', ['tsc', '-p', '.']),
  commandStep('page: types', ['tsc', '-p', 'interop/page']),
  commandStep('page in a browser: types', ['tsc', '-p', 'interop/browser']),
  commandStep('engine: lint and format', ['biome', 'ci', '--error-on-warnings', '.']),
  commandStep('engine: allowed imports', ['vitest', 'run', 'interop/architecture.test.ts']),
  ...schemaSteps,
  languagesStep,
  commandStep('proto: format', ['buf', 'format', '--diff', '--exit-code', 'proto']),
  ...(await Promise.all((await findPeers()).map(peerSteps))).flat(),
]);
