import { describe, expect, it } from 'vitest';
import { aCell, aKnownFailure, aResult, aStart } from '../fixtures/values.ts';
import type { Outcome } from '../model/outcome.ts';
import { alike, blameSentence } from '../report/blame.ts';
import { linesOfBlame } from './blame.ts';
import { startFold } from './matrix.ts';

type Side = 'client' | 'server' | 'undetermined';

function failed(side: Side): Outcome {
  return { kind: 'failed', blame: { side, because: 'it is so' }, mismatches: [] };
}

function broken(by: 'client' | 'server'): Outcome {
  return { kind: 'broken', by, stage: 'call', reason: 'it broke' };
}

/** The sentences of a run of these cells; a cell that is not named passed. */
function sentences(
  ids: readonly string[],
  outcomes: Readonly<Record<string, Outcome>>,
  known: readonly string[] = [],
): readonly string[] {
  const { matrix, add } = startFold();
  const cells = ids.map((id) => aCell(id, known.includes(id) ? { known: 0 } : {}));
  add(aStart(cells, { ledger: [aKnownFailure()] }));
  for (const id of ids) {
    const outcome = outcomes[id] ?? { kind: 'passed' };
    add({ type: 'cell-finished', result: aResult(id, outcome) });
  }
  return alike(linesOfBlame(matrix)).map(blameSentence);
}

const peers = ['a', 'b', 'c'];
const all = peers.flatMap((client) => peers.map((server) => `${client}/${server}/pick/one`));

function each(ids: readonly string[], outcome: Outcome): Readonly<Record<string, Outcome>> {
  return Object.fromEntries(ids.map((id) => [id, outcome]));
}

describe('the line of blame', () => {
  it('is none when nothing failed', () => {
    expect(sentences(all, {})).toEqual([]);
  });

  it('of a server that fails with everybody', () => {
    const cells = ['a/b/pick/one', 'b/b/pick/one', 'c/b/pick/one'];
    expect(sentences(all, each(cells, failed('server')))).toEqual([
      'b server fails pick/one with 3 of 3 clients, itself included',
    ]);
  });

  it('of a client that fails with some, or breaks', () => {
    const outcomes = { 'a/b/pick/one': failed('client'), 'a/c/pick/one': broken('client') };
    expect(sentences(all, outcomes)).toEqual([
      'a client fails pick/one with 2 of 3 servers, but not with itself',
    ]);
  });

  it('counts those with which the scenario ran', () => {
    const outcomes = {
      'a/b/pick/one': failed('server'),
      'b/b/pick/one': { kind: 'unsupported', by: 'client', feature: 'timeout' } as const,
    };
    expect(sentences(['a/b/pick/one', 'b/b/pick/one', 'c/b/pick/one'], outcomes)).toEqual([
      'b server fails pick/one with 1 of 2 clients',
    ]);
  });

  it('names scenarios together that fail with the same, the most failing first', () => {
    const words = ['one', 'two', 'three', 'four'];
    const wide = words.flatMap((word) => ['a', 'b'].map((client) => `${client}/b/pick/${word}`));
    const outcomes = { ...each(wide, failed('server')), 'a/a/pick/one': failed('server') };
    expect(sentences(['a/a/pick/one', ...wide], outcomes)).toEqual([
      'b server fails pick/one, pick/two, pick/three and 1 more scenario with 2 of 2 clients, itself included',
      'a server fails pick/one with 1 of 1 client',
    ]);
  });

  it('of several that fail alike is one', () => {
    const cells = all.filter((id) => !id.startsWith('c/'));
    expect(sentences(all, each(cells, failed('client')))).toEqual([
      'a and b clients fail pick/one with 3 of 3 servers each',
    ]);
    expect(sentences(all, each(all, failed('client')))).toEqual([
      'a, b and c clients fail pick/one with 3 of 3 servers each',
    ]);
    expect(sentences(all, each(cells, failed('client')), cells)).toEqual([
      'a client fails pick/one with 3 of 3 servers, itself included, as the ledger knows',
      'b client fails pick/one with 3 of 3 servers, itself included, as the ledger knows',
    ]);
    const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((client) => `${client}/x/pick/one`);
    expect(sentences(many, each(many, failed('client')))).toEqual([
      'a, b, c, d and 2 more clients fail pick/one with 1 of 1 server each',
    ]);
  });

  it('says that the ledger knows, when it knows them all', () => {
    const cells = ['a/b/pick/one', 'c/b/pick/one'];
    const outcomes = each(cells, failed('server'));
    expect(sentences(cells, outcomes, cells)).toEqual([
      'b server fails pick/one with 2 of 2 clients, as the ledger knows',
    ]);
    expect(sentences(cells, outcomes, ['a/b/pick/one'])).toEqual([
      'b server fails pick/one with 2 of 2 clients',
    ]);
  });

  it('where nobody is blamed, is of those who fail with everybody', () => {
    const cells = ['a/b/pick/one', 'c/b/pick/one'];
    expect(
      sentences(['a/a/pick/one', ...cells, 'c/a/pick/one'], each(cells, failed('undetermined'))),
    ).toEqual(['b server fails pick/one with 2 of 2 clients']);
    expect(sentences(['a/b/pick/one', 'c/b/pick/one'], { 'a/b/pick/one': failed('undetermined') })).toEqual(
      [],
    );
  });
});
