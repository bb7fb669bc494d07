import type { CellResult } from '../model/event.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Saboteur, Verdict } from './catalogue.ts';
import { matches, type Told } from './runs.ts';

/** What the harness made of a saboteur that it should not have, as sentences; empty when all is well. */
export function complaintsAbout(saboteur: Saboteur, { events }: Told): readonly string[] {
  const results = events.flatMap((event) => (event.type === 'cell-finished' ? [event.result] : []));
  const own = results.filter(({ client, server }) => [client, server].includes(saboteur.name));
  const stopped = events.find((event) => event.type === 'peer-stopped' && event.peer === saboteur.name);
  const problem = (stopped?.type === 'peer-stopped' && stopped.problem) || 'without a problem';
  const stops = saboteur.stops ?? 'without a problem';
  return [
    ...(own.length === 0 ? ['it played in no cell'] : own.flatMap((result) => complaint(saboteur, result))),
    ...(problem.includes(stops) ? [] : [`wanted it to stop ${stops}, got ${problem}`]),
  ];
}

function complaint({ breaks }: Saboteur, { scenario, outcome }: CellResult): readonly string[] {
  const wanted = breaks.find(({ scenarios }) => matches(scenarios, scenario))?.verdict;
  if (wanted ? isAsWanted(wanted, outcome) : outcome.kind === 'passed') return [];
  return [`${scenario}: wanted ${JSON.stringify(wanted ?? 'passed')}, got ${JSON.stringify(outcome)}`];
}

function isAsWanted(wanted: Verdict, got: Outcome): boolean {
  if (wanted.kind === 'failed')
    return got.kind === 'failed' && got.mismatches.some(({ witness }) => witness === wanted.witness);
  return (
    got.kind === 'broken' &&
    got.by === wanted.by &&
    got.stage === wanted.stage &&
    got.reason.includes(wanted.says)
  );
}
