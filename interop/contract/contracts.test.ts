import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rootFolder } from '../folders.ts';
import type { CallSpec, Metadatum } from '../model/call.ts';
import type { PlannedCall, Scenario } from '../model/scenario.ts';
import { Code, codeName } from '../model/status.ts';
import { scenarios } from './all.ts';
import { row, table } from './table.ts';

const all = scenarios.map((scenario) => [scenario.name, scenario] as const);

function callsOf(scenario: Scenario): readonly PlannedCall[] {
  return scenario.steps.flatMap((step) => (step.do === 'calls' ? step.calls : []));
}

/** What the instructions in a call's metadata ask of the server, by docs/peer-contract.md. */
const instructions: readonly (readonly [RegExp, string])[] = [
  [/^stitch-(header|trailer)-/, 'metadata'],
  [/^stitch-(status-code|status-message-bin|send-headers)$/, 'status'],
  [/^stitch-wait-ms$/, 'wait'],
  [/^stitch-reply-encoding$/, 'gzip-reply'],
];

/** What a call needs that a peer without any feature cannot do. */
function clientNeeds(spec: CallSpec): readonly string[] {
  return [
    spec.metadata.length > 0 && 'metadata',
    spec.timeoutMs !== undefined && 'timeout',
    spec.cancelAfterMs !== undefined && 'cancel',
    spec.waitForReady && 'wait-for-ready',
    spec.compression && 'gzip-request',
    spec.metadata.some((entry) => entry.key === 'stitch-reply-encoding') && 'gzip-reply',
    spec.method !== '/Manage/PickOne' && 'any-method',
  ].filter((need) => typeof need === 'string');
}

function serverNeeds({ spec, expect }: PlannedCall): readonly string[] {
  const told = spec.metadata.flatMap(({ key }) =>
    instructions.filter(([pattern]) => pattern.test(key)).map(([, feature]) => feature),
  );
  return [
    ...told,
    ...(spec.compression ? ['gzip-request'] : []),
    ...(expect.metadata ? ['metadata'] : []),
    ...(expect.timeRemainingMs || expect.served === 'cancelled' ? ['wait'] : []),
  ];
}

describe('the scenarios', () => {
  it('have names of their own: a group and a word', () => {
    const names = scenarios.map((scenario) => scenario.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toEqual([]);
  });

  it('have titles of their own', () => {
    const titles = scenarios.map((scenario) => scenario.title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('cover every status code', () => {
    const codes = new Set(scenarios.flatMap(callsOf).map((planned) => planned.expect.code));
    expect(Object.values(Code).filter((code) => !codes.has(code))).toEqual([]);
  });
});

describe.each(all)('%s', (name, scenario) => {
  const calls = callsOf(scenario);

  it('says what should happen as a sentence', () => {
    expect(scenario.title).toMatch(/^[A-Z0-9é].*\.$/s);
    expect(scenario.title).not.toMatch(/\n/);
  });

  it('rests on a sentence that has an address', () => {
    expect(scenario.source.text).toMatch(/\S+ \S+/);
    if (!scenario.source.link.startsWith('https://')) {
      expect(existsSync(path.join(rootFolder, scenario.source.link))).toBe(true);
    }
  });

  it('makes calls', () => {
    expect(calls.length).toBeGreaterThan(0);
  });

  it('names every feature that it needs, or a peer that lacks it would be blamed', () => {
    const server = new Set(calls.flatMap(serverNeeds));
    if (scenario.steps.some((step) => step.do === 'listen' || step.do === 'close')) server.add('listen');
    const client = new Set(calls.flatMap((planned) => clientNeeds(planned.spec)));
    // One call after another by programs of their own is neither much of a load nor a connection that stood.
    if (calls.length > 10 || server.has('listen')) client.add('channel');
    expect(new Set<string>(scenario.needs.client).isSupersetOf(client)).toBe(true);
    expect(new Set<string>(scenario.needs.server)).toEqual(server);
  });

  it('wants a reply exactly when it wants OK', () => {
    for (const { expect: wanted } of calls) expect(wanted.reply !== undefined).toBe(wanted.code === Code.OK);
  });

  it('closes a listener only when it has one of its own', () => {
    const closes = scenario.steps.some((step) => step.do === 'close');
    expect(closes).toBe(scenario.connection === 'own-listener');
  });

  it('sends metadata below the 8 KiB that the specification suggests, by its count', () => {
    for (const planned of calls) {
      expect(headerListSize(planned.spec), name).toBeLessThan(8192);
      expect(sizeOf([...plainResponse, ...sentBack(planned.spec, 'header')])).toBeLessThan(8192);
      expect(sizeOf([...plainTrailers, ...sentBack(planned.spec, 'trailer')])).toBeLessThan(8192);
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

function headerListSize(spec: CallSpec): number {
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
    ...spec.metadata.map(field),
  ]);
}

const plainResponse = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
  ['grpc-accept-encoding', 'identity,deflate,gzip'],
] as const;

const plainTrailers = [...plainResponse, ['grpc-status', '10'], ['grpc-message', '']] as const;

function sentBack(spec: CallSpec, as: 'header' | 'trailer') {
  return spec.metadata
    .filter((entry) => entry.key.startsWith(`stitch-${as}-`))
    .map((entry) => field({ ...entry, key: entry.key.slice(`stitch-${as}-`.length) }));
}

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
