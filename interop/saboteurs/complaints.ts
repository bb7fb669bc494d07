import type { CellResult } from '../model/event.ts';
import type { Blame, Outcome } from '../model/outcome.ts';
import { matches, type Told } from './runs.ts';
import type { Breakage, Pairing, Saboteur } from './saboteur.ts';

/** What the harness made of a saboteur that it should not have, as sentences; empty when all is well. */
export function complaintsAbout(saboteur: Saboteur, told: Told): readonly string[] {
  const own = resultsOf(saboteur, told);
  const stopped = told.events.find((event) => event.type === 'peer-stopped' && event.peer === saboteur.name);
  const problem = (stopped?.type === 'peer-stopped' && stopped.problem) || 'without a problem';
  const stops = saboteur.stops ?? 'without a problem';
  return [
    ...(own.length === 0 ? ['it played in no cell'] : own.flatMap((result) => complaint(saboteur, result))),
    ...(problem.includes(stops) ? [] : [`wanted it to stop ${stops}, got ${problem}`]),
  ];
}

/** The cells in which it played. */
export function resultsOf({ name }: Saboteur, { events }: Told): readonly CellResult[] {
  return events.flatMap((event) =>
    event.type === 'cell-finished' && [event.result.client, event.result.server].includes(name)
      ? [event.result]
      : [],
  );
}

function complaint(saboteur: Saboteur, result: CellResult): readonly string[] {
  const { scenario, outcome } = result;
  const pairing = pairingOf(saboteur, result);
  const wanted = saboteur.breaks.find(
    (each) => matches(each.scenarios, scenario) && (each.as ?? pairing) === pairing,
  )?.verdict;
  if (wanted ? isAsWanted(wanted, pairing, outcome) : outcome.kind === 'passed') return [];
  return [
    `${pairing}, ${scenario}: wanted ${JSON.stringify(wanted ?? 'passed')}, got ${JSON.stringify(outcome)}`,
  ];
}

function pairingOf({ name }: Saboteur, { client, server }: CellResult): Pairing {
  if (client === server) return 'itself';
  return client === name ? 'client' : 'server';
}

function isAsWanted(wanted: Breakage['verdict'], pairing: Pairing, got: Outcome): boolean {
  if (wanted.kind === 'failed') {
    const blame: Blame['side'] | Pairing = wanted.blame ?? pairing;
    return (
      got.kind === 'failed' &&
      got.blame.side === blame &&
      got.mismatches.some(({ witness }) => witness === wanted.witness)
    );
  }
  return (
    got.kind === 'broken' &&
    got.by === wanted.by &&
    got.stage === wanted.stage &&
    got.reason.includes(wanted.says)
  );
}
