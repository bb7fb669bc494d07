/** What must be true of every scenario of the project's own contracts, whatever service it is about. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { row, table } from '../../contracts/manage/table.ts';
import { rootFolder } from '../folders.ts';
import {
  type CallSpec,
  type ClientStep,
  type Metadatum,
  type Script,
  type ServerStep,
  sentBy,
} from '../model/call.ts';
import { givesOneResponse, takesOneRequest } from '../model/method.ts';
import type { ClientFeature, ServerFeature } from '../model/peer.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';
import { Code, codeName } from '../model/status.ts';
import { areSame, countOf, isBeginningOf } from '../witness/messages.ts';
import { loadContracts, ownContracts } from './load.ts';

const { contracts, scenarios, types } = await loadContracts(ownContracts());
const all = scenarios.map((scenario) => [scenario.name, scenario] as const);
/** Every peer has code for it. */
const plain = '/Manage/PickOne';

function callsOf(scenario: Scenario): readonly PlannedCall[] {
  return scenario.steps.flatMap((step) => (step.do === 'calls' ? step.calls : []));
}

/** The kind that the client takes the call for, and that of what it calls. */
function kindsOf({ method, types: of = method }: CallSpec) {
  return { client: types.methods.get(of)?.kind, server: types.methods.get(method)?.kind };
}

/** What a side must be able to do for a call; the builder works it out by itself, and this is the second opinion. */
const clientNeeds: readonly (readonly [ClientFeature, (call: PlannedCall) => boolean])[] = [
  ['any-service', ({ spec }) => (spec.types ?? spec.method) !== plain || spec.method !== plain],
  ['client-streams', ({ spec }) => kindsOf(spec).client === 'client-streams'],
  ['server-streams', ({ spec }) => kindsOf(spec).client === 'server-streams'],
  ['bidi-streams', ({ spec }) => kindsOf(spec).client === 'bidi-streams'],
  ['script', ({ script }) => script !== undefined],
  ['metadata', ({ spec }) => spec.metadata.length > 0],
  ['metadata', ({ expect }) => expect.headers !== undefined || expect.trailers !== undefined],
  ['timeout', ({ spec }) => spec.timeoutMs !== undefined],
  ['cancel', ({ spec }) => spec.steps.some((step) => 'cancel' in step)],
  ['wait-for-ready', ({ spec }) => spec.waitForReady === true],
  ['gzip-request', ({ spec }) => spec.compression === 'gzip'],
  ['gzip-response', ({ script }) => script?.compression === 'gzip'],
  ['tls', ({ spec }) => spec.tls !== undefined],
  ['steps', ({ spec }) => spec.steps.some((step) => 'waitMs' in step)],
  // Something is sent, or said to be all, behind what is waited for.
  ['steps', ({ spec }) => /receive.*(?:send|close)/.test(spec.steps.flatMap(Object.keys).join())],
  ['types', ({ spec }) => spec.types !== undefined || kindsOf(spec).server === undefined],
  // ProtoJSON has no word for what the descriptor does not know.
  ['any-message', ({ spec, script }) => /"#\d+":/.test(JSON.stringify([spec.steps, script?.steps]))],
];

const serverNeeds: readonly (readonly [ServerFeature, (call: PlannedCall) => boolean])[] = [
  ['scripts', ({ script }) => script !== undefined],
  ['scripts', ({ spec }) => kindsOf(spec).server !== undefined && spec.method !== plain],
  // Of a deadline only a record tells.
  ['scripts', ({ expect }) => expect.timeRemainingMs !== undefined],
  ['client-name', ({ expect }) => expect.clientName !== undefined],
  ['tls-version', ({ expect }) => expect.handshake?.version !== undefined],
  ['client-streams', ({ spec }) => kindsOf(spec).server === 'client-streams'],
  ['server-streams', ({ spec }) => kindsOf(spec).server === 'server-streams'],
  ['bidi-streams', ({ spec }) => kindsOf(spec).server === 'bidi-streams'],
  ['metadata', ({ expect }) => expect.metadata !== undefined],
  ['metadata', ({ script }) => headersOf(script) !== undefined || endOf(script).trailers.length > 0],
  ['gzip-request', ({ spec }) => spec.compression === 'gzip'],
  ['gzip-response', ({ script }) => script?.compression === 'gzip'],
];

function needed<F>(
  table: readonly (readonly [F, (call: PlannedCall) => boolean])[],
  calls: readonly PlannedCall[],
) {
  return new Set(table.filter(([, isNeeded]) => calls.some(isNeeded)).map(([feature]) => feature));
}

function headersOf(script: Script | undefined): readonly Metadatum[] | undefined {
  return script?.steps.flatMap((step) => ('headers' in step ? [step.headers] : []))[0];
}

function endOf(script: Script | undefined) {
  const last = script?.steps.at(-1);
  return last && 'end' in last ? last.end : { code: 0, message: '', trailers: [] };
}

function waitOf(steps: readonly (ClientStep | ServerStep)[]): number {
  return steps.reduce((sum, step) => sum + ('waitMs' in step ? step.waitMs : 0), 0);
}

const mebi = 1024 * 1024;

function bytesOf(steps: readonly (ClientStep | ServerStep)[]): number {
  return steps.reduce(
    (sum, step) => sum + ('send' in step ? step.send.bytes.length * (step.times ?? 1) : 0),
    0,
  );
}

function isSend(step: ServerStep): boolean {
  return 'send' in step;
}

describe('the scenarios', () => {
  it('have names of their own: a group and a word', () => {
    const names = scenarios.map((scenario) => scenario.name);
    expect(new Set(names).size).toBe(names.length);
    expect(
      names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+([-_.][a-z0-9]+)*$/.test(name)),
    ).toEqual([]);
  });

  it('have titles of their own', () => {
    const titles = scenarios.map((scenario) => scenario.title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('cover every status code', () => {
    const codes = new Set(scenarios.flatMap(callsOf).map((planned) => planned.expect.code));
    expect(Object.values(Code).filter((code) => !codes.has(code))).toEqual([]);
  });

  it('belong to their contracts, that which every peer has code for first', () => {
    expect(scenarios[0]?.contract).toBe('manage');
    for (const contract of contracts) {
      expect(contract.scenarios.length, contract.name).toBeGreaterThan(0);
      for (const scenario of contract.scenarios) expect(scenario.contract).toBe(contract.name);
    }
    const paths = contracts.flatMap((contract) => [...contract.types.methods.keys()]);
    expect([...types.methods.keys()].toSorted()).toEqual([...new Set(paths)].toSorted());
  });

  it('have one script of a name', () => {
    const scripts = scenarios.flatMap(callsOf).flatMap(({ script }) => script ?? []);
    const byName = Map.groupBy(scripts, ({ name }) => name);
    for (const [name, same] of byName)
      expect(new Set(same.map((script) => JSON.stringify(script))).size, name).toBe(1);
  });
});

describe.each(all)('%s', (name, scenario) => {
  const calls = callsOf(scenario);

  it('says what should happen as a sentence', () => {
    expect(scenario.title).toMatch(/^[A-Z0-9é].*\.$/s);
    expect(scenario.title).not.toMatch(/\n/);
  });

  it('rests on a sentence that has an address', () => {
    const { text, link } = scenario.source;
    expect(text).toMatch(/\S/);
    // A case rests on itself: file and line.
    if (!link.startsWith('https://'))
      expect(existsSync(path.join(rootFolder, link.replace(/:\d+$/, ''))), link).toBe(true);
  });

  it('makes calls', () => {
    expect(calls.length).toBeGreaterThan(0);
  });

  it('names every feature that it needs, or a peer that lacks it would be blamed', () => {
    const server = needed(serverNeeds, calls);
    if (scenario.connection === 'own-listener') server.add('listen');
    if (scenario.tls) server.add('tls');
    const client = needed(clientNeeds, calls);
    // One call after another by programs of their own is neither much of a load nor a connection that stood.
    const isRow = calls.some(({ spec }) => (spec.times ?? 1) > 1);
    if (calls.length > 10 || isRow || server.has('listen')) client.add('channel');
    expect(new Set(scenario.needs.client)).toEqual(client);
    expect(new Set(scenario.needs.server)).toEqual(server);
  });

  it('has steps that its methods allow', () => {
    for (const { spec } of calls) {
      const { steps } = spec;
      const { client: kind } = kindsOf(spec);
      expect(kind, spec.types ?? spec.method).toBeDefined();
      if (kind && takesOneRequest(kind)) {
        expect(countOf(sentBy(steps))).toBe(1);
        expect(steps.some((step) => 'close' in step)).toBe(false);
      }
      const cancel = steps.findIndex((step) => 'cancel' in step);
      expect([-1, steps.length - 1]).toContain(cancel);
    }
  });

  it('has scripts that their methods allow', () => {
    for (const { spec, script } of calls) {
      if (!script) continue;
      const { steps } = script;
      const { server: kind } = kindsOf(spec);
      expect(kind, spec.method).toBeDefined();
      expect(steps.map((step) => 'end' in step).indexOf(true)).toBe(steps.length - 1);
      if (kind && takesOneRequest(kind))
        expect(steps.filter((step) => 'receive' in step).length).toBeLessThanOrEqual(1);
      if (!kind || !givesOneResponse(kind)) continue;
      const sends = steps.flatMap((step, index) => (isSend(step) ? [index] : []));
      const isFailing = endOf(script).code !== Code.OK;
      expect(sends).toEqual(isFailing ? [] : [steps.length - 2]);
      expect(countOf(sentBy(steps))).toBe(isFailing ? 0 : 1);
    }
  });

  it('expects what its script does, and of the requests what is sent', () => {
    for (const { spec, script, expect: wanted } of calls) {
      if (wanted.requests) expect(isBeginningOf(wanted.requests, sentBy(spec.steps)), name).toBe(true);
      if (!script || wanted.served === 'either' || wanted.served === 'never') continue;
      const sent = sentBy(script.steps);
      const isWhole = wanted.served === 'answered';
      expect((isWhole ? areSame : isBeginningOf)(wanted.responses, sent), name).toBe(true);
      if (!isWhole) continue;
      const { code, message, trailers } = endOf(script);
      expect(wanted.code).toBe(code);
      expect(wanted.message ?? message).toBe(message);
      expect(wanted.trailers ?? trailers).toEqual(trailers);
      if (wanted.headers) expect(wanted.headers).toEqual(headersOf(script));
    }
  });

  it('wants one response of a method that gives one exactly when it wants OK', () => {
    for (const { spec, expect: wanted } of calls) {
      const { server: kind } = kindsOf(spec);
      if (kind && givesOneResponse(kind))
        expect(countOf(wanted.responses)).toBe(wanted.code === Code.OK ? 1 : 0);
    }
  });

  it('says when it waits on purpose, and a tenth of a second is none', () => {
    const waitsMs = calls.map(({ spec, script }) =>
      Math.max(waitOf(spec.steps), waitOf(script?.steps ?? [])),
    );
    const pausesMs = scenario.steps.flatMap((step) => (step.do === 'pause' ? [step.ms] : []));
    // What carries much has to do meanwhile, and would take the time of what runs beside it.
    const isBusy = calls.some(
      ({ spec, script }) => bytesOf([...spec.steps, ...(script?.steps ?? [])]) > mebi,
    );
    if (Math.max(...waitsMs, ...pausesMs) > 100) expect(scenario.waits).toBe(!isBusy);
    if (scenario.waits) expect(scenario.connection).not.toBe('shared');
  });

  it('has a listener of its own where it closes or encrypts one, or a client is to take it for such', () => {
    const closes = scenario.steps.some((step) => step.do === 'close' || step.do === 'drain');
    const encrypts = scenario.tls !== undefined || calls.some(({ spec }) => spec.tls !== undefined);
    expect(closes || encrypts).toBe(scenario.connection === 'own-listener');
  });

  it('sends metadata below the 8 KiB that the specification suggests, by its count', () => {
    for (const { spec, script } of calls) {
      expect(headerListSize(spec, script), name).toBeLessThan(8192);
      expect(sizeOf([...plainResponse, ...(headersOf(script) ?? []).map(field)])).toBeLessThan(8192);
      const { message, details = '', trailers } = endOf(script);
      const status = [
        ['grpc-message', encodeURIComponent(message)],
        ['grpc-status-details-bin', details],
      ] as const;
      expect(sizeOf([...plainTrailers, ...status, ...trailers.map(field)])).toBeLessThan(8192);
    }
  });
});

/**
 * "The value is based on the uncompressed size of header fields, including the length of the name and
 * value in octets plus an overhead of 32 octets for each header field." (RFC 9113, 6.5.2; PROTOCOL-HTTP2
 * suggests the 8 KiB without saying how they are counted.)
 */
function sizeOf(fields: readonly (readonly [name: string, value: string])[]): number {
  return fields.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + 32,
    0,
  );
}

function headerListSize(spec: CallSpec, script: Script | undefined): number {
  return sizeOf([
    [':method', 'POST'],
    [':scheme', 'http'],
    [':path', spec.method],
    [':authority', '127.0.0.1:65535'],
    ['te', 'trailers'],
    ['content-type', 'application/grpc'],
    ['user-agent', 'x'.repeat(64)],
    ['grpc-timeout', '99999999S'],
    ['grpc-accept-encoding', 'identity,deflate,gzip'],
    ['stitch-call-id', 'c10000.1000'],
    ['stitch-script', script?.name ?? ''],
    ...spec.metadata.map(field),
  ]);
}

const plainResponse = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
  ['grpc-accept-encoding', 'identity,deflate,gzip'],
] as const;

const plainTrailers = [...plainResponse, ['grpc-status', '10']] as const;

function field(entry: Metadatum): readonly [string, string] {
  return [entry.key, 'text' in entry ? entry.text : entry.binary];
}

describe('the table', () => {
  it('is the one that servers know', () => {
    expect(table.map(({ name, id, skill }) => `${id} ${name}: ${skill}`)).toEqual([
      '0 Cyber: breaking',
      '1 Shrink: short-flying',
      '2 Doubledip: filting anying',
      '3 Howcome: making why',
      '4 Squawk: advanced language skill',
      '5 Truxx: seting up heavy machine',
      '6 Gigi: touching ur heart',
      '7 Stitch: making annoyed noise',
    ]);
  });

  it('has no row for a typing mistake', () => {
    expect(row('Stitch').id).toBe(7);
    expect(() => row('stitch')).toThrow('no row is named "stitch"');
  });
});

it('a code has a name', () => {
  expect(codeName(5)).toBe('NOT_FOUND');
  expect(codeName(17)).toBe('code 17');
  expect(Object.keys(Code).map((name) => Code[name as keyof typeof Code])).toEqual(
    Array.from({ length: 17 }, (_, code) => code),
  );
});
