/** Whatever happens to the harness, nothing that it started is left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../folders.ts';
import { whyNoEngine } from '../launch/engine.ts';
import { whyNotAsProcess } from '../launch/process.ts';
import type { RunEvent } from '../model/event.ts';
import { findPeers } from '../peers/find.ts';

const out = mkdtempSync(path.join(tmpdir(), 'stitch-leftovers-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const peers = await findPeers();
const whyNot = await Promise.all(peers.map(whyNotAsProcess));
const asProcess = peers.filter((_, index) => whyNot[index] === undefined);
const noProcess = asProcess.length > 1 ? undefined : whyNot.join('; ');
const noEngine = await whyNoEngine();
const waitMs = 15_000;

interface Harness {
  readonly child: ChildProcess;
  readonly run: string;
  readonly log: string;
  /** Every process seen below the harness so far. */
  readonly seen: Set<number>;
}

/** The peers that can be launched so. */
function whom(launcher: string): readonly string[] {
  return launcher === 'process' ? ['--only', asProcess.map(({ name }) => name).join(',')] : [];
}

function start(launcher: string, ...query: readonly string[]): Harness {
  const run = crypto.randomUUID();
  const folder = path.join(out, run);
  const child = spawn(
    process.execPath,
    ['interop/main.ts', '--launcher', launcher, '--out', folder, ...whom(launcher), ...query],
    {
      cwd: rootFolder,
      env: { ...process.env, STITCH_RUN: run },
      stdio: 'ignore',
    },
  );
  return { child, run, log: path.join(folder, 'run.jsonl'), seen: new Set() };
}

/** Waits for so long, or for the harness's end, and notes the processes below it meanwhile. */
async function watch(harness: Harness, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until && harness.child.exitCode === null && harness.child.signalCode === null) {
    for (const pid of below(harness.child.pid ?? 0)) harness.seen.add(pid);
    await sleep(20);
  }
}

/** The processes below one, by their parents. */
function below(root: number): readonly number[] {
  const children = Map.groupBy(processes(), ([, parent]) => parent);
  const found: number[] = [];
  for (const queue = [root]; queue.length > 0; ) {
    for (const [pid] of children.get(queue.pop() ?? 0) ?? []) {
      found.push(pid);
      queue.push(pid);
    }
  }
  return found;
}

/** Every process that is not a corpse, with its parent. */
function processes(): readonly (readonly [pid: number, parent: number])[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [state, parent] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return state === 'Z' ? [] : [[Number(name), Number(parent)] as const];
    } catch {
      return [];
    }
  });
}

/** What is left of a harness that has ended, once it had some time. */
async function leftovers({ seen, run }: Harness): Promise<readonly string[]> {
  let left: string[] = [];
  for (const until = performance.now() + waitMs; performance.now() < until; await sleep(200)) {
    const alive = new Set(processes().map(([pid]) => pid));
    const containers = noEngine
      ? ''
      : (await execa('docker', ['ps', '-aq', '--filter', `label=stitch.run=${run}`])).stdout;
    left = [
      ...[...seen].filter((pid) => alive.has(pid)).map((pid) => `process ${pid}`),
      ...containers.split('\n').filter(Boolean),
    ];
    if (left.length === 0) return [];
  }
  return left;
}

/** Some peer runs. */
function hasStarted({ log }: Harness): boolean {
  return existsSync(log) && readFileSync(log, 'utf8').includes('"peer-started"');
}

/** Some cell was played. */
function hasPlayed({ log }: Harness): boolean {
  return existsSync(log) && readFileSync(log, 'utf8').includes('"kind":"passed"');
}

function events(log: string): readonly RunEvent[] {
  return readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

for (const [launcher, reason] of [
  ['process', noProcess],
  ['container', noEngine],
] as const) {
  describe.skipIf(reason)(`${launcher}${reason ? ` (${reason})` : ''}`, () => {
    // The first run builds; the moments below are for what comes after that.
    beforeAll(
      () =>
        execa(
          process.execPath,
          ['interop/main.ts', '--launcher', launcher, '--out', out, ...whom(launcher), 'pick/stitch'],
          { cwd: rootFolder },
        ),
      600_000,
    );

    it.each([1, 2, 3, 4, 5])('SIGKILL of the harness at a random moment leaves nothing (%i)', async () => {
      const harness = start(launcher);
      await watch(harness, 200 + Math.random() * 4_000);
      harness.child.kill('SIGKILL');
      expect(await leftovers(harness)).toEqual([]);
    });

    it('one SIGINT ends the run in order: the log says so, and nothing is left', async () => {
      const harness = start(launcher);
      while (!hasStarted(harness)) await watch(harness, 100);
      expect(harness.seen.size).toBeGreaterThan(0);
      harness.child.kill('SIGINT');
      const [code] = await once(harness.child, 'exit');
      expect(code).toBe(1);
      expect(events(harness.log).at(-1)).toMatchObject({ type: 'run-finished', stopped: 'SIGINT' });
      expect(await leftovers(harness)).toEqual([]);
    });

    it.each(['SIGKILL', 'SIGINT'] as const)(
      '%s leaves nothing of a client that is run once a call',
      async (signal) => {
        const once = peers.find(({ client }) => client?.output)?.name;
        const harness = start(launcher, `client:${once}`);
        while (!hasPlayed(harness)) await watch(harness, 100);
        harness.child.kill(signal);
        expect(await leftovers(harness)).toEqual([]);
      },
    );

    it('a second SIGINT ends it at once, and nothing is left', async () => {
      const harness = start(launcher);
      while (!hasStarted(harness)) await watch(harness, 100);
      harness.child.kill('SIGINT');
      const ended = once(harness.child, 'exit');
      await Promise.race([ended, sleep(500)]);
      harness.child.kill('SIGINT');
      await ended;
      expect(await leftovers(harness)).toEqual([]);
    });
  });
}
