/** The matrix when there are twice as many peers: 14 clients, 14 servers, 130 scenarios. */
import { buildPage } from '../cli/page-bundle.ts';
import { type Spent, spentBy } from './child.ts';
import { say, seconds } from './say.ts';

const [side, scenarios] = [14, 130];

/** With peers in memory: what the engine itself costs, all outputs included. */
export async function square(): Promise<void> {
  await buildPage();
  tell('square in memory', await spentBy('in-memory.ts', [side, scenarios, 'all']), '');
}

/** With the project's own peers. */
export function squareOfPeers(kind: 'process' | 'container') {
  return async () => {
    await buildPage();
    tell(`square as ${kind}`, await spentBy('own-peers.ts', [kind, scenarios]), '≤ 150 s');
  };
}

function tell(name: string, spent: Spent, aim: string): void {
  const { wallMs, cells, isHealthy, peakMiB } = spent;
  const what = `${spent.peers} peers, ${spent.scenarios} scenarios, ${cells} cells, ${isHealthy ? 'healthy' : 'NOT healthy'}`;
  say(`${name}: whole run`, seconds(wallMs), aim, what);
  say(`${name}: CPU`, seconds(spent.cpuMs), '', cpuText(spent));
  say(`${name}: peak of the harness`, `${Math.round(peakMiB)} MiB`, '≤ 512 MiB', '');
}

/** What else was used than by the harness. */
function cpuText({ wallMs, childrenCpuMs, machine }: Spent): string {
  const programs = childrenCpuMs ? [`its programs ${seconds(childrenCpuMs)}`] : [];
  const busy = machine
    ? [`the machine, with all that runs on it, ${seconds(machine.cores * (1 - machine.idle) * wallMs)}`]
    : [];
  return ['of the harness', ...programs, ...busy].join('; ');
}
