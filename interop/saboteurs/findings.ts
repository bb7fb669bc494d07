/** What came of runs with saboteurs: for the tests, and for whoever asks on the command line. */

import type { CellResult, RunEvent } from '../model/event.ts';
import type { Mismatch } from '../model/outcome.ts';
import { startFold, tally } from '../outcome/matrix.ts';
import type { Pairing, Saboteur } from './catalogue/saboteur.ts';
import { complaintsAbout, pairingOf, resultsOf, witnessesOf } from './complaints.ts';
import { honestPeer } from './peers.ts';
import { matches, type RunLog } from './runs.ts';
import { scenarios } from './scenarios.ts';

/** A cell that a saboteur turned red. */
export interface Catch {
  readonly scenario: string;
  readonly as: Pairing;
  readonly kind: 'failed' | 'broken';
  /** Those that tell of it; none where a side broke, which the harness sees by itself. */
  readonly witnesses: readonly Mismatch['witness'][];
  readonly blame: string;
}

export interface Finding {
  readonly saboteur: Saboteur;
  readonly played: number;
  readonly caught: readonly Catch[];
  /** What the harness should have made of it, and did not. */
  readonly complaints: readonly string[];
}

export interface Findings {
  readonly findings: readonly Finding[];
  /** Scenarios that caught nobody who was aimed at them. */
  readonly idle: readonly string[];
  /** What happened to those who had done nothing. */
  readonly harm: readonly string[];
}

export function findingsOf(saboteurs: readonly Saboteur[], runs: readonly RunLog[]): Findings {
  const findings = saboteurs.map((saboteur): Finding => {
    const log = runs.find((each) => each.saboteurs.includes(saboteur));
    const own = log ? resultsOf(saboteur, log) : [];
    const complaints = log ? complaintsAbout(saboteur, log) : ['it was not played'];
    return {
      saboteur,
      played: own.length,
      caught: own.flatMap((result) => catchOf(saboteur, result)),
      complaints,
    };
  });
  const names = scenarios.map(({ name }) => name);
  return {
    findings,
    idle: names.filter((name) => !findings.some((finding) => hasCaught(name, finding))),
    harm: runs.flatMap(harmOf),
  };
}

/** Shows that a scenario can fail by itself: both sides spoke, and most other scenarios stay green. */
export function isAimedAt(scenario: string, saboteur: Saboteur): boolean {
  const failing = failingBy.get(saboteur) ?? failingOf(saboteur);
  failingBy.set(saboteur, failing);
  return failing.has(scenario) && failing.size < scenarios.length / 2;
}

/** They are asked for every scenario. */
const failingBy = new WeakMap<Saboteur, ReadonlySet<string>>();

function failingOf({ breaks }: Saboteur): ReadonlySet<string> {
  const fails = breaks.filter(({ verdict }) => verdict.kind === 'failed').flatMap((each) => each.scenarios);
  return new Set(scenarios.flatMap(({ name }) => (matches(fails, name) ? [name] : [])));
}

function hasCaught(scenario: string, { saboteur, caught }: Finding): boolean {
  return (
    caught.some((each) => each.scenario === scenario && each.kind === 'failed') &&
    isAimedAt(scenario, saboteur)
  );
}

function catchOf(saboteur: Saboteur, result: CellResult): readonly Catch[] {
  const { scenario, outcome } = result;
  const place = { scenario, as: pairingOf(saboteur, result) };
  if (outcome.kind === 'failed')
    return [{ ...place, kind: 'failed', witnesses: witnessesOf(outcome), blame: outcome.blame.side }];
  return outcome.kind === 'broken' ? [{ ...place, kind: 'broken', witnesses: [], blame: outcome.by }] : [];
}

/** What happened in a run to those who had done nothing. */
export function harmOf({ saboteurs, events }: RunLog): readonly string[] {
  const fold = startFold();
  for (const event of events) fold.add(event);
  const { complete, missing, known, unsupported, problems } = tally(fold.matrix);
  const expected = saboteurs.filter(({ stops }) => stops).length;
  return [
    ...events.flatMap(harm),
    ...(complete ? [] : ['a run did not come to an end']),
    ...(missing + known + unsupported > 0 ? [`${missing + known + unsupported} cells have no result`] : []),
    ...(problems.length > expected
      ? [`${expected} problems at the stop were wanted, and there were: ${problems.join('; ')}`]
      : []),
  ];
}

/** The honest peer must be green with itself, and stop without a problem. */
function harm(event: RunEvent): readonly string[] {
  if (event.type === 'peer-stopped' && event.peer === honestPeer.name)
    return event.problem ? [event.problem] : [];
  if (event.type !== 'cell-finished') return [];
  const { client, server, scenario, outcome } = event.result;
  const isOwn = client === honestPeer.name && server === honestPeer.name;
  return isOwn && outcome.kind !== 'passed'
    ? [`the honest peer with itself, ${scenario}: ${JSON.stringify(outcome)}`]
    : [];
}
