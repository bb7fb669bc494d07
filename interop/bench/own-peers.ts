/** `own-peers.ts process|container SCENARIOS`: the project's own peers, each with each, and all outputs. */
import { defaultLimits } from '../launch/launcher.ts';
import { programLauncher } from '../launch/programs.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { print } from './child.ts';
import { ownCost } from './cost.ts';
import { engineRun } from './engine-run.ts';
import { usualOutputs } from './outputs.ts';
import { asProcesses, readProject } from './project.ts';

const [kind = '', count = ''] = process.argv.slice(2);
const project = await readProject();
const scenarios = project.scenarios.slice(0, Number(count));
const peers = kind === 'container' ? project.peers : await asProcesses(project.peers);

async function starter() {
  if (kind === 'container') return (await import('../launch/container.ts')).containerStarter();
  return (await import('../launch/process.ts')).processStarter();
}

await using launcher = programLauncher(await starter(), defaultLimits, project.types);
for (const peer of peers) await launcher.build(peer, new AbortController().signal);
const measured = await engineRun(peers, scenarios, tapLauncher(launcher, project.types), project.ledger, {
  keep: ({ type }) => type === 'run-finished',
  outputs: usualOutputs,
});
const { wallMs, cells, isHealthy, events } = measured;
const machine = events.flatMap((event) => (event.type === 'run-finished' ? (event.machine ?? []) : []))[0];
print({
  wallMs,
  cells,
  isHealthy,
  peers: peers.length,
  scenarios: scenarios.length,
  ...ownCost(),
  ...(machine && { machine }),
});
