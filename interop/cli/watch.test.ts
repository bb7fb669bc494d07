/** The program that watches, with peers in a project of their own: what it runs again, and what a browser is told. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { aWorkshop, honest, honestProgram } from '../fixtures/project.ts';
import type { RunEvent } from '../model/event.ts';
import { isHealthy, startFold, tally } from '../outcome/matrix.ts';

const { folder, project } = aWorkshop('stitch-watch-');
const waitMs = 30_000;
const harnesses: Harness[] = [];

afterEach(async () => {
  for (const harness of harnesses.splice(0)) {
    if (harness.child.exitCode === null) harness.child.kill('SIGKILL');
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A peer whose program, what it is built of and how it begins lie in its own folder. */
function aProject(name: string): string {
  const process = {
    command: [globalThis.process.execPath, 'start.mjs'],
    build: [['node', 'build.mjs']],
    outputs: ['build'],
  };
  const root = project(name, { one: honest('one'), two: honest('two', { process }) });
  write(root, 'build.mjs', goodBuild);
  write(root, 'start.mjs', good);
  return root;
}

const good = `await import(${JSON.stringify(honestProgram)});`;
const bad = `process.argv.splice(2, 0, '--lie', 'wrong-id');\n${good}`;
const slow = `await new Promise((resolve) => setTimeout(resolve, 3_000));\n${good}`;
const goodBuild = [
  "import { mkdirSync, writeFileSync } from 'node:fs';",
  "mkdirSync('build', { recursive: true });",
  "writeFileSync('build/made', String(Date.now()));",
].join('\n');

function write(root: string, file: string, content: string): void {
  writeFileSync(path.join(root, 'peers/two', file), content);
}

interface Harness {
  readonly root: string;
  readonly child: ChildProcess;
  /** What it printed so far. */
  readonly out: () => string;
  readonly err: () => string;
}

function start(root: string, ...args: readonly string[]): Harness {
  const child = spawn(process.execPath, ['interop/main.ts', ...args, '--launcher', 'process'], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [keep(child.stdout), keep(child.stderr)];
  const harness = { root, child, out, err };
  harnesses.push(harness);
  return harness;
}

function keep(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** Waits for a fact; an error that shows what was printed instead. */
async function until(harness: Harness, what: string, isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + waitMs; !isSo(); await sleep(20)) {
    if (performance.now() > end)
      throw new Error(`${what} did not come within ${waitMs} ms:\n${harness.out()}\n${harness.err()}`);
  }
}

function times(text: string, pattern: RegExp): number {
  return text.match(new RegExp(pattern, 'g'))?.length ?? 0;
}

/** Waits until so many generations have ended, and gives the lines of the last one. */
async function idle(harness: Harness, count: number): Promise<readonly string[]> {
  await until(
    harness,
    `end ${count}`,
    () => times(harness.err(), /watching for changes; Ctrl-C ends it/) >= count,
  );
  return harness.out().trimEnd().split('\n');
}

function logOf({ root }: Harness): readonly RunEvent[] {
  const text = readFileSync(path.join(root, 'interop/out/run.jsonl'), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RunEvent);
}

function foldOf(events: readonly RunEvent[]) {
  const { matrix, add } = startFold();
  events.forEach(add);
  const numbers = tally(matrix);
  return { ...numbers, isHealthy: isHealthy(numbers), stopped: matrix.finished?.stopped };
}

async function endOf({ child }: Harness, signal?: NodeJS.Signals): Promise<number> {
  const ended = once(child, 'exit');
  if (signal) child.kill(signal);
  const [code] = child.exitCode === null ? await ended : [child.exitCode];
  return code as number;
}

/** Programs that run in the project's folders. */
function running(root: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(root);
    } catch {
      return false;
    }
  });
}

/** The events of the page, as they come, until it is told that they have ended. */
async function browse(harness: Harness): Promise<{ text: () => string; ended: Promise<unknown> }> {
  await until(harness, 'the address', () => /the page: http\S+\n/.test(harness.err()));
  const url = /the page: (http:\/\/127\.0\.0\.1:\d+\/)\n/.exec(harness.err())?.[1];
  const response = await fetch(`${url}events`);
  const { body } = response;
  if (!body) throw new Error('no body');
  let text = '';
  const decoder = new TextDecoder();
  const ended = (async () => {
    for await (const chunk of body) text += decoder.decode(chunk, { stream: true });
  })();
  // Some tests end the program before they end.
  ended.catch(() => {});
  return { text: () => text, ended };
}

/** The log that the page has put together of the messages. */
function pageLog(text: string): readonly RunEvent[] {
  const messages = text.split('event: reset\ndata: \n\n').at(-1)?.split('\n\n') ?? [];
  return messages.flatMap((message) => {
    const data = /^id: \d+\.\d+\ndata: (.*)$/.exec(message)?.[1];
    return data === undefined ? [] : [JSON.parse(data) as RunEvent];
  });
}

describe('--live', () => {
  it('serves the page and every event of the run, and ends when the browser has all of it', async () => {
    const startedAt = Date.now();
    const harness = start(aProject('live'), 'pick', '--live');
    const browser = await browse(harness);
    expect(await endOf(harness)).toBe(0);
    await browser.ended;
    expect(browser.text().endsWith('event: end\ndata: \n\n')).toBe(true);
    // A number of no earlier start.
    expect(Number(/^id: (\d+)\.1\n/.exec(browser.text())?.[1])).toBeGreaterThanOrEqual(startedAt);
    expect(pageLog(browser.text())).toEqual(logOf(harness));
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 32, isHealthy: true });
  });

  it('tells a browser that the run was stopped', async () => {
    const root = aProject('live-stopped');
    write(root, 'start.mjs', slow);
    const harness = start(root, 'pick', '--live');
    const browser = await browse(harness);
    await until(harness, 'the run', () => browser.text().includes('peer-building'));
    expect(await endOf(harness, 'SIGINT')).toBe(1);
    await browser.ended;
    expect(browser.text()).toMatch(/"stopped":"SIGINT",.*\}\n\nevent: end\n/);
    expect(running(root)).toEqual([]);
  });

  it('says that the port is taken, starts nothing and leaves the log as it was', async () => {
    const root = aProject('taken');
    const first = start(root, 'watch', 'pick');
    await idle(first, 1);
    const before = logOf(first);
    const port = /127\.0\.0\.1:(\d+)/.exec(first.err())?.[1] ?? '';
    const second = start(root, 'pick', '--live', '--port', port);
    expect(await endOf(second)).toBe(2);
    expect(second.err()).toBe(
      `--port: port ${port} of 127.0.0.1 is taken\n  hint: name another, or none: then the system chooses\n`,
    );
    expect(logOf(first)).toEqual(before);
  });
});

describe('watch', () => {
  it('runs again the cells of the peer that changed; the page and the log are whole each time', async () => {
    const harness = start(aProject('change'), 'watch', 'pick');
    const browser = await browse(harness);
    await idle(harness, 1);
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 32, isHealthy: true });

    write(harness.root, 'start.mjs', bad);
    const red = await idle(harness, 2);
    expect(red).toContain('two changed: 24 of 32 cells run again');
    expect(red.at(-1)).toMatch(/^16 of 32 planned cells passed in .*; 16 unexpected results$/);
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 16, unexpected: 16, problems: [], complete: true });

    write(harness.root, 'start.mjs', good);
    const green = await idle(harness, 3);
    expect(green.at(-1)).toMatch(/^32 of 32 planned cells passed in /);
    expect(await endOf(harness, 'SIGINT')).toBe(0);
    await browser.ended;
    expect(times(browser.text(), /event: reset/)).toBe(2);
    expect(pageLog(browser.text())).toEqual(logOf(harness));
    expect(foldOf(pageLog(browser.text()))).toMatchObject({ ok: 32, isHealthy: true });
    expect(running(harness.root)).toEqual([]);
  });

  it('runs nothing for what leaves the sources as they were', async () => {
    const harness = start(aProject('same'), 'watch', 'pick/stitch');
    await idle(harness, 1);
    const file = path.join(harness.root, 'peers/two/start.mjs');
    utimesSync(file, new Date(), new Date());
    write(harness.root, 'start.mjs', good);
    write(harness.root, 'build/other', 'made');
    mkdirSync(path.join(harness.root, 'peers/two/.some_cache'));
    write(harness.root, '.some_cache/a', 'kept');
    writeFileSync(`${file}.new`, good);
    renameSync(`${file}.new`, file);
    await sleep(1_500);
    expect(times(harness.out(), /run again/)).toBe(0);
    write(harness.root, 'more.mjs', '');
    await idle(harness, 2);
    expect(times(harness.out(), /two changed: 3 of 4 cells run again/)).toBe(1);
    expect(await endOf(harness, 'SIGTERM')).toBe(0);
  });

  it('shows a peer that does not build as broken, and saving a mended file mends it', async () => {
    const harness = start(aProject('build'), 'watch', 'pick/stitch');
    await idle(harness, 1);
    write(harness.root, 'build.mjs', 'console.error("no such word"); process.exitCode = 1;');
    const red = await idle(harness, 2);
    expect(red.join('\n')).toContain('broken at stage build: two was not built');
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 1, broken: 3 });
    write(harness.root, 'build.mjs', goodBuild);
    await idle(harness, 3);
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 4, isHealthy: true });
    write(harness.root, 'build.mjs', 'process.exitCode = 1;');
    await idle(harness, 4);
    expect(await endOf(harness, 'SIGINT')).toBe(1);
  });

  it('a change in the middle of a run stops it, and what had no result is run as well', async () => {
    const root = aProject('middle');
    write(root, 'start.mjs', slow);
    const harness = start(root, 'watch', 'pick');
    const browser = await browse(harness);
    const isDone = () => times(browser.text(), /"cell-finished"/) === 8;
    await until(harness, 'the results of the peer that is quick', isDone);
    write(root, 'start.mjs', good);
    const lines = await idle(harness, 1);
    expect(lines).toContain('two changed: 24 of 32 cells run again');
    expect(lines.find((line) => line.startsWith('8 of 32'))).toMatch(
      /; 24 missing; stopped by a change of two$/,
    );
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 32, isHealthy: true });

    write(root, 'start.mjs', slow);
    await until(harness, 'the next run', () => times(browser.text(), /"peer-building"/) >= 6);
    writeFileSync(path.join(root, 'peers/one/notes.txt'), 'so that the other one changes');
    const union = await idle(harness, 2);
    expect(union).toContain('one changed: 32 of 32 cells run again');
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 32, isHealthy: true });
  });

  it('Ctrl-C in the middle of a run stops it: the log says so, and nothing is left', async () => {
    const harness = start(aProject('stop'), 'watch', 'pick/stitch');
    const browser = await browse(harness);
    await idle(harness, 1);
    write(harness.root, 'start.mjs', slow);
    await until(harness, 'the next run', () => times(browser.text(), /"peer-building"/) >= 4);
    // The program, its guard and a peer at least.
    await until(harness, 'the peers', () => running(harness.root).length > 2);
    expect(await endOf(harness, 'SIGINT')).toBe(1);
    await browser.ended;
    expect(foldOf(logOf(harness))).toMatchObject({ stopped: 'SIGINT', missing: 3, ok: 1 });
    expect(pageLog(browser.text())).toEqual(logOf(harness));
    expect(running(harness.root)).toEqual([]);
  });

  it('reads a changed manifest again, and tells what is wrong with one', async () => {
    const harness = start(aProject('manifest'), 'watch', 'pick/stitch');
    await idle(harness, 1);
    const file = path.join(harness.root, 'peers/two/peer.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...manifest, colour: 'red' }));
    await until(harness, 'the sentence', () =>
      harness.err().includes('peers/two/peer.json: the manifest: unknown key "colour"\n'),
    );
    await sleep(500);
    expect(times(harness.out(), /run again/)).toBe(0);
    writeFileSync(file, JSON.stringify({ ...manifest, title: 'another title' }));
    await idle(harness, 2);
    expect(logOf(harness)[0]).toMatchObject({
      peers: [{ name: 'one' }, { name: 'two', title: 'another title' }],
    });
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 4, isHealthy: true });
  });

  it('runs all again when the service changes', async () => {
    const root = aProject('proto');
    mkdirSync(path.join(root, 'proto/deep'));
    const harness = start(root, 'watch', 'pick/stitch');
    await idle(harness, 1);
    const file = path.join(root, 'proto/expirement.proto');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\nmessage {`);
    await until(harness, 'the sentence', () => /expirement\.proto/.test(harness.err()));
    expect(times(harness.out(), /run again/)).toBe(0);
    writeFileSync(file, `${text}\n// more\n`);
    expect(await idle(harness, 2)).toContain('one, two changed: 4 of 4 cells run again');
    writeFileSync(path.join(root, 'proto/deep/more.proto'), '// more\n');
    await idle(harness, 3);
    expect(foldOf(logOf(harness))).toMatchObject({ ok: 4, isHealthy: true });
  });

  it('runs nothing for a peer that plays in no cell', async () => {
    const harness = start(aProject('idle'), 'watch', 'client:one', 'server:one', 'pick/stitch');
    await idle(harness, 1);
    write(harness.root, 'start.mjs', bad);
    await sleep(1_000);
    writeFileSync(path.join(harness.root, 'peers/one/notes.txt'), 'changed');
    expect(await idle(harness, 2)).toContain('one changed: 1 of 1 cell run again');
    expect(times(harness.out(), /run again/)).toBe(1);
  });

  it('tells of a peer that appears or goes, and goes on without', async () => {
    const harness = start(aProject('strangers'), 'watch', 'pick/stitch');
    await idle(harness, 1);
    mkdirSync(path.join(harness.root, 'peers/three'));
    await sleep(400);
    writeFileSync(path.join(harness.root, 'peers/three/peer.json'), JSON.stringify(honest('three')));
    const came = 'peers/three: three is new, and plays from the next start on\n';
    await until(harness, 'the sentence', () => harness.err().includes(came));
    rmSync(path.join(harness.root, 'peers/one'), { recursive: true });
    const left = 'peers/one: one is gone; what it came to stays until the next start\n';
    await until(harness, 'the sentence', () => harness.err().includes(left));
    expect(times(harness.out(), /run again/)).toBe(0);
    expect(await endOf(harness, 'SIGINT')).toBe(0);
    expect(existsSync(path.join(harness.root, 'interop/out/run.jsonl'))).toBe(true);
  });

  it('ends with exit code 2 when there is no plan', async () => {
    const harness = start(aProject('nothing'), 'watch', 'client:nobody');
    expect(await endOf(harness)).toBe(2);
    expect(harness.err()).toMatch(/^the query "client:nobody" selects nothing/);
  });
});
