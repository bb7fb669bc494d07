/** Clients that know nothing of the harness: told what to call, told which case, or told nothing. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadContracts, ownContracts } from '../contract/load.ts';
import { defaultLimits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import type { CellResult } from '../model/event.ts';
import type { ClientPart, Peer } from '../model/peer.ts';
import { readManifest } from '../peers/manifest.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { type Place, parseQuery } from '../plan/query.ts';
import { run } from '../run/run.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { saboteurs } from './catalogue/catalogue.ts';
import { compile, honestPeer, saboteurPeer } from './peers.ts';

const { scenarios, types } = await loadContracts(ownContracts());
const program = fileURLToPath(new URL('stranger/client.ts', import.meta.url));

type Args = NonNullable<ClientPart['args']>;

function stranger(name: string, args: Args, client: Partial<ClientPart>): Peer {
  const manifest = {
    name,
    title: name,
    client: {
      args: ['--address', '{address}', '--descriptors', '{descriptors}', ...args],
      features: [],
      output: 'none',
      ...client,
    },
    process: { command: [process.execPath, program] },
  };
  return readManifest(path.join(path.dirname(program), 'peer.json'), JSON.stringify(manifest));
}

/** It is told all of a call. */
function tool(name: string, does = ''): Peer {
  return stranger(
    name,
    [
      '--method',
      '{method}',
      ['--metadata', '{metadata:key}: {metadata:value}'],
      ['--timeout', '{timeout-ms}'],
      '--does',
      does,
    ],
    {
      features: ['any-service', 'client-streams', 'server-streams', 'bidi-streams', 'metadata', 'timeout'],
      input: '{request:json}',
      output: { response: 'json', status: 'json' },
    },
  );
}

/** It is told the name of the case, and knows what that is. */
function player(name: string, does = ''): Peer {
  const cases = ['pick/stitch', 'unknown/nobody'];
  return stranger(name, ['--case', '{case}', '--does', does], { cases });
}

/** It always does the same. */
function fixed(name: string, does = ''): Peer {
  return stranger(name, ['--does', does], { cases: ['pick/stitch', 'status/aborted', 'status/not-found'] });
}

const strangers = [
  tool('tool'),
  tool('tool-tells-other-id', 'tells-other-id'),
  player('player'),
  fixed('fixed'),
  ...['asks-health', 'is-never-satisfied', 'asks-for-another', 'calls-twice', 'calls-nobody', 'hangs'].map(
    (does) => player(`player-${does}`, does),
  ),
];
const liars = saboteurs.filter(({ name }) => ['wrong-id', 'next-code'].includes(name));

/** A program a call takes its time, half a minute for all of it: one of each sort. */
const asked = [
  'pick/stitch',
  'unknown/nobody',
  'unknown/embedded-nul',
  'status/not-found',
  'status/aborted',
  'metadata/request-repeated',
  'metadata/trailer-ascii',
  'streams/download-many',
  'streams/upload-none',
  'streams/upload-many',
  'streams/chat-many',
  'streams/then-status',
  'values/int64-extremes',
  'values/any-of-a-known-type',
  'values/unknown-field',
  'streams/ping-pong',
  'streams/cancelled',
  'cardinality/two-requests',
];

/** Servers that lie are for two of them. */
function isOfInterest({ client, server, scenario }: Place): boolean {
  if (client === 'tool-tells-other-id') return server === 'honest' && scenario === 'pick/stitch';
  return server === 'honest' || client === 'player' || client === 'fixed';
}

const results: CellResult[] = [];
beforeAll(async () => {
  await compile();
  const starter = { ...processStarter(), build: async () => ({ cached: true }) };
  await using launcher = tapLauncher(programLauncher(starter, defaultLimits, types), types);
  await run({
    plan: makePlan(
      [honestPeer, ...liars.map(saboteurPeer), ...strangers],
      scenarios.filter(({ name }) => asked.includes(name)),
      { ...parseQuery(['strangers']), matches: isOfInterest },
      readLedger('no ledger', '[]'),
      '2000-01-01',
    ),
    launcher,
    why: 'a test',
    signal: new AbortController().signal,
    emit: (event) => void (event.type === 'cell-finished' && results.push(event.result)),
  });
}, 240_000);

/** `scenario: what came of it`, of the cells that were played. */
function played(client: string, server = 'honest'): readonly string[] {
  return results
    .filter((result) => result.client === client && result.server === server)
    .filter(({ outcome }) => outcome.kind !== 'unsupported')
    .map(({ scenario, outcome }) => `${scenario}: ${textOf(outcome)}`);
}

function whyRed(name: string): string | undefined {
  const outcomes = results.filter(({ client }) => client === name).map(({ outcome }) => outcome);
  return outcomes.find((outcome) => outcome.kind === 'failed')?.blame.because;
}

function textOf(outcome: CellResult['outcome']): string {
  return outcome.kind === 'failed' ? outcome.blame.side : outcome.kind;
}

describe('a client that is told what to call', () => {
  it('plays all kinds of call, and what it cannot be given is unsupported', () => {
    const own = results.filter(({ client, server }) => client === 'tool' && server === 'honest');
    const red = own.filter(({ outcome }) => !['passed', 'unsupported'].includes(outcome.kind));
    expect(red).toEqual([]);
    expect(own.filter(({ outcome }) => outcome.kind === 'passed').length).toBe(14);
    const unsupported = own.flatMap(({ scenario, outcome }) =>
      outcome.kind === 'unsupported' ? `${scenario}: ${outcome.feature}` : [],
    );
    expect(unsupported).toEqual([
      'streams/ping-pong: steps',
      'streams/cancelled: cancel',
      'cardinality/two-requests: types',
      'values/unknown-field: any-message',
    ]);
  });

  it('is to blame for what it tells otherwise', () => {
    expect(played('tool-tells-other-id')).toContain('pick/stitch: client');
  });
});

describe('a client that is told the case', () => {
  it('plays those that it makes, and no others', () => {
    expect(played('player')).toEqual(['pick/stitch: passed', 'unknown/nobody: passed']);
    expect(played('player-asks-health')).toEqual(['pick/stitch: passed', 'unknown/nobody: passed']);
  });

  it('is judged by what the server and the wire saw', () => {
    expect(played('player', 'wrong-id')).toContain('pick/stitch: server');
    expect(played('player', 'next-code')).toContain('unknown/nobody: server');
  });

  it.each(['is-never-satisfied', 'asks-for-another', 'calls-twice', 'calls-nobody', 'hangs'])(
    '%s: is to blame',
    (does) => {
      expect(played(`player-${does}`)).toEqual(['pick/stitch: client', 'unknown/nobody: client']);
    },
  );

  it('is told of with what it printed', () => {
    expect(whyRed('player-is-never-satisfied')).toBe(
      'it was answered OK, as it was to be, and ended with exit code 1',
    );
    expect(whyRed('player-hangs')).toContain('and ended with no end within 20000 ms');
  });
});

describe('a client that cannot be told what to send', () => {
  it('is answered by the script of the case, whatever that is, and the plain service is there again', () => {
    expect(played('fixed')).toEqual([
      'pick/stitch: passed',
      'status/not-found: passed',
      'status/aborted: passed',
    ]);
    expect(played('honest').filter((line) => !line.endsWith(': passed'))).toEqual([]);
  });

  it('does not hide a server that lies', () => {
    expect(played('fixed', 'next-code')).toContain('status/aborted: server');
  });
});
