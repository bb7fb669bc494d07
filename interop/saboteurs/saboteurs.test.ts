import { beforeAll, describe, expect, it } from 'vitest';
import { startFold, tally } from '../matrix.ts';
import type { Scenario } from '../model/scenario.ts';
import { scenarios } from '../scenarios/all.ts';
import { saboteurs } from './catalogue.ts';
import { complaintsAbout } from './complaints.ts';
import { lies } from './lies.ts';
import { honestPeer } from './peers.ts';
import { matches, plays, runAll, type Told } from './runs.ts';
import type { Saboteur } from './saboteur.ts';

const names = scenarios.map(({ name }) => name);

/** Shows that a scenario can fail by itself: both sides spoke, and most other scenarios stay green. */
function isAimedAt({ name }: Scenario, { breaks }: Saboteur): boolean {
  const fails = breaks.filter(({ verdict }) => verdict.kind === 'failed').flatMap((each) => each.scenarios);
  return matches(fails, name) && names.filter((each) => matches(fails, each)).length < names.length / 2;
}

describe('the catalogue', () => {
  it.each(scenarios)('has a saboteur for $name', (scenario) => {
    expect(saboteurs.filter((saboteur) => isAimedAt(scenario, saboteur))).not.toEqual([]);
  });

  it('names each saboteur once', () => {
    expect(new Set(saboteurs.map(({ name }) => name)).size).toBe(saboteurs.length);
  });

  it('has a saboteur for each lie', () => {
    expect(new Set(saboteurs.map(({ lie }) => lie))).toEqual(new Set(Object.keys(lies)));
  });

  it('claims nothing for a scenario that there is not, or that the saboteur does not play', () => {
    const idle = saboteurs.flatMap((saboteur) =>
      saboteur.breaks
        .flatMap((each) => each.scenarios)
        .filter((pattern) => !names.some((name) => matches([pattern], name) && plays(saboteur, name)))
        .map((pattern) => `${saboteur.name} ${pattern}`),
    );
    expect(idle).toEqual([]);
  });
});

describe('runs with saboteurs', () => {
  let runs: readonly Told[] = [];
  beforeAll(async () => {
    runs = await runAll(saboteurs);
  }, 300_000);

  it.each(saboteurs)('$name: $does', (saboteur) => {
    const told = runs.find((each) => each.saboteurs.includes(saboteur));
    expect(told && complaintsAbout(saboteur, told)).toEqual([]);
  });

  it('leave the honest peer unharmed: green with itself, and stopped without a problem', () => {
    const harmed = runs.flatMap(({ events }) =>
      events.filter(
        (event) =>
          (event.type === 'cell-finished' &&
            event.result.client === honestPeer.name &&
            event.result.server === honestPeer.name &&
            event.result.outcome.kind !== 'passed') ||
          (event.type === 'peer-stopped' && event.peer === honestPeer.name && event.problem),
      ),
    );
    expect(harmed).toEqual([]);
  });

  it('have the honest peer play every scenario with itself', () => {
    const played = runs.flatMap(({ events }) =>
      events.flatMap((event) =>
        event.type === 'cell-finished' && event.result.client === event.result.server
          ? [event.result.scenario]
          : [],
      ),
    );
    expect(new Set(played)).toEqual(new Set(names));
  });

  it('come to an end with a result for every cell, and no problem but those at the stop', () => {
    for (const { saboteurs, events } of runs) {
      const fold = startFold();
      for (const event of events) fold.add(event);
      const counted = tally(fold.matrix);
      expect(counted).toMatchObject({ complete: true, missing: 0, known: 0, unsupported: 0 });
      expect(counted.problems).toHaveLength(saboteurs.filter(({ stops }) => stops).length);
    }
  });
});
