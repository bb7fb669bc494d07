/** The doctor is green where all is well, and tells on each peer that breaks the contract. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Limits } from '../launch/launcher.ts';
import type { Peer, Role } from '../model/peer.ts';
import { compile, honestPeer } from '../saboteurs/peers.ts';
import { type Check, type Result, withNeeds } from './check.ts';
import { examine } from './examine.ts';
import { type Checks, checksOf } from './peer.ts';
import { documentOf, isHealthy, verdictText } from './print.ts';
import { doctorLimits } from './subject.ts';

const never = new AbortController().signal;
/** Short, for what is silent; long enough for programs that start on two busy cores. */
const limits: Limits = { ...doctorLimits, readyMs: 5_000, callMs: 4_000, stopMs: 2_000, termMs: 1_000 };

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

describe('the honest peer', () => {
  it('is green in everything', async () => {
    await using list = await checksOf(liar('', 'server', 'client'), 'process', limits);
    const told: Result[] = [];
    const results = await examine(list.checks, never, (result) => void told.push(result));
    expect(results.map(textOf)).toEqual([
      ...list.checks.slice(0, -1).map(({ name }) => `✓ ${name}`),
      '– behaves the same in both: not tried: its manifest has no "container"',
    ]);
    expect(list.checks.length).toBe(26);
    expect(told).toEqual(results);
    expect(isHealthy(results, list.checks.length)).toBe(true);
    expect(verdictText(results, list.checks.length)).toBe('25 of 26 checks passed, 1 not tried');
  });

  it('is examined half-way when it does not claim to wait', async () => {
    const peer = liar('', 'server');
    const list = await checksOf(
      { ...peer, server: { args: peer.server?.args ?? [], features: [] } },
      'process',
      limits,
    );
    await using _ = list;
    const names = ['server has two calls in flight', 'server finishes a call in flight on SIGTERM'];
    const results = await examine([...new Set(names.flatMap((name) => named(list, name)))], never, () => {});
    expect(results.slice(-2).map(textOf)).toEqual([
      '✓ server has two calls in flight',
      '– server finishes a call in flight on SIGTERM: not tried: the server does not claim wait',
    ]);
  });
});

// Most of the time is spent in waiting for what never comes.
describe.concurrent('a peer that breaks the contract', () => {
  it.each<readonly [lie: string, role: Role, check: string, says: string]>([
    [
      'exits-at-once',
      'server',
      'announces its port',
      'ended before it announced a port: exit code 3\n  stderr: no licence for this machine',
    ],
    [
      'announces-nothing',
      'server',
      'announces its port',
      'did not announce a port within 5000 ms and said nothing',
    ],
    [
      'prints-a-banner',
      'server',
      'announces its port',
      'printed a line that is not JSON: "welcome to the server of the year"',
    ],
    [
      'announces-a-dead-port',
      'server',
      'announces its port',
      'which cannot be reached: connect ECONNREFUSED',
    ],
    [
      'announces-a-mute-port',
      'server',
      'announces its port',
      'which accepts connections and sends no HTTP/2 SETTINGS within 4000 ms',
    ],
    [
      'never-flushes',
      'server',
      'answers flush',
      'was silent: "flushed" did not come within 4000 ms; its last line is "{',
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
      'was silent: its "served" line did not come within 4000 ms',
    ],
    [
      'never-waits',
      'server',
      'has two calls in flight',
      'ms a call that told it to wait 1000 ms: it claims wait, and does not obey stitch-wait-ms',
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
      'refuses an unknown instruction',
      'ended before "refused" as the answer to the line {"unheardOf":{}}: exit code 1',
    ],
    [
      'logs-on-stdout',
      'server',
      'keeps logs off standard output',
      'printed a line that is not JSON: "INFO somebody asked for Truxx"',
    ],
    [
      'has-no-health',
      'server',
      'offers health',
      'answered /grpc.health.v1.Health/Check of "" with UNIMPLEMENTED',
    ],
    ['is-not-serving', 'server', 'offers health', 'with NOT_SERVING: wanted SERVING'],
    [
      'has-no-reflection',
      'server',
      'offers reflection of proto/',
      'offers no reflection: grpc.reflection.v1: UNIMPLEMENTED',
    ],
    [
      'reflects-another-file',
      'server',
      'offers reflection of proto/',
      'describes Expirement by reflection as { int32 id = 2; string name = 1; string skull = 3 } where proto/ has { int32 id = 2; string name = 1; string skill = 3 }',
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
      'keeps-last-value',
      'server',
      'passes every scenario that it claims',
      '3 of 70 failed, 67 passed\nmetadata/request-repeated: the liar server: ',
    ],
    ['shares-its-port', 'server', 'refuses a port that is taken', 'on which another one listens'],
    [
      'decodes-percent-twice',
      'client',
      'passes every scenario that it claims',
      '3 of 70 failed, 67 passed\nstatus/message-percent: the liar client: ',
    ],
    ['prints-garbage', 'client', 'says that it is ready', 'printed a line that is not JSON'],
    ['reads-wrong-id', 'client', 'reports the reply on pick/stitch', 'id: 8'],
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
      'silent-about-kinds',
      'client',
      'answers a call of an unknown kind',
      'was silent: an answer to a call of an unknown kind did not come within 4000 ms',
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
    await using list = await checksOf(liar(lie, role), 'process', limits);
    const results = await examine(named(list, `${role} ${check}`), never, () => {});
    const last = results.at(-1);
    expect(results.map(({ kind }) => kind).slice(0, -1)).toEqual(results.slice(1).map(() => 'passed'));
    expect(last?.kind === 'failed' ? last.problem : last?.kind).toContain(says);
    expect(last?.kind === 'failed' && last.problem).toContain(`\n  hint: ${last?.check.hint}`);
  });

  it('is told of once: what needs what failed is not tried, and the others go on', async () => {
    await using list = await checksOf(liar('prints-a-banner', 'server'), 'process', limits);
    const results = await examine(list.checks, never, () => {});
    const [toolChain, build, announces, ...others] = results.map(textOf);
    expect([toolChain, build, announces]).toEqual(['✓ tool chain', '✓ build', '✕ server announces its port']);
    expect(others.slice(0, -1)).toEqual(
      list.checks
        .slice(3, -1)
        .map(({ name }) => `– ${name}: not tried: it needs "server announces its port"`),
    );
    expect(isHealthy(results, list.checks.length)).toBe(false);
    expect(documentOf('liar', results, list.checks.length)).toMatchObject({
      healthy: false,
      verdict: '2 of 17 checks passed, 14 not tried; first: server announces its port, as a process',
      checks: { 2: { section: 'as a process', name: 'server announces its port', kind: 'failed' } },
    });
  });

  it('does not keep a person who stops the doctor', async () => {
    const controller = new AbortController();
    await using list = await checksOf(liar('announces-nothing', 'server'), 'process', limits);
    const startedAt = performance.now();
    setTimeout(() => controller.abort('SIGINT'), 700);
    const results = await examine(list.checks, controller.signal, () => {});
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(results.map(textOf)).toEqual(['✓ tool chain', '✓ build']);
    expect(isHealthy(results, list.checks.length)).toBe(false);
    expect(verdictText(results, list.checks.length)).toBe('2 of 17 checks passed, stopped before the end');
  });
});
