/** `doctor` and `new` as a person uses them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { aWorkshop, honest as honestManifest } from '../fixtures/project.ts';
import { rootFolder } from '../folders.ts';

const { folder, project } = aWorkshop('stitch-doctor-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function interop(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['interop/main.ts', ...args], {
    cwd: root,
    reject: false,
    stdin: 'ignore',
    env: { NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
  });
  return { exitCode, stdout, stderr };
}

/** Lines without the times, which differ. */
function linesOf(stdout: string): readonly string[] {
  return stdout.split('\n').map((line) => line.replace(/ \([\d.]+ m?s\)$/, ''));
}

/** With its modules compiled once: it starts often. */
const start = path.join(rootFolder, 'interop', 'saboteurs', 'program', 'start.mjs');
const program = [process.execPath, start];

function honest(name: string, more: object = {}) {
  return { ...honestManifest(name), process: { command: program }, ...more };
}

const root = project('one', {
  honest: honest('honest', { client: undefined }),
  versioned: honest('versioned', { version: { build: [['false', '{version}']] } }),
});

const needs = [{ command: ['false'], install: 'a tool chain' }];
/** By its path its processes are found. */
const stubborn = path.join(folder, 'stubborn.mjs');
symlinkSync(start, stubborn);
/** One is enough to keep a run from starting; the doctor looks at the one it is asked for. */
const bad = project('bad', {
  honest: honest('honest'),
  tinted: honest('tinted', { server: { ready: 'port', args: ['server'], features: [] }, client: undefined }),
  'without-tools': honest('without-tools', { process: { command: program, needs } }),
  'without-output': honest('without-output', {
    process: { command: program, build: [['true']], outputs: ['made'] },
  }),
  'without-program': honest('without-program', { process: { command: ['build/program'] } }),
  stubborn: honest('stubborn', {
    process: { command: [process.execPath, stubborn, '--lie', 'ignores-the-end'] },
  }),
});

/** Programs that start programs, several at a time. */
const options = { timeout: 180_000 };

describe.concurrent('doctor PEER', options, () => {
  it('prints a checklist, without colours for a pipe, and ends with exit code 0', async () => {
    const { exitCode, stdout, stderr } = await interop(root, ['doctor', 'honest'], { NO_COLOR: undefined });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(linesOf(stdout)).toEqual([
      '✓ manifest: honest',
      '',
      'as a process',
      '✓ tool chain',
      '✓ build: there already',
      expect.stringMatching(/^✓ server listens: saboteur honest, none v/),
      '✓ server answers flush',
      '✓ server replies on pick/stitch',
      '✓ server answers NOT_FOUND for unknown names',
      '✓ server tells of a call at once',
      '✓ server has two calls in flight: the first was held open half-way, since the server does not claim scripts',
      '✓ server refuses what it does not know',
      expect.stringMatching(/^✓ server keeps logs off standard output: \d+ lines$/),
      '✓ server stops at the end of its input',
      '– server finishes a call in flight on SIGTERM: not tried: the server does not claim scripts',
      '– server takes lines while it drains: not tried: the server does not claim scripts',
      '✓ server refuses a port that is taken',
      expect.stringMatching(/^✓ server passes every scenario that it claims: \d+ passed, \d+ not claimed$/),
      '',
      'as a process and in a container',
      '– behaves the same in both: not tried: its manifest has no "container"',
      '14 of 17 checks passed, 3 not tried',
    ]);
  });

  it('examines a peer that is not in the tree, and one in another version of its library', async () => {
    const elsewhere = path.join(bad, 'peers', 'stubborn', 'peer.json');
    const { stdout } = await interop(root, ['doctor', elsewhere, '--launcher', 'container']);
    expect(linesOf(stdout).slice(0, 1)).toEqual(['✓ manifest: stubborn']);
    const old = await interop(root, ['doctor', 'versioned@1.2.3']);
    expect(linesOf(old.stdout).slice(0, 5)).toEqual([
      '✓ manifest: versioned 1.2.3',
      '',
      'as a process',
      '✓ tool chain',
      '✕ build: versioned@1.2.3 was not built: `false 1.2.3` ended with exit code 1',
    ]);
  });

  it('prints one JSON document with --json, and colours where they are wanted', async () => {
    const { exitCode, stdout } = await interop(bad, ['doctor', 'tinted', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      of: 'tinted',
      healthy: false,
      verdict: expect.stringMatching(/; first: manifest$/),
      checks: {
        0: { name: 'manifest', kind: 'failed', problem: expect.stringContaining('must be given {port}') },
      },
    });
    const tinted = await interop(bad, ['doctor', 'tinted'], { NO_COLOR: undefined, FORCE_COLOR: '1' });
    expect(tinted.stdout).toContain('\u001b[31m✕\u001b[39m');
  });

  it.each<readonly [name: string, ...says: readonly string[]]>([
    [
      'without-tools',
      '✕ tool chain: `false` failed: install a tool chain',
      '– build: not tried: it needs "tool chain"',
    ],
    [
      'without-output',
      '✕ build: the build left no made in peers/without-output',
      '– server listens: not tried: it needs "build"',
    ],
    [
      'without-program',
      '✕ server listens: without-program server could not be started: Command failed with ENOENT: ',
    ],
  ])('tells what is wrong before anything is started: %s', async (name, ...says) => {
    const { exitCode, stdout } = await interop(bad, ['doctor', name]);
    for (const line of says) expect(stdout).toContain(line);
    expect(stdout).not.toContain('✓ server');
    expect(exitCode).toBe(1);
  });

  it.each([
    [
      ['doctor', 'nobody'],
      /^no peer is named nobody; there are .*\n {2}hint: npm run interop -- new nobody makes one$/,
    ],
    [
      ['doctor', '../nowhere/peer.json'],
      /^doctor \.\.\/nowhere\/peer\.json: wanted a peer's name, or the path of a peer\.json that is there$/,
    ],
    [['doctor', 'honest@1'], /^honest@1: the manifest of honest has no "version": /],
    [
      ['doctor', 'honest', '--peer', 'x'],
      /^doctor: --peer, --server and --contract are for a run\n {2}hint: /,
    ],
    [['doctor', 'one', 'two'], /^doctor: wanted one peer or none, got one two$/],
    [['new', 'Loud'], /^new: wanted a name of lower-case letters, digits and hyphens, .*, got "Loud"$/],
    [['new'], /^new: wanted the name of one language, got none$/],
    [
      ['new', 'honest'],
      /^peers\/honest is there already, and nothing is overwritten\n {2}hint: npm run interop -- doctor honest$/,
    ],
  ])('%j ends with exit code 2 and a sentence', async (args, says) => {
    const { exitCode, stdout, stderr } = await interop(root, args);
    expect(stderr).toMatch(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it('leaves nothing behind when it is stopped', async () => {
    const child = spawn(process.execPath, ['interop/main.ts', 'doctor', 'stubborn'], {
      cwd: bad,
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    for (const until = performance.now() + 40_000; running().length === 0 && performance.now() < until; )
      await sleep(20);
    expect(running().length).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await ended).toEqual([1, null]);
    for (const until = performance.now() + 5_000; running().length > 0 && performance.now() < until; )
      await sleep(50);
    expect(running()).toEqual([]);
  });
});

/** The programs of the stubborn peer. */
function running(): readonly string[] {
  return globSync('/proc/[0-9]*/cmdline').filter((file) => {
    try {
      return readFileSync(file, 'utf8').split('\0').includes(stubborn);
    } catch {
      return false;
    }
  });
}

describe.concurrent('new LANGUAGE', options, () => {
  it('makes a peer whose first doctor says what to write first', async () => {
    const made = await interop(root, ['new', 'fresh']);
    expect(made).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: [
        'made peers/fresh/: peer.json, README.md, Dockerfile, not-written-yet.sh',
        'its README.md has the steps; each ends with the same command, which says what is next:',
        '  npm run interop -- doctor fresh',
      ].join('\n'),
    });
    const { exitCode, stdout } = await interop(root, ['doctor', 'fresh']);
    expect(linesOf(stdout).slice(0, 6)).toEqual([
      '✓ manifest: fresh, ???',
      '',
      'as a process',
      '✓ tool chain',
      '✕ build: fresh was not built: `sh not-written-yet.sh` ended with exit code 1',
      '    stderr: nothing is written yet. Write the first lines: a program that prints {"ready":{}}, answers the line',
    ]);
    expect(linesOf(stdout).at(-1)).toBe('2 of 17 checks passed, 14 not tried; first: build, as a process');
    expect(exitCode).toBe(1);
    expect(existsSync(path.join(root, 'peers', 'fresh', 'Dockerfile'))).toBe(true);
  });

  it('makes a peer of which the doctor says what is next, once something is written', async () => {
    expect((await interop(root, ['new', 'written'])).exitCode).toBe(0);
    const file = path.join(root, 'peers', 'written', 'peer.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8'));
    const command = [...program, '--lie', 'announces-port-0'];
    writeFileSync(file, JSON.stringify({ ...manifest, process: { command } }));
    const { exitCode, stdout } = await interop(root, ['doctor', 'written', '--launcher', 'process']);
    expect(stdout).toContain('✕ server listens: written server answered "listen" with the port 0');
    expect(exitCode).toBe(1);
  });
});

describe.concurrent('doctor without a name', () => {
  it('looks at the machine', async () => {
    const { exitCode, stdout } = await interop(project('two', { honest: honest('honest') }), ['doctor']);
    const names = linesOf(stdout).map((line) => line.replace(/^. (.*?):.*/, '$1'));
    expect(names.slice(0, -1)).toEqual([
      'Node',
      'npm',
      'git',
      'Docker engine',
      'docker compose',
      'docker buildx',
      'peer honest',
      'disk',
      'memory',
      'port 6000',
    ]);
    expect(stdout).toContain('✓ peer honest: as a process only: its manifest has no "container"');
    expect(exitCode).toBe(0);
  });

  it('tells of what is missing that can be done without, and of what cannot', async () => {
    const env = { PATH: folder };
    const { exitCode, stdout } = await interop(
      project('four', { honest: honest('honest') }),
      ['doctor'],
      env,
    );
    const lines = stdout.split('\n');
    expect(lines).toContain('✕ npm: `npm --version` fails');
    expect(lines).toContain('– git: `git --version` fails; for work on the project itself');
    expect(lines).toContain(
      '– Docker engine: there is no docker command; without it peers run as processes; runs peers in containers',
    );
    expect(lines.at(-1)).toMatch(
      /^\d of 10 checks passed, [45] missing that can be done without; first: npm$/,
    );
    expect(exitCode).toBe(1);
  });

  it('says what cannot be launched here', async () => {
    const lame = honest('lame', { process: { command: program, needs } });
    const { exitCode, stdout } = await interop(project('three', { lame }), ['doctor']);
    expect(stdout).toContain(
      '✕ peer lame: cannot be launched here: `false` failed: install a tool chain; its manifest has no "container"\n    hint: one of the two is enough; or leave it out on purpose: npm run interop -- --only PEERS',
    );
    expect(exitCode).toBe(1);
  });
});
