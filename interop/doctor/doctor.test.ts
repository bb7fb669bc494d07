/** The doctor is green where all is well, and tells on each peer that breaks the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Limits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import type { Peer, Role } from '../model/peer.ts';
import { compile, honestPeer } from '../saboteurs/peers.ts';
import { type Check, type Result, withNeeds } from './check.ts';
import { bothModesCheck } from './checks/both-modes.ts';
import { scenarios } from './contracts.ts';
import { examine } from './examine.ts';
import { type Checks, checksOf } from './peer.ts';
import { documentOf, isHealthy, verdictText } from './print.ts';
import { doctorLimits, makeSubject } from './subject.ts';

const never = new AbortController().signal;
/** Short, for what is silent; long enough for programs that start on two busy cores. */
const limits: Limits = { ...doctorLimits, readyMs: 5_000, recordMs: 3_000, stopMs: 2_000, termMs: 1_000 };

/** What the lies are played in: that all are green with an honest peer is another test. */
const some = ['metadata/*', 'status/*'];
const played = scenarios.filter(({ name }) => /^(metadata|status)\//.test(name)).length;

/** The honest peer in these roles, with that lie. */
function liar(lie: string, ...roles: readonly Role[]): Peer {
  const { client, server, process, ...rest } = honestPeer;
  if (!client || !server || !process) throw new Error('the honest peer plays both roles, as a process');
  return {
    ...rest,
    name: 'liar',
    ...(roles.includes('server') && { server }),
    ...(roles.includes('client') && { client }),
    process: { ...process, command: [...process.command, ...(lie === '' ? [] : ['--lie', lie])] },
  };
}

/** The check of that name, and what it needs, in order. */
function named({ checks }: Checks, name: string): readonly Check[] {
  return withNeeds(checks.filter((check) => check.name === name));
}

function textOf(result: Result): string {
  switch (result.kind) {
    case 'passed':
      return `✓ ${result.check.name}`;
    case 'failed':
      return `✕ ${result.check.name}`;
    case 'untried':
    case 'missing':
      return `– ${result.check.name}: ${result.why}`;
    default:
      return result satisfies never;
  }
}

beforeAll(compile);

describe('what fails once', () => {
  /** The first program of it lies, which breaks three scenarios, and those after it do not. */
  function once(folder: string): Peer {
    const peer = liar('', 'server');
    const command = (peer.process?.command ?? []).map((word) => `'${word}'`).join(' ');
    const script = `if mkdir '${folder}'; then exec ${command} --lie keeps-last-value; else exec ${command}; fi`;
    return { ...peer, ...(peer.process && { process: { ...peer.process, command: ['sh', '-c', script] } }) };
  }

  it('and not again was a race, which is told', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'stitch-once-'));
    try {
      await using list = await checksOf(once(path.join(folder, 'started')), 'process', limits, [], some);
      const [check] = list.checks.filter(
        ({ name }) => name === 'server passes every scenario that it claims',
      );
      expect(await check?.run(never)).toBe(
        `${played} passed, of these only the second time metadata/request-repeated metadata/header-repeated metadata/trailer-repeated`,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the honest peer', () => {
  it('is green in everything', async () => {
    await using list = await checksOf(
      liar('', 'server', 'client'),
      'process',
      limits,
      [],
      ['pick/*', 'streams/*'],
    );
    const told: Result[] = [];
    const results = await examine(list.checks, never, (result) => void told.push(result));
    expect(results.map(textOf)).toEqual([
      ...list.checks.slice(0, -1).map(({ name }) => `✓ ${name}`),
      '– behaves the same in both: not tried: its manifest has no "container"',
    ]);
    expect(list.checks.length).toBe(41);
    expect(told).toEqual(results);
    expect(isHealthy(results, list.checks.length)).toBe(true);
    expect(verdictText(results, list.checks.length)).toBe('40 of 41 checks passed, 1 not tried');
  }, 180_000);

  it('is examined half-way when it does not claim scripts', async () => {
    const peer = { ...liar('', 'server'), server: { features: [] } };
    await using list = await checksOf(peer, 'process', limits);
    const names = [
      'server has two calls in flight',
      'server finishes a call in flight on SIGTERM',
      'server takes lines while it drains',
    ];
    const results = await examine([...new Set(names.flatMap((name) => named(list, name)))], never, () => {});
    expect(results.slice(-3).map(textOf)).toEqual([
      '✓ server has two calls in flight',
      '– server finishes a call in flight on SIGTERM: not tried: the server does not claim scripts',
      '– server takes lines while it drains: not tried: the server does not claim scripts',
    ]);
  });
});

// Most of the time is spent in waiting for what never comes.
describe.concurrent('a peer that breaks the contract', () => {
  it.each<readonly [lie: string, role: Role, check: string, says: string]>([
    [
      'exits-at-once',
      'server',
      'listens',
      'ended before it listened: exit code 3\n  stderr: no licence for this machine',
    ],
    ['is-never-ready', 'server', 'listens', 'was not ready within 5000 ms and said nothing'],
    [
      'prints-a-banner',
      'server',
      'listens',
      'printed a line that is not JSON: "welcome to the server of the year"',
    ],
    ['announces-a-dead-port', 'server', 'listens', 'which cannot be reached: connect ECONNREFUSED'],
    [
      'announces-a-mute-port',
      'server',
      'listens',
      'which accepts connections and sends no HTTP/2 SETTINGS within 10000 ms',
    ],
    [
      'never-flushes',
      'server',
      'answers flush',
      'was silent: the answer to "flush" did not come within 3000 ms; its last line is "{',
    ],
    [
      'wrong-id',
      'server',
      'replies on pick/stitch',
      'got {name: "Stitch", id: 8, skill: "making annoyed noise"} (client, server, wire)',
    ],
    [
      'other-words',
      'server',
      'answers NOT_FOUND for unknown names',
      'wanted "expirement not found", got "experiment not found"',
    ],
    [
      'hoards-lines',
      'server',
      'tells of a call at once',
      'was silent: its "served" line did not come within 3000 ms',
    ],
    [
      'never-waits',
      'server',
      'has two calls in flight',
      'ms a call whose script waits 1000 ms: it claims scripts, and does not obey waitMs',
    ],
    [
      'one-at-a-time',
      'server',
      'has two calls in flight',
      'answered a call only when the one before it, which waits, had ended',
    ],
    [
      'ends-at-a-second-call',
      'server',
      'has two calls in flight',
      'answered a call beside another with no status',
    ],
    [
      'dies-of-nonsense',
      'server',
      'refuses what it does not know',
      'ended before an answer to the line {"id":"unheard","unheardOf":{}}: exit code 1',
    ],
    [
      'silent-about-what-it-does-not-know',
      'server',
      'refuses what it does not know',
      'was silent: an answer to the line nonsense did not come within 3000 ms',
    ],
    [
      'claims-to-have-done-it',
      'server',
      'refuses what it does not know',
      'answered the line nonsense without "refused"',
    ],
    [
      'goes-without-tls',
      'server',
      'refuses what it does not know',
      'answered the line {"id":"tls","listen":{"host":"127.0.0.1","tls":{"cert":"none","key":"none"}}} without "refused"',
    ],
    [
      'logs-on-stdout',
      'server',
      'keeps logs off standard output',
      'printed a line that is not JSON: "INFO somebody asked for Truxx"',
    ],
    [
      'ignores-end-of-input',
      'server',
      'stops at the end of its input',
      'did not stop within 2000 ms of the end of its input, but did on SIGTERM',
    ],
    [
      'exits-with-3',
      'server',
      'stops at the end of its input',
      'stopped with exit code 3 at the end of its input: wanted exit code 0',
    ],
    [
      'ignores-sigterm',
      'server',
      'finishes a call in flight on SIGTERM',
      'did not stop within 2000 ms of SIGTERM',
    ],
    [
      'drops-calls-at-sigterm',
      'server',
      'finishes a call in flight on SIGTERM',
      'ended the call in flight with no status',
    ],
    [
      'waits-for-a-drain',
      'server',
      'takes lines while it drains',
      'answered "flush" only when the drain before it had ended',
    ],
    ['shares-its-port', 'server', 'refuses a port that is taken', 'on which another one listens'],
    [
      'keeps-last-value',
      'server',
      'passes every scenario that it claims',
      `3 of ${played} failed, ${played - 3} passed\nmetadata/request-repeated: the liar server: `,
    ],
    [
      'decodes-percent-twice',
      'client',
      'passes every scenario that it claims',
      `3 of ${played} failed, ${played - 3} passed\nstatus/message-percent: the liar client: `,
    ],
    ['prints-garbage', 'client', 'says that it is ready', 'printed a line that is not JSON'],
    ['reads-wrong-id', 'client', 'reports the response on pick/stitch', 'id: 8'],
    [
      'reports-no-message',
      'client',
      'reports NOT_FOUND for unknown names',
      'wanted "expirement not found", got ""',
    ],
    [
      'one-at-a-time',
      'client',
      'has two calls in flight',
      'ended a call only when the one before it, which waits, had ended',
    ],
    [
      'silent-about-what-it-does-not-know',
      'client',
      'refuses what it does not know',
      'was silent: an answer to the line nonsense did not come within 3000 ms',
    ],
    [
      'silent-about-what-it-does-not-know',
      'client',
      'answers a call that it does not know how to make',
      'was silent: the end of a call whose method it cannot know did not come within 10000 ms',
    ],
    [
      'claims-to-have-done-it',
      'client',
      'answers a call that it does not know how to make',
      'ended a call whose method it cannot know without "unsupported"',
    ],
    [
      'logs-on-stdout',
      'client',
      'keeps logs off standard output',
      'printed a line that is not JSON: "INFO somebody asked for Truxx"',
    ],
    ['ignores-the-end', 'client', 'stops at the end of its input', 'nor within 1000 ms of SIGTERM: killed'],
    [
      'ignores-sigterm',
      'client',
      'finishes a call in flight on SIGTERM',
      'did not stop within 2000 ms of SIGTERM',
    ],
    [
      'drops-calls-at-sigterm',
      'client',
      'finishes a call in flight on SIGTERM',
      'ended before the end of the call in flight: exit code 0',
    ],
  ])('%s as the %s: %s', async (lie, role, check, says) => {
    await using list = await checksOf(liar(lie, role), 'process', limits, [], some);
    const results = await examine(named(list, `${role} ${check}`), never, () => {});
    const last = results.at(-1);
    expect(results.map(({ kind }) => kind).slice(0, -1)).toEqual(results.slice(1).map(() => 'passed'));
    expect(last?.kind === 'failed' ? last.problem : last?.kind).toContain(says);
    expect(last?.kind === 'failed' && last.problem).toContain(`\n  hint: ${last?.check.hint}`);
  });

  it('is told on when it obeys what it does not claim', async () => {
    const peer = liar('', 'client');
    const features = peer.client?.features.filter((feature) => feature !== 'tls') ?? [];
    await using list = await checksOf({ ...peer, client: { features } }, 'process', limits);
    const name = 'client answers a call that it does not know how to make';
    const last = (await examine(named(list, name), never, () => {})).at(-1);
    expect(last?.kind === 'failed' && last.problem).toContain(
      'ended a call whose tls it cannot know without "unsupported"',
    );
  });

  it('is told of once: what needs what failed is not tried, and the others go on', async () => {
    await using list = await checksOf(liar('prints-a-banner', 'server'), 'process', limits);
    const results = await examine(list.checks, never, () => {});
    const [toolChain, build, announces, ...others] = results.map(textOf);
    expect([toolChain, build, announces]).toEqual(['✓ tool chain', '✓ build', '✕ server listens']);
    expect(others.slice(0, -1)).toEqual(
      list.checks.slice(3, -1).map(({ name }) => `– ${name}: not tried: it needs "server listens"`),
    );
    expect(isHealthy(results, list.checks.length)).toBe(false);
    expect(documentOf('liar', results, list.checks.length)).toMatchObject({
      healthy: false,
      verdict: '2 of 21 checks passed, 18 not tried; first: server listens, as a process',
      checks: { 2: { section: 'as a process', name: 'server listens', kind: 'failed' } },
    });
  });

  it('does not keep a person who stops the doctor', async () => {
    const controller = new AbortController();
    await using list = await checksOf(liar('is-never-ready', 'server'), 'process', limits);
    const startedAt = performance.now();
    setTimeout(() => controller.abort('SIGINT'), 700);
    const results = await examine(list.checks, controller.signal, () => {});
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(results.map(textOf)).toEqual(['✓ tool chain', '✓ build']);
    expect(isHealthy(results, list.checks.length)).toBe(false);
    expect(verdictText(results, list.checks.length)).toBe('2 of 21 checks passed, stopped before the end');
  });
});

describe.concurrent('a peer that can be started in two ways', () => {
  it.each<readonly [one: string, other: string, says: string]>([
    ['', '', '✓ behaves the same in both'],
    ['', 'other-words', 'unknown/nobody as the server: passed as a process, failed as a process'],
    [
      'exits-at-once',
      'exits-at-once',
      '– behaves the same in both: not tried: none of 9 cells passes in either',
    ],
  ])('%s and %s: %s', async (one, other, says) => {
    await using starter = processStarter();
    const [here, there] = [one, other].map((lie) =>
      makeSubject(liar(lie, 'server'), starter, starter, limits, []),
    );
    if (!here || !there) throw new Error('two were made');
    const [result] = await examine([bothModesCheck(here, there, [])], never, () => {});
    expect(result?.kind === 'failed' ? result.problem : result && textOf(result)).toContain(says);
  });
});
