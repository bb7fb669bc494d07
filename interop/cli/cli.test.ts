/** The command line as a person uses it: exit codes, sentences, and nothing started over bad input. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { Ajv } from 'ajv';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aWorkshop, honest } from '../fixtures/project.ts';
import { rootFolder } from '../folders.ts';
import { whyNotAsProcess } from '../launch/process.ts';
import { findPeers } from '../peers/find.ts';

const { folder, project } = aWorkshop('stitch-cli-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const peers = await findPeers();

async function interop(args: readonly string[], root = rootFolder, more: NodeJS.ProcessEnv = {}) {
  // A workflow of our own is none of the tests' business.
  const noWorkflow = { GITHUB_ACTIONS: undefined, GITHUB_STEP_SUMMARY: undefined };
  const options = {
    cwd: root,
    reject: false,
    stdin: 'ignore',
    env: { NO_COLOR: '1', FORCE_COLOR: undefined, ...noWorkflow, ...more },
  } as const;
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['interop/main.ts', ...args], options);
  return { exitCode, stdout, stderr };
}

it('stops without a stack when nobody reads its output any more', async () => {
  const command = `"$0" interop/main.ts list --json | true`;
  const { stderr } = await execa('sh', ['-c', command, process.execPath], { cwd: rootFolder });
  expect(stderr).toBe('');
});

function validator(name: 'log' | 'json') {
  const file = path.join(rootFolder, 'interop', 'report', `${name}.schema.json`);
  return new Ajv({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
}

describe('bad input ends with exit code 2 and a sentence, and nothing is started', () => {
  it.each([
    [['client:nobody'], /^the query "client:nobody" selects nothing; there are\n {2}clients /],
    [
      ['colour:red'],
      /^query word "colour:red": wanted client:, server:, scenario:, contract: or is:, got colour:\n?$/,
    ],
    [['--launcher', 'boat'], /^--launcher: wanted auto, container, process, got boat$/],
    [['--only', 'nobody'], /^--only: no peer is named "nobody"; there are /],
    [['--bogus'], /hint: npm run interop -- --help$/],
    [['--baseline', 'nowhere.jsonl'], /^nowhere.jsonl cannot be read: ENOENT/],
    [['list', '--baseline', 'package.json'], /^package.json, line 1: not an event of a run$/],
    [['--fail-on', 'nothing'], /^--fail-on: wanted any, regressions, every-round, got nothing$/],
    [
      ['--fail-on', 'regressions'],
      /^--fail-on regressions: regressions since when\?\n {2}hint: --baseline FILE names the log of an earlier run$/,
    ],
    [
      ['is:red'],
      /^query word "is:red": wanted ok, failed, broken, known, flaky, unsupported or missing, got red$/,
    ],
    [['is:failed'], /^is: asks how cells stood in an earlier run, and none was named\n {2}hint: --baseline /],
    [
      ['list', '!is:ok'],
      /^is: asks how cells stood in an earlier run, and none was named\n {2}hint: --baseline /,
    ],
    [['serve', 'nobody'], /^no peer is named nobody; there are /],
    [['serve'], /^no peer was named; there are /],
    [['report'], /^report: which log\? /],
    [['report', 'nowhere.jsonl'], /^nowhere.jsonl cannot be read: ENOENT/],
    [['report', 'package.json'], /^package.json, line 1: not an event of a run$/],
    [
      ['--server', 'mine=127.0.0.1:1', '--tls-ca', 'package.json'],
      /^--tls-ca package\.json: is no PEM: wanted -----BEGIN CERTIFICATE-----\n {2}hint: /,
    ],
    [['serve', 'nobody', '--port', '70000'], /^--port: wanted 0 to 65535, got 70000$/],
  ])('%j', async (args, says) => {
    const out = path.join(folder, 'untouched');
    const { exitCode, stdout, stderr } = await interop([...args, '--out', out]);
    expect(stderr.trimEnd()).toMatch(says);
    expect({ exitCode, stdout, isLogged: existsSync(out) }).toEqual({
      exitCode: 2,
      stdout: '',
      isLogged: false,
    });
  });

  it.each([
    [
      'unknown-key',
      { one: { ...honest('one'), colour: 'red' } },
      'peers/one/peer.json: the manifest: unknown key "colour"',
    ],
    [
      'no-command',
      { one: honest('one', { process: {} }) },
      'peers/one/peer.json: process: "command" is missing',
    ],
    [
      'two-of-a-name',
      { one: honest('one'), two: honest('one') },
      'peers/one/peer.json and peers/two/peer.json: name: both are "one"; names are unique',
    ],
    [
      'no-tool-chain',
      {
        one: honest('one'),
        two: honest('two', {
          process: { ...honest('two').process, needs: [{ command: ['false'], install: 'a tool chain' }] },
        }),
      },
      [
        '1 of 2 peers cannot be launched',
        '  two as a process: `false` failed: install a tool chain',
        '  hint: install that, or leave the peer out on purpose: npm run interop -- --only one',
      ].join('\n'),
    ],
  ])('manifest: %s', async (name, peers, says) => {
    const root = project(name, peers);
    expect(await interop(['--launcher', 'process'], root)).toEqual({ exitCode: 2, stdout: '', stderr: says });
  });

  it.each([
    [
      'a file where the folder should be',
      () => path.join(writeFile('file'), 'out'),
      /^the log .*run\.jsonl cannot be written: ENOTDIR/,
    ],
    ['a device without space', fullDevice, /^the log .*run\.jsonl cannot be written: ENOSPC/],
  ])('the log: %s', async (_, out, says) => {
    const { exitCode, stdout, stderr } = await interop(['pick/stitch', '--out', out()]);
    expect(stderr).toMatch(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('a run', () => {
  const root = project('run', { one: honest('one'), two: honest('two') });
  let first: Awaited<ReturnType<typeof interop>>;
  beforeAll(async () => {
    first = await interop(['pick'], root);
  });

  it('prints the plan, the matrix and the verdict, and ends with exit code 0', () => {
    const [sizes, leftOut, ...rest] = first.stdout.split('\n');
    expect(sizes).toMatch(/^2 clients × 2 servers × 8 scenarios = 32 cells, as processes \(.+\)$/);
    expect(leftOut).toMatch(/^\d+ of \d+ cells left out by the query: pick$/);
    expect(rest.slice(0, -2)).toEqual([
      'client ╲ server   one   two',
      'one               8 ✓   8 ✓',
      'two               8 ✓   8 ✓',
    ]);
    expect(rest.at(-2)).toMatch(/^started in .+; 32 calls; .+ of \d+ cores?, idle for \d+%$/);
    expect(rest.at(-1)).toMatch(/^32 of 32 planned cells passed in [\d.]+ m?s$/);
    expect(first).toMatchObject({ exitCode: 0, stderr: 'the page: interop/out/report.html' });
  });

  it('wants a server that runs already to be there, before anything is built', async () => {
    const words = ['pick/stitch', '--only', 'one', '--server', 'mine=127.0.0.1:9'];
    expect(await interop(words, root)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr:
        'mine server does not answer at 127.0.0.1:9: ECONNREFUSED\n  hint: is it running, and is that where it listens?',
    });
    const { stdout } = await interop(['list', ...words], root);
    expect(stdout).toContain('servers  mine one');
  });

  it('writes a log that is reported as the run was', async () => {
    const again = await interop(['report', 'interop/out/run.jsonl'], root);
    const last = (text: string) => text.split('\n').slice(-4);
    expect(last(again.stdout)).toEqual(last(first.stdout));
    expect(again.exitCode).toBe(0);
  });

  it('is one JSON document with --json', async () => {
    const { stdout, exitCode } = await interop(['pick/stitch', '--json'], root);
    expect(JSON.parse(stdout)).toMatchObject({ healthy: true, tally: { ok: 4, planned: 4 }, results: [] });
    expect(exitCode).toBe(0);
  });

  it('reports a log that was cut off as far as it goes, and is not healthy', async () => {
    const log = readFileSync(path.join(root, 'interop/out/run.jsonl'), 'utf8');
    writeFileSync(path.join(folder, 'cut.jsonl'), log.slice(0, log.indexOf('"cell-finished"') + 4));
    const { stdout, stderr, exitCode } = await interop(['report', path.join(folder, 'cut.jsonl')]);
    expect(stderr).toMatch(/not an event of a run: the log was cut there$/);
    expect(stdout).toMatch(/0 of 4 planned cells passed; 4 missing; the log ends before the run does$/);
    expect(exitCode).toBe(1);
  });

  it('ends with exit code 1 when a peer does not start, and says why', async () => {
    const broken = project('broken', {
      one: honest('one'),
      two: { ...honest('two'), process: { command: ['false'] } },
    });
    const { stdout, exitCode } = await interop(['pick/stitch', '--launcher', 'process'], broken);
    expect(stdout).toContain('broken at stage ready: two server ended before it listened: exit code 1');
    expect(stdout).toMatch(/1 of 4 planned cells passed in .*; 3 broken$/);
    expect(exitCode).toBe(1);
  });
});

describe('a run with an earlier one', () => {
  const program = path.join(rootFolder, 'interop', 'saboteurs', 'program', 'program.ts');
  const liar = honest('liar', { process: { command: [process.execPath, program, '--lie', 'wrong-id'] } });
  const last = 'interop/out/run.jsonl';
  let root = '';
  beforeAll(async () => {
    root = project('baseline', { one: honest('one'), liar });
    await interop(['scenario:pick/stitch,pick/cyber', 'client:one', '--launcher', 'process'], root);
    cpSync(path.join(root, last), path.join(root, 'main.jsonl'));
  });

  it('that is as bad is acceptable when only regressions count, and says why; its baseline may be its own log', async () => {
    const args = [
      'scenario:pick/stitch,pick/cyber',
      'client:one',
      '--launcher',
      'process',
      '--baseline',
      last,
    ];
    const run = await interop([...args, '--fail-on', 'regressions'], root);
    expect(run.stdout).toMatch(
      /^nothing changed since \d{4}-\d\d-\d\dT\d\d:\d\dZ \(interop\/out\/run\.jsonl\)$/m,
    );
    expect(run.stdout).toMatch(
      /\n2 of 4 planned cells passed in .*; 2 unexpected results; no regression since \S+Z$/,
    );
    expect(run.exitCode).toBe(0);
    expect((await interop(args, root)).exitCode).toBe(1);
    const again = ['report', last, '--baseline', last];
    expect((await interop([...again, '--fail-on', 'regressions'], root)).exitCode).toBe(0);
    expect((await interop(again, root)).exitCode).toBe(1);
  });

  it('that is worse is not, live and from its log', async () => {
    const worse = project('worse', { one: { ...liar, name: 'one', title: 'one' }, liar });
    cpSync(path.join(root, 'main.jsonl'), path.join(worse, 'main.jsonl'));
    const compared = ['--baseline', 'main.jsonl', '--fail-on', 'regressions'];
    const run = await interop(
      ['scenario:pick/stitch,pick/cyber', 'client:one', '--launcher', 'process', ...compared],
      worse,
    );
    const again = await interop(['report', last, ...compared, '--markdown', 'page.md'], worse);
    for (const { exitCode, stdout } of [run, again]) {
      expect(stdout).toMatch(/^changed since \S+Z \(main\.jsonl\): 2 newly failing$/m);
      expect(stdout).toMatch(
        /^ {2}✕ one client → one server {3}pick\/stitch {3}passed → failed {3}regression$/m,
      );
      expect(stdout).toMatch(/; 2 regressions since \S+Z$/);
      expect(exitCode).toBe(1);
    }
    const json = await interop(['report', last, ...compared, '--json'], worse);
    const isReport = validator('json');
    expect([isReport(JSON.parse(json.stdout)), isReport.errors]).toEqual([true, null]);
    expect(readFileSync(path.join(worse, 'page.md'), 'utf8')).toContain('changed since');
  });

  it('can play again what failed there, and nothing else', async () => {
    const again = await interop(['is:failed', '--launcher', 'process', '--baseline', 'main.jsonl'], root);
    expect(again.stdout).toMatch(
      /\n0 of 2 planned cells passed in .*; 2 unexpected results; no regression since /,
    );
    expect(again.stdout).toMatch(
      /^nothing changed since .*; 2 cells not compared: one of the runs left cells out$/m,
    );
    const list = await interop(['list', 'is:ok', '--baseline', 'main.jsonl'], root);
    expect(list.stdout).toMatch(/^2 cells; \d+ of \d+ cells left out by the query: is:ok$/m);
  });

  it('a log can draw the cells that stand so in it', async () => {
    const drawn = await interop(['report', 'main.jsonl', 'is:failed', '--evidence'], root);
    expect(drawn.stdout.match(/^one client → \w+ server {3}\S+ {3}\w+$/gm)?.toSorted()).toEqual([
      'one client → liar server   pick/cyber   failed',
      'one client → liar server   pick/stitch   failed',
    ]);
  });
});

describe('by hand', () => {
  it.each(peers.filter(({ server }) => server))(
    '$name: serve says that a port is taken, and by whose error',
    async (peer) => {
      const missing = await whyNotAsProcess(peer);
      if (missing) return expect(missing).toMatch(/install|no "process"/);
      const taken = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => taken.once('listening', resolve));
      const { port } = taken.address() as { port: number };
      const { stderr, exitCode } = await interop([
        'serve',
        peer.name,
        '--launcher',
        'process',
        '--port',
        String(port),
      ]);
      taken.close();
      const said = peer.server?.ready
        ? /server ended before it listened: exit code 1\n {2}stderr: .*in use/i
        : // In its answer, or where its library only logs it, in that.
          /server refused the instruction \{"listen":\{[^}]*\}\}: [\s\S]*in use/i;
      expect(stderr).toMatch(said);
      expect(stderr).toContain(`\n${peer.name} server `);
      expect(exitCode).toBe(1);
    },
  );
});

function writeFile(name: string): string {
  writeFileSync(path.join(folder, name), '');
  return path.join(folder, name);
}

function fullDevice(): string {
  const out = path.join(folder, 'full');
  mkdirSync(out, { recursive: true });
  symlinkSync('/dev/full', path.join(out, 'run.jsonl'));
  return out;
}

describe('the third witness', () => {
  const command = [
    process.execPath,
    path.join(rootFolder, 'interop', 'saboteurs', 'program', 'program.ts'),
    '--lie',
    'reads-wrong-id',
  ];
  const words = ['client:liar', 'server:honest', 'pick/stitch', '--launcher', 'process'];
  let root = '';
  beforeAll(() => {
    root = project('wire', { honest: honest('honest'), liar: honest('liar', { process: { command } }) });
  });

  it('is drawn for the cells that are asked for, the frame that proves it marked; live and from the log', async () => {
    const run = await interop([...words, '--evidence'], root);
    const again = await interop(['report', 'interop/out/run.jsonl', 'liar', '--evidence'], root);
    for (const { exitCode, stdout } of [run, again]) {
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/^liar client → honest server {3}pick\/stitch {3}failed$/m);
      expect(stdout).toMatch(/^ {2}▸ +[\d.]+ {4}◀─+ {2}DATA, 37 bytes$/m);
      expect(stdout).toContain('{"name":"Stitch","id":7,"skill":"making annoyed noise"}');
      expect(stdout).toMatch(
        /^ {2}blame: the liar client: `id` 7 became 8: the client says response .*id: 8/m,
      );
      expect(stdout).toMatch(/^✕ liar client fails pick\/stitch with 1 of 1 server$/m);
    }
    const others = await interop(['report', 'interop/out/run.jsonl', 'client:honest', '--evidence'], root);
    expect(others.stdout).not.toContain('▸');
  });

  it('is in the log and in the document as their schemas say', async () => {
    const { stdout } = await interop([...words, '--json'], root);
    const log = readFileSync(path.join(root, 'interop/out/run.jsonl'), 'utf8');
    const events = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const [isEvent, isReport] = [validator('log'), validator('json')];
    for (const event of events) expect([isEvent(event), isEvent.errors]).toEqual([true, null]);
    expect([isReport(JSON.parse(stdout)), isReport.errors]).toEqual([true, null]);
    const finished = events.find((event) => event.type === 'cell-finished');
    const { frames } = finished.result.evidence.calls[0].path[1].crossed.streams[0];
    expect(frames.length).toBeGreaterThan(4);
    delete frames[0].from;
    expect(isEvent(finished)).toBe(false);
    expect(isEvent({ ...events[0], version: 1 })).toBe(false);
  });

  it('can be left out: the verdict is the same, and nobody is blamed', async () => {
    const { exitCode, stdout } = await interop([...words, '--no-wire', '--evidence'], root);
    expect(exitCode).toBe(1);
    expect(stdout.split('\n')[0]).toMatch(/, nobody reads along$/);
    expect(stdout).toContain('    nobody read along\n');
    expect(stdout).toMatch(/^ {2}blame: undetermined: /m);
  });
});

describe('outputs for other programs', () => {
  const words = ['client:one', 'server:liar', 'scenario:pick/*', '--launcher', 'process'];
  let root = '';
  beforeAll(() => {
    const command = [
      process.execPath,
      path.join(rootFolder, 'interop/saboteurs/program/program.ts'),
      '--lie',
      'wrong-id',
    ];
    root = project('outputs', { one: honest('one'), liar: honest('liar', { process: { command } }) });
  });
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

  it('go into the files that are named, of a run and of its log', async () => {
    await interop([...words, '--junit', 'a/junit.xml', '--markdown', 'a/page.md'], root);
    await interop(['report', 'interop/out/run.jsonl', '--junit', 'b.xml', '--markdown', 'b.md'], root);
    expect(read('a/junit.xml')).toMatch(/<testsuites [^>]*tests="9" failures="8" errors="1"/);
    expect(read('a/page.md')).toMatch(/^## ✕ 0 of 8 planned cells passed/);
    expect(read('a/page.md')).toContain(
      '- liar server fails pick/cyber, pick/shrink, pick/doubledip and 5 more',
    );
    expect(read('b.xml')).toBe(read('a/junit.xml'));
    expect(read('b.md')).toBe(read('a/page.md'));
  });

  it('that cannot be written end it before anything starts', async () => {
    const { exitCode, stdout, stderr } = await interop([...words, '--junit', 'package.json/junit.xml'], root);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^package\.json\/junit\.xml cannot be written: /);
  });

  it('are the summary and annotations in a workflow on GitHub, behind what the step has written before', async () => {
    writeFileSync(path.join(root, 'summary.md'), 'before\n');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: path.join(root, 'summary.md') };
    const { stdout } = await interop(words, root, env);
    expect(read('summary.md')).toMatch(/^before\n## ✕ 0 of 8 planned cells passed/);
    expect(stdout.match(/^::error title=/gm)).toHaveLength(9);
    const json = await interop([...words, '--json'], root, env);
    expect(JSON.parse(json.stdout)).toMatchObject({ healthy: false });
  });
});
