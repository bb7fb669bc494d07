import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readEvents } from '../cli/events.ts';
import { audienceOf } from '../cli/outputs.ts';
import { inMemory, nameIn } from '../fixtures/memory.ts';
import {
  allSorts,
  asBaseline,
  before,
  changed,
  type Events,
  eventsOf,
  green,
  inOrder,
  matrixOf,
  perPairing,
  planOf,
  stoppedAfter,
  timeless,
  wrongId,
} from '../fixtures/runs.ts';
import { aStream } from '../fixtures/streams.ts';
import { aPeer, aScenario } from '../fixtures/values.ts';
import { PeerError } from '../launch/peer-error.ts';
import type { RunEvent } from '../model/event.ts';
import type { Peer } from '../model/peer.ts';
import { type Baseline, compare, isAcceptable, startComparison } from '../outcome/baseline.ts';
import { isHealthy, type Standing, tally } from '../outcome/matrix.ts';
import { changesHead } from '../report/changes.ts';
import { annotationsReporter } from '../report/outputs/annotations.ts';
import { jsonReporter } from '../report/outputs/json.ts';
import { junitReporter } from '../report/outputs/junit.ts';
import { logReporter } from '../report/outputs/log.ts';
import { markdownReporter } from '../report/outputs/markdown.ts';
import { terminalReporter } from '../report/outputs/terminal.ts';
import { multiplex, type Reporter } from '../report/reporter.ts';
import { verdict } from '../report/verdict.ts';

/** How many cells of a pairing stand how. */
function standingsOf(events: readonly RunEvent[]): Record<string, Partial<Record<Standing, number>>> {
  const places: Record<string, Partial<Record<Standing, number>>> = {};
  for (const [id, standing] of matrixOf(events).standings) {
    const place = id.split('/').slice(0, 2).join('→');
    places[place] = { ...places[place], [standing]: (places[place]?.[standing] ?? 0) + 1 };
  }
  return places;
}

describe('a run', () => {
  it('of peers that are right is healthy', async () => {
    const events = await eventsOf(planOf([aPeer('alpha'), aPeer('beta')]), inMemory());
    const numbers = tally(matrixOf(events));
    expect(numbers).toMatchObject({ planned: 4 * perPairing, ok: 4 * perPairing, complete: true });
    expect(isHealthy(numbers)).toBe(true);
  });

  it('has no result but unsupported for what is to be encrypted where nothing can be', async () => {
    const tls = aScenario('tls/plain-call', { needs: { client: ['channel', 'tls'], server: ['tls'] } });
    const plan = planOf([aPeer('alpha')]);
    const [cell] = plan.cells;
    const encrypted = { ...plan, scenarios: [tls], cells: cell ? [{ ...cell, scenario: tls.name }] : [] };
    const results = (await eventsOf(encrypted, inMemory())).flatMap((event) =>
      event.type === 'cell-finished' ? event.result.outcome : [],
    );
    expect(results).toEqual([{ kind: 'unsupported', by: 'client', feature: 'tls' }]);
  });

  it('names a server that does not start in each of its cells, and in no other', async () => {
    const launcher = inMemory({ beta: new Error('could not bind') });
    const events = await eventsOf(planOf([aPeer('alpha'), aPeer('beta')]), launcher);
    const broken = { broken: perPairing };
    const ok = { ok: perPairing };
    expect(standingsOf(events)).toEqual({
      'alpha→alpha': ok,
      'alpha→beta': broken,
      'beta→alpha': ok,
      'beta→beta': broken,
    });
    const reasons = matrixOf(events).notable.map((result) => result.outcome);
    expect(new Set(reasons.map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set([
        JSON.stringify({
          kind: 'broken',
          by: 'server',
          stage: 'launch',
          reason: 'beta server could not bind',
        }),
      ]),
    );
  });

  it('finds a wrong id at the server that sends it', async () => {
    const launcher = inMemory({ beta: wrongId });
    const events = await eventsOf(planOf([aPeer('alpha'), aPeer('beta')], ['!load']), launcher);
    const [all, wrong] = [perPairing - 1, 3];
    expect(standingsOf(events)).toEqual({
      'alpha→alpha': { ok: all },
      'alpha→beta': { ok: all - wrong, unexpected: wrong },
      'beta→alpha': { ok: all },
      'beta→beta': { ok: all - wrong, unexpected: wrong },
    });
    const [first] = matrixOf(events).notable;
    expect(first).toMatchObject({
      outcome: {
        kind: 'failed',
        mismatches: [
          { call: 0, witness: 'client', what: 'response' },
          { call: 0, witness: 'server', what: 'response' },
        ],
      },
      logs: { client: [], server: [] },
      reproduce: `npm run interop -- --launcher memory client:${first?.client} server:beta scenario:${first?.scenario}`,
    });
    expect(first?.evidence.calls).toHaveLength(1);
  });

  it('reports what is unsupported without playing it', async () => {
    const plain = { features: [] };
    const calls: string[] = [];
    const launcher = inMemory({}, (call) => void calls.push(call.id));
    const peers = [aPeer('alpha', { client: plain, server: plain })];
    const events = await eventsOf(planOf(peers, []), launcher);
    expect(standingsOf(events)['alpha→alpha']).toMatchObject({ unsupported: 2 });
    expect(events).toContainEqual({
      type: 'cell-finished',
      result: {
        client: 'alpha',
        server: 'alpha',
        scenario: 'deadline/arrives',
        round: 1,
        outcome: { kind: 'unsupported', by: 'client', feature: 'timeout' },
        evidence: { calls: [], omitted: 0 },
        durationMs: 0,
      },
    });
  });

  it('builds and starts no peer whose cells are all unsupported', async () => {
    const asked: string[] = [];
    const launcher = inMemory();
    const build = async (peer: Peer) => {
      asked.push(peer.name);
      if (peer.name === 'beta')
        throw new PeerError({ peer: 'beta', stage: 'build', what: 'does not compile' });
      return { cached: true };
    };
    const { server: _, ...calls } = aPeer('beta', { client: { features: [] } });
    const plan = planOf([aPeer('alpha'), calls], ['!pick', '!unknown', '!load']);
    const events = await eventsOf(plan, { ...launcher, build });
    expect(asked).toEqual(['alpha']);
    expect(standingsOf(events)).toEqual({ 'alpha→alpha': { ok: 1 }, 'beta→alpha': { unsupported: 1 } });
    expect(events.filter((event) => event.type === 'peer-stopped').map((event) => event.peer)).toEqual([
      'alpha',
      'alpha',
    ]);
  });

  it('says what exactly was built, when the launcher knows', async () => {
    const artifact = 'sources 0123456789abcdef';
    const build = async ({ name }: Peer) => ({ cached: true, ...(name === 'beta' && { artifact }) });
    const events = await eventsOf(planOf([aPeer('alpha'), aPeer('beta')]), { ...inMemory(), build });
    const built = events.filter((event) => event.type === 'peer-built');
    expect(built.map(({ peer, artifact }) => [peer, artifact]).toSorted()).toEqual([
      ['alpha', undefined],
      ['beta', artifact],
    ]);
  });

  it('tells in each cell of a peer that it could not be built', async () => {
    const launcher = inMemory();
    const build = async (peer: Peer) => {
      if (peer.name === 'alpha') return { cached: false };
      throw new PeerError({ peer: peer.name, stage: 'build', what: 'does not compile' });
    };
    const events = await eventsOf(planOf([aPeer('alpha'), aPeer('beta')]), { ...launcher, build });
    expect(standingsOf(events)).toEqual({
      'alpha→alpha': { ok: perPairing },
      'alpha→beta': { broken: perPairing },
      'beta→alpha': { broken: perPairing },
      'beta→beta': { broken: perPairing },
    });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'peer-built', peer: 'beta', problem: 'beta does not compile' }),
    );
    expect(matrixOf(events).notable[0]?.outcome).toMatchObject({
      stage: 'build',
      reason: 'beta does not compile',
    });
    const byPairing = matrixOf(events).notable.map(({ client, server, outcome }) => [
      client,
      server,
      'by' in outcome && outcome.by,
    ]);
    expect(byPairing).toContainEqual(['alpha', 'beta', 'server']);
    expect(byPairing).toContainEqual(['beta', 'alpha', 'client']);
  });

  it('plays every cell as often as it is told, and what passes now and then is flaky', async () => {
    let asked = 0;
    const launcher = inMemory({
      beta: (call, answer) =>
        nameIn(call) === 'Stitch' && ++asked % 4 === 0 ? { code: 2, message: '', responses: [] } : answer,
    });
    const plan = planOf([aPeer('beta')], ['scenario:pick,unknown']);
    const events = await eventsOf(plan, launcher, { rounds: 8 });
    const matrix = matrixOf(events);
    expect([...matrix.standings]).toEqual([
      ['beta/beta/pick/cyber', 'ok'],
      ['beta/beta/pick/stitch', 'flaky'],
      ['beta/beta/unknown/empty', 'ok'],
    ]);
    expect(matrix.rounds.get('beta/beta/pick/stitch')).toEqual({ played: 8, passed: 6 });
    expect(matrix.notable.map(({ round }) => round)).toEqual([4]);
    expect(isHealthy(tally(matrix))).toBe(false);
  });

  it('that is stopped in a later round has no cell without all its rounds as green', async () => {
    const stop = new AbortController();
    const events = await eventsOf(planOf([aPeer('alpha')]), inMemory(), {
      rounds: 3,
      signal: stop.signal,
      emit(event) {
        if (event.type === 'cell-finished' && event.result.round === 2) stop.abort('SIGINT');
      },
    });
    expect(tally(matrixOf(events))).toMatchObject({ ok: 0, missing: perPairing });
  });

  it('that is stopped in the middle ends in order, says so, and is not healthy', async () => {
    const stop = new AbortController();
    let finished = 0;
    const events = await eventsOf(planOf([aPeer('alpha'), aPeer('beta')]), inMemory(), {
      signal: stop.signal,
      emit(event) {
        if (event.type === 'cell-finished' && ++finished === 3) stop.abort('SIGINT');
      },
    });
    expect(events.at(-1)).toMatchObject({ type: 'run-finished', stopped: 'SIGINT' });
    const numbers = tally(matrixOf(events));
    expect(numbers.ok + numbers.missing).toBe(numbers.planned);
    expect(numbers.ok).toBeGreaterThanOrEqual(3);
    expect(numbers.missing).toBeGreaterThan(10);
    expect(numbers.complete).toBe(false);
    expect(isHealthy(numbers)).toBe(false);
    const stopped = events.filter((event) => event.type === 'peer-stopped');
    expect(stopped).toHaveLength(4);
    expect(stopped.filter((event) => event.problem)).toEqual([]);
  });

  it('that is stopped before it began runs nothing', async () => {
    const calls: string[] = [];
    const launcher = inMemory({}, (call) => void calls.push(call.id));
    const events = await eventsOf(planOf([aPeer('alpha')]), launcher, {
      signal: AbortSignal.abort('SIGTERM'),
    });
    expect(calls).toEqual([]);
    expect(events.filter((event) => event.type === 'cell-started')).toEqual([]);
    expect(events.at(-1)).toMatchObject({ stopped: 'SIGTERM' });
    expect(tally(matrixOf(events))).toMatchObject({ ok: 0, missing: perPairing });
  });

  it('waits for whoever takes its events', async () => {
    let inHand = 0;
    const events = await eventsOf(planOf([aPeer('alpha')]), inMemory(), {
      async emit() {
        inHand += 1;
        await new Promise(setImmediate);
        inHand -= 1;
      },
    });
    expect(inHand).toBe(0);
    expect(isHealthy(tally(matrixOf(events)))).toBe(true);
  });
});

/** Runs in which every standing occurs, one that is all green, one that was stopped, and two that are compared with an earlier one. */
const runs = {
  'all-sorts': allSorts,
  green,
  stopped: () => stoppedAfter(3),
  changed,
  unchanged: before,
} as const;

/** What some of them are compared with. */
const earlier: Readonly<Record<string, () => Promise<Events>>> = { changed: before, unchanged: before };

/** The run that a run is compared with, if any; with its times as they were when nothing is done to them. */
async function baselineOf(name: string, edit = (events: Events) => events): Promise<Baseline | undefined> {
  const play = earlier[name];
  return play && asBaseline(edit(await play()));
}

/** Every output for which bytes are kept. */
const outputs: Readonly<Record<string, (write: (text: string) => void, baseline?: Baseline) => Reporter>> = {
  terminal(write, baseline) {
    const { stream } = aStream(false, write);
    return terminalReporter({ stream, isLive: false, ...(baseline && { baseline }) });
  },
  json: jsonReporter,
  junit: junitReporter,
  markdown: markdownReporter,
  annotations: annotationsReporter,
};

async function told(
  name: string,
  events: AsyncIterable<RunEvent> | Iterable<RunEvent>,
  baseline?: Baseline,
): Promise<string> {
  let text = '';
  const reporter = outputs[name]?.((more) => {
    text += more;
  }, baseline);
  for await (const event of events) await reporter?.on(event);
  await reporter?.end?.();
  return text;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'stitch-whole-'));
  vi.stubEnv('FORCE_COLOR', undefined);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(Object.entries(runs))('what is told of the run %s', (name, play) => {
  it.each(Object.keys(outputs))('by %s is what it was', async (output) => {
    const baseline = await baselineOf(name, (events) => inOrder(timeless(events)));
    const text = await told(output, inOrder(timeless(await play())), baseline);
    await expect(text).toMatchFileSnapshot(`../fixtures/whole/${name}.${output}.golden`);
  });

  it.each(Object.keys(outputs))('by %s, live, is what the log tells when it is replayed', async (output) => {
    const file = path.join(folder, `${name}-${output}.jsonl`);
    const events = await play();
    const log = logReporter(file);
    for (const event of events) await log.on(event);
    await log.end?.();
    const baseline = await baselineOf(name);
    expect(await told(output, readEvents(file), baseline)).toBe(await told(output, events, baseline));
  });

  it('comes from one tally', async () => {
    const events = await play();
    const matrix = matrixOf(events);
    const numbers = tally(matrix);
    const baseline = await baselineOf(name);
    const json = JSON.parse(await told('json', events, baseline));
    expect(json.tally).toEqual(numbers);
    expect(json.healthy).toBe(isHealthy(numbers));
    expect(json.results).toHaveLength(matrix.notable.length);

    const markdown = await told('markdown', events, baseline);
    expect(markdown.split('\n')[0]?.replaceAll('\\', '')).toBe(
      `## ${isHealthy(numbers) ? '✓' : '✕'} ${json.verdict}`,
    );
    const junit = await told('junit', events);
    const total = (name: string) => Number(new RegExp(`<testsuites[^>]* ${name}="(\\d+)"`).exec(junit)?.[1]);
    expect(total('failures')).toBe(numbers.unexpected);
    expect(junit.match(/<testcase /g) ?? []).toHaveLength(total('tests'));
    const annotations = await told('annotations', events);
    expect(annotations.startsWith(`::error title=interop::${verdict(matrix)}`)).toBe(!isHealthy(numbers));

    const terminal = await told('terminal', events, baseline);
    const lines = terminal.trimEnd().split('\n');
    expect(lines.at(-1)).toBe(json.verdict);
    expect(json.verdict).toContain(`${numbers.ok} of ${numbers.planned} planned cells passed`);
    const glyphs = { ok: '✓', unexpected: '✕', broken: '!', known: '~', unsupported: '–', missing: '·' };
    const table = lines.filter((line) => /^(alpha|beta|gamma|delta) +\d/.test(line)).join('\n');
    for (const [standing, glyph] of Object.entries(glyphs)) {
      const shown = [...table.matchAll(/(\d+) (\S)/g)].filter(([, , each]) => each === glyph);
      const sum = shown.reduce((total, [, count]) => total + Number(count), 0);
      expect([standing, sum]).toEqual([standing, numbers[standing as Standing]]);
    }
  });

  it('has one comparison with the earlier run, if any', async () => {
    const [events, baseline] = [await play(), await baselineOf(name)];
    const { matrix, timings, add } = startComparison();
    for (const event of events) add(event);
    const json = JSON.parse(await told('json', events, baseline));
    const exitCode = async (failOn: 'any' | 'regressions') => {
      const audience = audienceOf([], baseline, failOn);
      for (const event of events) await audience.on(event);
      return audience.end();
    };
    expect(await exitCode('any')).toBe(isHealthy(tally(matrix)) ? 0 : 1);
    if (!baseline) {
      expect(json).not.toHaveProperty('changes');
      expect(json.verdict).not.toContain('since');
      return;
    }
    const changes = compare(baseline, { matrix, timings });
    expect(json.changes).toEqual(JSON.parse(JSON.stringify(changes)));
    expect(await exitCode('regressions')).toBe(isAcceptable(tally(matrix), changes) ? 0 : 1);
    const regressions = new RegExp(`; ${changes.regressions || 'no'} regressions? since `);
    expect(json.verdict).toMatch(regressions);
    for (const output of ['terminal', 'markdown']) {
      const text = (await told(output, events, baseline)).replaceAll('\\', '');
      expect(text.split('\n')).toContain(changesHead(changes));
      expect(text.match(/ {3}regression$/gm) ?? []).toHaveLength(changes.regressions);
    }
  });

  it('in place, on a terminal, ends as plain lines do', async () => {
    const events = await play();
    const { stream, pieces } = aStream(true);
    const baseline = await baselineOf(name);
    const reporter = terminalReporter({ stream, isLive: true, ...(baseline && { baseline }) });
    for (const event of events) await reporter.on(event);
    await reporter.end?.();
    const plain = await told('terminal', events, baseline);
    const last = pieces.at(-1) ?? '';
    expect(last.length).toBeGreaterThan(100);
    expect(plain.endsWith(last)).toBe(true);
    expect(plain.startsWith(pieces.find((piece) => piece.includes('cells')) ?? 'never')).toBe(true);
  });
});

describe('all sorts', () => {
  it('have every standing but missing', async () => {
    const numbers = tally(matrixOf(await allSorts()));
    for (const standing of ['ok', 'unexpected', 'broken', 'known', 'unsupported'] as const) {
      expect([standing, numbers[standing]]).not.toEqual([standing, 0]);
    }
    expect(numbers.missing).toBe(0);
    expect(numbers.problems).toEqual([
      'ledger entry 3 (server:omega) matches no cell that can run: delete it',
    ]);
    expect(isHealthy(numbers)).toBe(false);
  });

  it('of a reporter that throws are told by the others, to the last byte', async () => {
    const complaints: string[] = [];
    const [before, after]: [string[], string[]] = [[], []];
    let calls = 0;
    const bad: Reporter = {
      name: 'bad',
      on() {
        calls += 1;
        if (calls === 7) throw new Error('no space left on device');
      },
      end: () => Promise.reject(new Error('never asked')),
    };
    const all = multiplex(
      [
        terminalReporter({ stream: aStream(false, (text) => void before.push(text)).stream, isLive: false }),
        bad,
        jsonReporter((text) => void after.push(text)),
      ],
      (sentence) => void complaints.push(sentence),
    );
    const events = await allSorts({ emit: all.on });
    await all.end?.();
    const sentence = 'the bad reporter failed and is switched off: no space left on device';
    expect(complaints).toEqual([sentence]);
    expect(all.failures).toEqual([sentence]);
    expect(calls).toBe(7);
    expect(before.join('')).toBe(await told('terminal', events));
    expect(after.join('')).toBe(await told('json', events));
  });
});

it('the log of one call is what it was', async () => {
  const file = path.join(folder, 'one.jsonl');
  const log = logReporter(file);
  const events = await eventsOf(planOf([aPeer('alpha')], ['pick/stitch']), inMemory());
  for (const event of timeless(events)) log.on(event);
  await log.end?.();
  await expect(readFileSync(file, 'utf8')).toMatchFileSnapshot('../fixtures/whole/one.log.golden');
});
