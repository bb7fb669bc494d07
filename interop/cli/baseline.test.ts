import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { allSorts, matrixOf } from '../fixtures/runs.ts';
import { tally } from '../outcome/matrix.ts';
import { startTimings } from '../outcome/timings.ts';
import { readRun } from './baseline.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stitch-baseline-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a run that is read', () => {
  it('is what it was, and of what the witnesses said only the number of calls is kept', async () => {
    const events = await allSorts();
    const file = path.join(folder, 'run.jsonl');
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    const run = await readRun(file);
    const was = matrixOf(events);
    expect(tally(run.matrix)).toEqual(tally(was));
    expect(run.matrix.notable.map(({ outcome }) => outcome)).toEqual(
      was.notable.map(({ outcome }) => outcome),
    );
    const times = startTimings();
    for (const event of events) times.add(event);
    expect(run.timings.cells).toEqual(times.timings.cells);
    const results = run.events.flatMap((event) => (event.type === 'cell-finished' ? [event.result] : []));
    const kept = [...results, ...run.matrix.notable];
    expect(kept.length).toBeGreaterThan(results.length);
    expect(kept.filter(({ evidence, logs }) => evidence.calls.length > 0 || logs)).toEqual([]);
    expect(run.events.filter(({ type }) => type === 'cell-started')).toEqual([]);
  });
});
