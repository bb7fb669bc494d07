import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aStream } from '../../fixtures/streams.ts';
import { aCell, aFailure, aLog, anEnd, aResult, aStart } from '../../fixtures/values.ts';
import type { RunEvent } from '../../model/event.ts';
import type { Mismatch, Outcome } from '../../model/outcome.ts';
import { terminalReporter } from './terminal.ts';

beforeEach(() => void vi.stubEnv('FORCE_COLOR', undefined));
afterEach(() => void vi.unstubAllEnvs());

function told(events: readonly RunEvent[], { isLive = false } = {}): string {
  const { stream, pieces } = aStream(isLive);
  const reporter = terminalReporter({ stream, isLive });
  for (const event of events) void reporter.on(event);
  void reporter.end?.();
  return pieces.join('');
}

function finished(outcome: Outcome, more = {}): RunEvent {
  return { type: 'cell-finished', result: { ...aResult('a/b/pick/one', outcome), ...more } };
}

const cell = aCell('a/b/pick/one');

function aMismatch(call: number): Mismatch {
  return { call, witness: 'client', what: 'status', wanted: 'OK', got: 'NOT_FOUND' };
}

describe('the headline', () => {
  it.each<[string, RunEvent]>([
    ['1 client × 1 server × 1 scenario = 1 cell, in memory (a test)', aStart([cell])],
    [
      '1 client × 1 server × 1 scenario = 1 cell, in memory (a test), nobody reads along',
      aStart([cell], { isTapped: false }),
    ],
    [
      '2 clients × 1 server × 2 scenarios, 3 cells of them selected, as processes (no Docker engine answers)',
      aStart([cell, aCell('a/b/pick/two'), aCell('b/b/pick/two')], {
        launcher: { kind: 'process', why: 'no Docker engine answers' },
      }),
    ],
    [
      '1 client × 1 server × 1 scenario = 1 cell, in containers (a Docker engine answers)\n3 of 4 cells left out by the query: a',
      aStart([cell], {
        launcher: { kind: 'container', why: 'a Docker engine answers' },
        leftOut: '3 of 4 cells left out by the query: a',
      }),
    ],
  ])('is %s', (text, event) => {
    expect(told([event]).slice(0, text.length + 1)).toBe(`${text}\n`);
  });
});

describe('clients that nobody reads along with', () => {
  it('are one line, whoever they are', () => {
    const started = (peer: string, untapped?: string): RunEvent => ({
      type: 'peer-started',
      peer,
      role: 'client',
      implementation: { language: '', languageVersion: '', library: '', libraryVersion: '' },
      startupMs: 1,
      ...(untapped && { untapped }),
    });
    const text = told([aStart([cell]), started('a'), started('b', 'no\u001b way'), started('c', 'no way')]);
    expect(text.match(/^nobody reads along: .*$/gm)).toEqual(['nobody reads along: no\\u001b way']);
  });
});

describe('what is built', () => {
  it('is told every ten seconds while it takes long', () => {
    vi.useFakeTimers();
    const { stream, pieces } = aStream(false);
    const reporter = terminalReporter({ stream, isLive: false });
    for (const event of [aStart([cell]), { type: 'peer-building', peer: 'a' } as const])
      void reporter.on(event);
    vi.advanceTimersByTime(25_000);
    expect(pieces.slice(1)).toEqual(['building a (10.0 s) …\n', 'building a (20.0 s) …\n']);
    void reporter.on({ type: 'peer-built', peer: 'a', buildMs: 26_000, cached: false });
    vi.advanceTimersByTime(60_000);
    expect(pieces.slice(3)).toEqual(['a ✓ built 26.0 s\n']);
    void reporter.end?.();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('is a line; what was built before is none', () => {
    const text = told([
      aStart([cell]),
      { type: 'peer-building', peer: 'a' },
      { type: 'peer-building', peer: 'b' },
      { type: 'peer-built', peer: 'a', buildMs: 4100, cached: false },
      { type: 'peer-built', peer: 'b', buildMs: 1, cached: true },
    ]);
    expect(text.split('\n').slice(1, 3)).toEqual(['a ✓ built 4.1 s', 'client ╲ server   b']);
  });

  it('is told when it fails, without what a terminal would obey', () => {
    const problem = 'a could not be built: \u001b[2J\n  stderr: no such thing';
    const text = told([
      aStart([cell]),
      { type: 'peer-built', peer: 'a', buildMs: 1, cached: false, problem },
    ]);
    expect(text).toContain('✕ a could not be built: \\u001b[2J\n  stderr: no such thing\n');
  });
});

describe('a failure', () => {
  it('says who disagrees, which call of several, what it wrote and how to see it again', () => {
    const mismatches: readonly Mismatch[] = [
      aMismatch(0),
      { call: 2, witness: 'both', what: 'answer', wanted: 'this', got: 'that' },
    ];
    const text = told([
      aStart([cell]),
      finished(aFailure(mismatches), {
        logs: { client: aLog('one', '\u001b[31mtwo\u001b[0m', '', ' '), server: [] },
        reproduce: 'npm run interop',
      }),
      anEnd(),
    ]);
    expect(text).toContain(
      [
        '✕ a client → b server   pick/one',
        '  pick/one is as it should be.',
        '  blame: undetermined: it is a test',
        '  call 1, status',
        '    wanted  OK',
        '    client  NOT_FOUND',
        '  call 3, answer',
        '    wanted  this',
        '    both    that',
        '  a client stderr: one',
        '  a client stderr: \\u001b[31mtwo\\u001b[0m',
        '  again: npm run interop',
        '0 of 1 planned cells passed in 1.2 s; 1 unexpected result',
        '',
      ].join('\n'),
    );
  });

  it('shows six differences and twelve lines of log, and how many more there are', () => {
    const mismatches = Array.from({ length: 9 }, (_, index) => aMismatch(index));
    const server = aLog(...Array.from({ length: 20 }, (_, index) => `line ${index}`));
    const text = told([aStart([cell]), finished(aFailure(mismatches), { logs: { client: [], server } })]);
    expect(text.match(/^ {2}call \d, status$/gm)).toHaveLength(6);
    expect(text).toContain('  … and 3 more differences\n');
    expect(text.match(/ b server stderr: /g)).toHaveLength(12);
    expect(text).toContain('b server stderr: line 19\n');
    expect(text).not.toContain('line 7\n');
  });

  it('is one of twenty; the others are in the log', () => {
    const cells = Array.from({ length: 23 }, (_, index) => aCell(`a/b/pick/${index}`));
    const text = told([
      aStart(cells),
      ...cells.map(
        ({ scenario }): RunEvent => ({
          type: 'cell-finished',
          result: aResult(`a/b/${scenario}`, aFailure([aMismatch(0)])),
        }),
      ),
    ]);
    expect(text.match(/^✕ a client/gm)).toHaveLength(20);
    expect(text).toContain('\n… and 3 more in the log\n');
  });

  it('of a peer is what it says, indented and harmless', () => {
    const reason = 'b server ended before it listened: exit code 2\n  stderr: \u009b31mboo\u202e';
    const text = told([aStart([cell]), finished({ kind: 'broken', by: 'server', stage: 'ready', reason })]);
    expect(text).toContain(
      '  broken at stage ready: b server ended before it listened: exit code 2\n    stderr: \\u009b31mboo\\u202e\n',
    );
  });
});

it('a problem of the run is a line, and harmless', () => {
  const problem = 'b server did not stop within 6000 ms of the end of its input: killed\u0007';
  const text = told([
    aStart([cell]),
    finished({ kind: 'passed' }),
    { type: 'peer-stopped', peer: 'b', role: 'server', problem },
    anEnd(),
  ]);
  expect(text.split('\n').slice(-3)).toEqual([
    '✕ b server did not stop within 6000 ms of the end of its input: killed\\u0007',
    '1 of 1 planned cells passed in 1.2 s; 1 problem',
    '',
  ]);
});

describe('in place', () => {
  it('the matrix grows, and nothing of it stays', () => {
    vi.spyOn(performance, 'now').mockReturnValue(0);
    const { stream, pieces } = aStream(true);
    const reporter = terminalReporter({ stream, isLive: true });
    void reporter.on(aStart([cell]));
    expect(pieces.join('')).toContain('1 ·');
    expect(pieces.join('')).toContain('running …');
    const before = pieces.length;
    void reporter.on(finished({ kind: 'passed' }));
    expect(pieces.length, 'not more often than ten times a second').toBe(before);
    vi.spyOn(performance, 'now').mockReturnValue(100);
    void reporter.on({ type: 'cell-started', client: 'a', server: 'b', scenario: 'pick/one', round: 1 });
    expect(pieces.slice(before).join('')).toContain('1 ✓');
    void reporter.on(anEnd());
    void reporter.end?.();
    expect(pieces.at(-1)).toBe(
      'client ╲ server   b\na                 1 ✓\n1 of 1 planned cells passed in 1.2 s\n',
    );
    vi.restoreAllMocks();
  });
});
