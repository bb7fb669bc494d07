/** A run in parts, and the same run at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logIn } from '../cli/parts.ts';
import { inMemory } from '../fixtures/memory.ts';
import { type Events, eventsOf, inOrder, matrixOf, planOf, timeless, wrongId } from '../fixtures/runs.ts';
import { aKnownFailure, aPeer } from '../fixtures/values.ts';
import type { RunEvent } from '../model/event.ts';
import { isHealthy, tally } from '../outcome/matrix.ts';
import { partOf } from '../plan/shard.ts';
import { jsonReporter } from '../report/outputs/json.ts';
import { junitReporter } from '../report/outputs/junit.ts';
import { markdownReporter } from '../report/outputs/markdown.ts';
import type { Reporter } from '../report/reporter.ts';

const shards = 8;
const known = [aKnownFailure({ pattern: 'server:beta scenario:pick/cyber' })];
const peers = ['alpha', 'beta', 'gamma', 'delta'].map((name) => aPeer(name));
const plan = planOf(peers, [], known);
const launcher = () => inMemory({ beta: wrongId, delta: new Error('could not bind') });

let folder = '';
let files: readonly string[] = [];
let whole: Events = [];
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'stitch-shards-'));
  whole = await eventsOf(plan, launcher());
  files = await Promise.all(
    Array.from({ length: shards }, async (_, index) => {
      const part = partOf(plan, { index: index + 1, of: shards }, () => 1);
      return write(`part-${index + 1}.jsonl`, await eventsOf(part, launcher()));
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, events: Events): string {
  const file = path.join(folder, name);
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return file;
}

async function folded(names: readonly string[]): Promise<Events> {
  const log = await logIn(names);
  expect(log.isFolded).toBe(true);
  return Array.fromAsync(log.events());
}

/** What all outputs for programs say of the events. */
async function told(events: Events): Promise<string> {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const reporters: readonly Reporter[] = [jsonReporter(write), junitReporter(write), markdownReporter(write)];
  for (const reporter of reporters) {
    for (const event of inOrder(timeless(events))) await reporter.on(event);
    await reporter.end?.();
  }
  // Calls are counted as they are made, and servers as they are started.
  return text.replaceAll(/\bc\d+(?=\.\d)/g, 'c').replaceAll(/\bmemory:\d+/g, 'memory');
}

describe('eight shards', () => {
  it('come to the same matrix as one run, byte for byte', async () => {
    const parts = await folded(files);
    expect([...matrixOf(parts).standings]).toEqual([...matrixOf(whole).standings]);
    expect(await told(parts)).toBe(await told(whole));
    expect(tally(matrixOf(parts))).toMatchObject({ complete: true, missing: 0, planned: plan.cells.length });
  });

  it('do so in whichever order they are named', async () => {
    expect(await folded(files.toReversed())).toEqual(await folded(files));
  });

  it('are a run with holes when one is missing, and no green one', async () => {
    const matrix = matrixOf(await folded(files.toSpliced(2, 1)));
    expect(matrix.problems).toContain(
      `shard 3 of 8 is not there: 10 of ${plan.cells.length} cells have no result`,
    );
    expect(tally(matrix)).toMatchObject({ missing: 10, planned: plan.cells.length });
    expect(isHealthy(tally(matrix))).toBe(false);
  });

  it('are one with holes also when there is only one of them', async () => {
    const [, second = ''] = files;
    expect(tally(matrixOf(await folded([second])))).toMatchObject({ missing: plan.cells.length - 10 });
  });

  it('did not come to an end where one did not', async () => {
    const cut = await Array.fromAsync((await logIn(files.slice(0, 1))).events());
    const name = write('cut.jsonl', [startOf(0), ...cut.slice(1, 3)]);
    expect(tally(matrixOf(await folded([name, ...files.slice(1)]))).complete).toBe(false);
  });

  /** How the log of a shard begins. */
  function startOf(index: number): Extract<RunEvent, { type: 'run-started' }> {
    const cells = partOf(plan, { index: index + 1, of: shards }, () => 1);
    const [start] = whole;
    if (start?.type !== 'run-started' || !cells.shard) throw new Error('no start');
    return { ...start, cells: cells.cells, leftOut: cells.leftOut, shard: cells.shard };
  }

  it.each([
    [
      'another launcher',
      (start: ReturnType<typeof startOf>) => ({ ...start, launcher: { kind: 'container', why: '' } }),
      /are no parts of one run: they have not the same launcher: "memory" and "container"$/,
    ],
    [
      'other scenarios',
      (start: ReturnType<typeof startOf>) => ({ ...start, scenarios: start.scenarios.slice(1) }),
      /they have not the same scenarios$/,
    ],
    [
      'another number of shards',
      (start: ReturnType<typeof startOf>) => ({ ...start, shard: { ...start.shard, of: 9 } }),
      /they have not the same number of shards: 8 and 9$/,
    ],
    [
      'another cut',
      (start: ReturnType<typeof startOf>) => ({ ...start, cells: startOf(0).cells }),
      /part-1\.jsonl and .*other\.jsonl both have alpha\/alpha\/pick\/cyber: the run was not cut in the same way/,
    ],
    [
      'the same shard',
      (start: ReturnType<typeof startOf>) => ({ ...start, shard: { ...start.shard, index: 1 } }),
      /part-1\.jsonl and .*other\.jsonl are both shard 1 of 8$/,
    ],
    [
      'a whole run',
      ({ shard: _, ...start }: ReturnType<typeof startOf>) => start,
      /other\.jsonl is the log of a whole run, and no part of one/,
    ],
  ])('are no run with %s', async (_, changed, says) => {
    const name = write('other.jsonl', [changed(startOf(1)) as RunEvent]);
    await expect(logIn([files[0] ?? '', name])).rejects.toThrow(says);
  });

  it('are no run of two versions', async () => {
    const programs = whole.filter((event) => event.type === 'peer-started');
    const [first] = programs;
    if (!first) throw new Error('nothing was started');
    const newer = { ...first, implementation: { ...first.implementation, libraryVersion: '99.0' } };
    const one = write('one.jsonl', [startOf(0), first]);
    const other = write('other.jsonl', [startOf(1), newer]);
    await expect(logIn([one, other])).rejects.toThrow(
      /are no parts of one run: the alpha \w+ is .* in the one and .* 99\.0, .* in the other$/,
    );
  });
});

it('a whole run is read as it is', async () => {
  const log = await logIn([write('run.jsonl', whole)]);
  expect(log.isFolded).toBe(false);
  expect(await Array.fromAsync(log.events())).toEqual(JSON.parse(JSON.stringify(whole)));
});
