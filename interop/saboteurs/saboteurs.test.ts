import { beforeAll, describe, expect, it } from 'vitest';
import { saboteurs } from './catalogue/catalogue.ts';
import { complaintsAbout } from './complaints.ts';
import { type Findings, findingsOf, harmOf, isAimedAt } from './findings.ts';
import { lies } from './lies/lies.ts';
import { type Extent, matches, plays, type RunLog, runAll } from './runs.ts';
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
const extent: Extent = process.env.STITCH_SABOTEURS === 'whole' ? 'whole' : 'sample';

/** Where a test is tried twice, as in CI, the second time is worth something: those concerned have played again. */
function isSecondTry(task: { readonly result?: { readonly retryCount?: number } }): boolean {
  return (task.result?.retryCount ?? 0) > 0;
}

describe('runs with saboteurs', { timeout: 300_000 }, () => {
  let runs: readonly RunLog[] = [];
  let found: Findings = { findings: [], idle: [], harm: [] };
  beforeAll(async () => {
    runs = await runAll(saboteurs, extent);
    found = findingsOf(saboteurs, runs);
  }, 1_200_000);

  it.for(saboteurs)('$name: $does', async (saboteur, { task }) => {
    const logs = isSecondTry(task) ? await runAll([saboteur], extent) : runs;
    const own = logs.filter((log) => log.saboteurs.includes(saboteur));
    expect(own).toHaveLength(1);
    expect(own.flatMap((log) => complaintsAbout(saboteur, log))).toEqual([]);
  });

  it('leave no scenario that catches nobody', () => {
    expect(found.idle).toEqual([]);
  });

  it('come to an end with a result for every cell, and leave the honest peer unharmed', async ({ task }) => {
    const harmful = runs.filter((log) => harmOf(log).length > 0);
    const logs = isSecondTry(task)
      ? await runAll(
          harmful.flatMap((log) => log.saboteurs),
          extent,
        )
      : harmful;
    expect(logs.flatMap(harmOf)).toEqual([]);
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
