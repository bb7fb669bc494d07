import { type Cell, cellId } from '../model/cell.ts';
import { lackText } from '../model/peer.ts';
import { type DurationsByLauncher, estimate } from '../outcome/durations.ts';
import type { Plan } from '../plan/plan.ts';
import { readDurations } from '../report/outputs/durations.ts';
import { count, duration } from '../report/text.ts';
import { plannedCalls } from '../run/play.ts';
import { baselineOf } from './baseline.ts';
import { durationsFileOf } from './files.ts';
import type { Options } from './options.ts';
import { contractsOf, planOf } from './select.ts';
import { shardOf } from './shard.ts';

/** `list`: the plan, and nothing is started. */
export async function listCommand(options: Options): Promise<number> {
  const baseline = await baselineOf(options);
  const plan = shardOf(options, await planOf(options, await contractsOf(options), baseline), baseline);
  process.stdout.write(
    options.json
      ? `${JSON.stringify(planDocument(plan), null, 2)}\n`
      : `${planText(plan, readDurations(durationsFileOf(options)))}\n`,
  );
  return 0;
}

function planDocument({ peers, scenarios, cells, leftOut, ledger, problems }: Plan) {
  return {
    peers: peers.map(({ name, title, server, client }) => ({
      name,
      title,
      roles: { client: !!client, server: !!server },
    })),
    scenarios: scenarios.map(({ name, contract, title, source }) => ({ name, contract, title, source })),
    cells,
    leftOut,
    ledger,
    problems,
  };
}

function planText(plan: Plan, durations: DurationsByLauncher): string {
  const width = Math.max(...plan.scenarios.map((scenario) => scenario.name.length));
  const peerWidth = Math.max(...plan.peers.map((peer) => peer.name.length));
  const names = (key: 'client' | 'server') => [...new Set(plan.cells.map((cell) => cell[key]))].join(' ');
  return [
    ...plan.peers.map((peer) => `${peer.name.padEnd(peerWidth)}  ${peer.title}`),
    '',
    `clients  ${names('client')}`,
    `servers  ${names('server')}`,
    '',
    ...[...Map.groupBy(plan.scenarios, ({ contract }) => contract)].flatMap(([contract, scenarios]) => [
      `contract ${contract}`,
      ...scenarios.map(({ name, title }) => `${name.padEnd(width)}  ${title}${notes(plan, name)}`),
      '',
    ]),
    `${count(plan.cells.length, 'cell')}${plan.leftOut && `; ${plan.leftOut}`}`,
    ...costs(plan, durations),
    ...plan.problems,
  ].join('\n');
}

/** What a run of it costs. */
function costs({ cells, scenarios }: Plan, durations: DurationsByLauncher): readonly string[] {
  const played = cells.filter((cell) => !cell.unsupported);
  const calls = new Map(scenarios.map((scenario) => [scenario.name, plannedCalls(scenario).length]));
  const sum = played.reduce((total, { scenario }) => total + (calls.get(scenario) ?? 0), 0);
  const times = Object.entries(durations).flatMap(([kind, known]) => {
    const found = estimate(played.map(cellId), known);
    return found ? [`about ${duration(found.ms)} as ${kind}, by runs until ${found.at.slice(0, 10)}`] : [];
  });
  return [`played: ${[count(played.length, 'cell'), count(sum, 'call'), ...times].join('; ')}`];
}

function notes(plan: Plan, scenario: string): string {
  const cells = plan.cells.filter((cell) => cell.scenario === scenario);
  const unsupported = cells.flatMap((cell) =>
    cell.unsupported ? `${pair(cell)}: ${cell.unsupported.by} ${lackText(cell.unsupported.feature)}` : [],
  );
  const known = cells
    .filter((cell) => cell.known !== undefined)
    .map((cell) => `${pair(cell)}: known failure`);
  return [...unsupported, ...known].map((note) => `\n  ${note}`).join('');
}

function pair(cell: Cell): string {
  return `${cell.client} → ${cell.server}`;
}
