/**
 * `npm test`: the engine's tests, then each peer's own: with its tool chain where
 * that is there, otherwise in its image's test stage. Words behind `--` go to vitest,
 * and then only the engine is tested.
 */
import { execa } from 'execa';
import { rootFolder } from '../folders.ts';
import { processStarter, whyNotAsProcess } from '../launch/process.ts';
import type { Peer } from '../model/peer.ts';
import { findPeers } from '../peers/find.ts';
import { buildStage } from './stage.ts';
import { type CheckStep, commandStep, runSteps } from './steps.ts';

const never = new AbortController().signal;
const words = process.argv.slice(2);
/** The engine's tests wait much on purpose: a peer's own are run beside them. */
const atOnce = 2;

/** What several of them need is built before any of them asks for it. */
let built: Promise<unknown> = Promise.resolve();

async function buildAll(peers: readonly Peer[]): Promise<void> {
  await using starter = processStarter();
  // Whoever needs one that cannot be built says so.
  for (const peer of peers)
    if (!(await whyNotAsProcess(peer))) await starter.build(peer, never).catch(() => {});
}

const engine: CheckStep = {
  name: 'engine: vitest',
  async run() {
    await built;
    const result = await execa('vitest', ['run', ...words], {
      cwd: rootFolder,
      reject: false,
      stdio: 'inherit',
    });
    if (result.failed) throw new Error(`vitest ended with exit code ${result.exitCode}`);
  },
};

async function peerTest(peer: Peer): Promise<CheckStep> {
  const name = `${peer.name}: its own tests`;
  const noProcess = await whyNotAsProcess(peer);
  if (!noProcess) return { name: `${name}, with its tool chain`, run: () => testAsProcess(peer) };
  return {
    name: `${name}, in a container (${noProcess})`,
    run: () => buildStage('test', peer, noProcess),
  };
}

async function testAsProcess(peer: Peer): Promise<void> {
  await built;
  await using starter = processStarter();
  await starter.build(peer, never);
  for (const command of peer.process?.test ?? [])
    await commandStep(command.join(' '), command, peer.folder).run();
}

const peers = words.length > 0 ? [] : await findPeers();
built = buildAll(peers);
process.exitCode = await runSteps([engine, ...(await Promise.all(peers.map(peerTest)))], {
  atOnce,
  // A machine of CI is often a slow one, and a peer's own tests have the engine's beside them.
  isAlsoRunAlone: (step) => process.env.CI !== undefined && step !== engine,
});
