import { beforeAll, describe, expect, it } from 'vitest';
import { saboteurs } from './catalogue/catalogue.ts';
import { type Findings, findingsOf, isAimedAt } from './findings.ts';
import { lies } from './lies/lies.ts';
import { matches, plays, type RunLog, runAll } from './runs.ts';
import { scenarios } from './scenarios.ts';

const names = scenarios.map(({ name }) => name);

describe('the catalogue', () => {
  it.each(names)('has a saboteur for %s', (name) => {
    expect(saboteurs.filter((saboteur) => isAimedAt(name, saboteur))).not.toEqual([]);
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

/** `npm test` plays a sample, and with STITCH_SABOTEURS=whole, as in `.ci/run`, all of it. */
describe('runs with saboteurs', () => {
  let runs: readonly RunLog[] = [];
  let found: Findings = { findings: [], idle: [], harm: [] };
  beforeAll(async () => {
    runs = await runAll(saboteurs, process.env.STITCH_SABOTEURS === 'whole' ? 'whole' : 'sample');
    found = findingsOf(saboteurs, runs);
  }, 1_200_000);

  it.each(saboteurs)('$name: $does', (saboteur) => {
    expect(found.findings.find((finding) => finding.saboteur === saboteur)?.complaints).toEqual([]);
  });

  it('leave no scenario that catches nobody', () => {
    expect(found.idle).toEqual([]);
  });

  it('come to an end with a result for every cell, and leave the honest peer unharmed', () => {
    expect(found.harm).toEqual([]);
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
});
