/** `copies.ts process|container SCENARIOS`: the project's own peers, each of them twice, each with each, and all outputs. */
import { defaultLimits, type Launcher } from '../launch/launcher.ts';
import { programLauncher } from '../launch/programs.ts';
import type { Peer } from '../model/peer.ts';
import type { Ledger } from '../plan/ledger.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { print } from './child.ts';
import { ownCost } from './cost.ts';
import { engineRun } from './engine-run.ts';
import { usualOutputs } from './outputs.ts';
import { readProject } from './project.ts';

const [kind = '', count = ''] = process.argv.slice(2);
const project = await readProject();
const scenarios = project.scenarios.slice(0, Number(count));
const originals = new Map(project.peers.flatMap((peer) => namesOf(peer).map((name) => [name, peer])));
const peers = project.peers.flatMap((peer) => namesOf(peer).map((name) => ({ ...peer, name })));

function namesOf({ name }: Peer): readonly string[] {
  return [name, `${name}-2`];
}

function original(name: string): Peer {
  return originals.get(name) as Peer;
}

/** A copy is started as what it is a copy of, which is built already. */
function forCopies(launcher: Launcher): Launcher {
  return {
    ...launcher,
    build: async () => ({ cached: true }),
    serve: (peer, ...rest) => launcher.serve(original(peer.name), ...rest),
    connect: (peer, ...rest) => launcher.connect(original(peer.name), ...rest),
  };
}

/** Copies fail like their originals. */
function ofCopies({ entries, find }: Ledger): Ledger {
  return {
    entries,
    find: (place) =>
      find({ ...place, client: original(place.client).name, server: original(place.server).name }),
    problems: () => [],
  };
}

async function starter() {
  if (kind === 'container') return (await import('../launch/container.ts')).containerStarter();
  return (await import('../launch/process.ts')).processStarter();
}

await using launcher = programLauncher(await starter(), defaultLimits, project.types);
for (const peer of project.peers) await launcher.build(peer, new AbortController().signal);
const measured = await engineRun(
  peers,
  scenarios,
  tapLauncher(forCopies(launcher), project.types),
  ofCopies(project.ledger),
  { keep: ({ type }) => type === 'run-finished', outputs: usualOutputs },
);
const { wallMs, cells, isHealthy, events } = measured;
const machine = events.flatMap((event) => (event.type === 'run-finished' ? (event.machine ?? []) : []))[0];
const [size, played] = [peers.length, scenarios.length];
print({
  wallMs,
  cells,
  isHealthy,
  peers: size,
  scenarios: played,
  ...ownCost(),
  ...(machine && { machine }),
});
