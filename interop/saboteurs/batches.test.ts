import { describe, expect, it } from 'vitest';
import { saboteurs } from './catalogue/catalogue.ts';
import { batchesOf } from './runs.ts';

/** By its name, which is its alone. */
function named(name: string) {
  const found = saboteurs.find((saboteur) => saboteur.name === name);
  if (!found) throw new Error(`no saboteur is named ${name}`);
  return found;
}

describe('runs of saboteurs', () => {
  it('have each of them once', () => {
    const played = batchesOf(saboteurs).flat();
    expect(played.length).toBe(saboteurs.length);
    expect(new Set(played)).toEqual(new Set(saboteurs));
  });

  it('are as patient with one as they are when all play: the slow are apart from the others', () => {
    for (const batch of batchesOf(saboteurs))
      expect(new Set(batch.map(({ isSlow = false }) => isSlow)).size).toBe(1);
    expect(batchesOf([named('never-cancels')])).toEqual([[named('never-cancels')]]);
    expect(batchesOf([named('never-cancels'), named('ends-late')])).toEqual([
      [named('ends-late')],
      [named('never-cancels')],
    ]);
  });
});
