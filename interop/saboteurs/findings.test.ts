import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../model/event.ts';
import type { Mismatch, Outcome } from '../model/outcome.ts';
import type { Role } from '../model/peer.ts';
import { failed, failedBy, type Saboteur, server } from './catalogue/saboteur.ts';
import { findingsOf, isAimedAt } from './findings.ts';
import type { RunLog } from './runs.ts';
import { scenarios } from './scenarios.ts';
import { findingsText } from './table.ts';

const liar = server('wrong-id', 'Lies.', [failed('wire', 'pick/stitch')]);
const odd = server('pads-frames', 'Is odd.', []);
const passed: Outcome = { kind: 'passed' };

function red(witness: Mismatch['witness'], side: Role): Outcome {
  const mismatch = { call: 0, witness, what: 'response', wanted: '7', got: '8' };
  return { kind: 'failed', blame: { side, because: 'it was seen' }, mismatches: [mismatch] };
}

function cell(scenario: string, outcome: Outcome, client = 'honest', server = 'wrong-id'): RunEvent {
  const evidence = { calls: [], omitted: 0 };
  return {
    type: 'cell-finished',
    result: { client, server, scenario, round: 1, outcome, evidence, durationMs: 1 },
  };
}

function log(saboteur: Saboteur, ...cells: readonly RunEvent[]): RunLog {
  const finished: RunEvent = { type: 'run-finished', at: '', durationMs: 1 };
  return { saboteurs: [saboteur], events: [...cells, finished] };
}

function complaints(saboteur: Saboteur, ...cells: readonly RunEvent[]) {
  return findingsOf([saboteur], [log(saboteur, ...cells)]).findings[0]?.complaints;
}

describe('complaints', () => {
  it('are none about a saboteur that is caught by who should, and blamed', () => {
    expect(complaints(liar, cell('pick/stitch', red('wire', 'server')), cell('pick/gigi', passed))).toEqual(
      [],
    );
  });

  it.each<readonly [string, readonly RunEvent[], string]>([
    [
      'is not caught',
      [cell('pick/stitch', passed)],
      'as server, pick/stitch: wanted failed, told by wire, blame on server, got passed',
    ],
    [
      'is caught by another witness',
      [cell('pick/stitch', red('client', 'server'))],
      'as server, pick/stitch: wanted failed, told by wire, blame on server, got failed, told by client, blame on server: it was seen',
    ],
    [
      'is not blamed',
      [cell('pick/stitch', red('wire', 'client'))],
      'as server, pick/stitch: wanted failed, told by wire, blame on server, got failed, told by wire, blame on client: it was seen',
    ],
    [
      'is caught where it is honest',
      [cell('pick/stitch', red('wire', 'server')), cell('pick/gigi', red('wire', 'server'))],
      'as server, pick/gigi: wanted passed, got failed, told by wire, blame on server: it was seen',
    ],
    ['did not play', [], 'it played in no cell'],
  ])('about one that %s', (_, cells, complaint) => {
    expect(complaints(liar, ...cells)).toEqual([complaint]);
  });

  it('about one in both roles are about the pairing', () => {
    const both: Saboteur = {
      ...liar,
      role: 'both',
      breaks: [
        { ...failed('wire', 'pick/stitch'), as: 'server' },
        { ...failedBy('server', 'wire', 'pick/stitch'), as: 'itself' },
      ],
    };
    expect(
      complaints(
        both,
        cell('pick/stitch', red('wire', 'server')),
        cell('pick/stitch', red('wire', 'server'), 'wrong-id'),
        cell('pick/stitch', red('wire', 'client'), 'wrong-id', 'honest'),
      ),
    ).toEqual([
      'as client, pick/stitch: wanted passed, got failed, told by wire, blame on client: it was seen',
    ]);
  });
});

describe('scenarios', () => {
  it('are aimed at by who breaks few, and not by who breaks all', () => {
    expect(isAimedAt('pick/stitch', liar)).toBe(true);
    expect(isAimedAt('pick/gigi', liar)).toBe(false);
    expect(isAimedAt('pick/stitch', server('wrong-id', '', [failed('wire', '*')]))).toBe(false);
  });

  it('are idle when they catch nobody who is aimed at them', () => {
    const cells = ['pick/stitch', 'pick/gigi'].map((name) => cell(name, red('wire', 'server')));
    const { idle } = findingsOf([liar], [log(liar, ...cells)]);
    expect(idle).toEqual(scenarios.map(({ name }) => name).filter((name) => name !== 'pick/stitch'));
  });
});

describe('harm', () => {
  const harmOf = (...events: readonly RunEvent[]) => findingsOf([liar], [log(liar, ...events)]).harm;

  it('is an honest peer that is red with itself, or does not stop', () => {
    const harm = harmOf(
      cell('pick/stitch', red('wire', 'server'), 'honest', 'honest'),
      cell('pick/stitch', red('wire', 'server')),
      { type: 'peer-stopped', peer: 'honest', role: 'server', problem: 'honest server did not stop' },
    );
    expect(harm).toContainEqual(expect.stringMatching(/^the honest peer with itself, pick\/stitch: /));
    expect(harm).toContain('honest server did not stop');
    expect(harm.filter((sentence) => sentence.startsWith('the honest peer'))).toHaveLength(1);
  });

  it('is a run without an end', () => {
    const { harm } = findingsOf([liar], [{ saboteurs: [liar], events: [] }]);
    expect(harm).toContain('a run did not come to an end');
  });
});

describe('the table', () => {
  const plain = (_: unknown, text: string) => text;

  it('has a line for each saboteur, what is wrong, and the sum', () => {
    const runs = [
      log(liar, cell('pick/stitch', red('wire', 'client')), cell('pick/gigi', passed)),
      log(odd, cell('pick/gigi', passed, 'honest', 'pads-frames')),
    ];
    const found = { ...findingsOf([liar, odd], runs), idle: ['pick/gigi'], harm: [] };
    expect(findingsText(found, plain).split('\n')).toEqual([
      'saboteur      role     caught by     witness   blame',
      'wrong-id      server   pick/stitch   wire      client   ✕',
      'pads-frames   server   allowed: green everywhere, in 1 cell',
      '',
      '✕ wrong-id: Lies.',
      '  as server, pick/stitch: wanted failed, told by wire, blame on server, got failed, told by wire, blame on client: it was seen',
      '',
      '✕ scenarios that caught nobody aimed at them',
      '  pick/gigi',
      '',
      '1 saboteur and 1 who only look like one: 1 not as they should be, and 1 other problem',
    ]);
  });
});
