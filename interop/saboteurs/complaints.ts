import type { CellResult } from '../model/event.ts';
import type { Blame, Mismatch, Outcome } from '../model/outcome.ts';
import type { Breakage, Pairing, Saboteur } from './catalogue/saboteur.ts';
import { matches, type RunLog } from './runs.ts';

/** What the harness made of a saboteur that it should not have, as sentences; empty when all is well. */
export function complaintsAbout(saboteur: Saboteur, log: RunLog): readonly string[] {
  const own = resultsOf(saboteur, log);
  const stopped = log.events.find((event) => event.type === 'peer-stopped' && event.peer === saboteur.name);
  const problem = (stopped?.type === 'peer-stopped' && stopped.problem) || 'without a problem';
  const stops = saboteur.stops ?? 'without a problem';
  return [
    ...(own.length === 0 ? ['it played in no cell'] : own.flatMap((result) => complaint(saboteur, result))),
    ...(problem.includes(stops) ? [] : [`wanted it to stop ${stops}, got ${problem}`]),
  ];
}

/** The cells in which it played. */
export function resultsOf({ name }: Saboteur, { events }: RunLog): readonly CellResult[] {
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
  const place = pairing === 'itself' ? 'with itself' : `as ${pairing}`;
  return [`${place}, ${scenario}: wanted ${wantedText(wanted, pairing)}, got ${gotText(outcome)}`];
}

function wantedText(wanted: Breakage['verdict'] | undefined, pairing: Pairing): string {
  if (!wanted) return 'passed';
  return wanted.kind === 'failed'
    ? `failed, told by ${wanted.witness}, blame on ${wanted.blame ?? pairing}`
    : `broken by ${wanted.by} at stage ${wanted.stage}, and a reason with "${wanted.says}"`;
}

function gotText(got: Outcome): string {
  switch (got.kind) {
    case 'passed':
      return 'passed';
    case 'unsupported':
      return `unsupported by ${got.by}`;
    case 'broken':
      return `broken by ${got.by} at stage ${got.stage}: ${got.reason}`;
    case 'failed':
      return `failed, told by ${witnessesOf(got).join(' and ')}, blame on ${got.blame.side}: ${got.blame.because}`;
    default:
      return got satisfies never;
  }
}

/** Those who tell of a mismatch, each once. */
export function witnessesOf({
  mismatches,
}: Extract<Outcome, { kind: 'failed' }>): readonly Mismatch['witness'][] {
  return [...new Set(mismatches.map(({ witness }) => witness))];
}

export function pairingOf({ name }: Saboteur, { client, server }: CellResult): Pairing {
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
  if (got.kind === 'failed') return wanted.orFailed === true && got.blame.side === wanted.by;
  return (
    got.kind === 'broken' &&
    got.by === wanted.by &&
    got.stage === wanted.stage &&
    got.reason.includes(wanted.says)
  );
}
