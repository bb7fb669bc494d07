import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { aKnownFailure, aPeer, aScenario, messageOf } from '../fixtures/values.ts';
import { cellId } from '../model/cell.ts';
import type { KnownFailure } from '../model/event.ts';
import type { Peer } from '../model/peer.ts';
import type { Scenario } from '../model/scenario.ts';
import { readLedger } from './ledger.ts';
import { makePlan } from './plan.ts';
import { parseQuery } from './query.ts';

const today = '2026-06-30';
const [alpha, beta] = [aPeer('alpha'), aPeer('beta')];
const [one, two] = [aScenario('pick/one'), aScenario('pick/two')];

function plan(
  peers: readonly Peer[],
  scenarios: readonly Scenario[],
  words: readonly string[] = [],
  known: readonly KnownFailure[] = [],
) {
  const ledger = readLedger('ledger.json', JSON.stringify(known));
  return makePlan(peers, scenarios, parseQuery(words), ledger, today);
}

describe('a plan', () => {
  it('has every client with every server with every scenario, grouped by pairing', () => {
    const { cells, leftOut, problems, ledger } = plan([alpha, beta], [one, two]);
    expect(cells.map(cellId)).toEqual([
      'alpha/alpha/pick/one',
      'alpha/alpha/pick/two',
      'alpha/beta/pick/one',
      'alpha/beta/pick/two',
      'beta/alpha/pick/one',
      'beta/alpha/pick/two',
      'beta/beta/pick/one',
      'beta/beta/pick/two',
    ]);
    expect({ leftOut, problems, ledger }).toEqual({ leftOut: '', problems: [], ledger: [] });
  });

  it('pairs only the roles that a peer plays', () => {
    const { client: _, ...serves } = aPeer('serves');
    const { server: __, ...calls } = aPeer('calls');
    expect(plan([serves, calls], [one]).cells.map(cellId)).toEqual(['calls/serves/pick/one']);
  });

  it('has no client that does not encrypt with a server that is called over TLS', () => {
    const address = { address: 'shop.test:1', tls: { ca: '' } };
    const { client: _, ...mine } = aPeer('mine', address);
    const { server: __, ...plain } = aPeer('plain', { client: { features: [] } });
    const { server: ___, ...able } = aPeer('able', { client: { features: ['tls'] } });
    const { cells } = plan([plain, able, mine], [one]);
    expect(cells.map(({ client, unsupported }) => [client, unsupported])).toEqual([
      ['plain', { by: 'client', feature: 'tls' }],
      ['able', undefined],
    ]);
  });

  it.each<[string, Partial<Peer>, Partial<Peer>, unknown]>([
    ['nothing, when both sides claim what is needed', {}, {}, undefined],
    [
      'the client, that does not claim it',
      { client: { features: ['metadata'] } },
      {},
      { by: 'client', feature: 'timeout' },
    ],
    [
      'the server, that does not claim it',
      {},
      { server: { features: ['metadata'] } },
      { by: 'server', feature: 'drain' },
    ],
    [
      'the client first, when neither does',
      { client: { features: [] } },
      { server: { features: [] } },
      { by: 'client', feature: 'metadata' },
    ],
  ])('names as unsupported %s', (_, client, server, unsupported) => {
    const needs = { client: ['metadata', 'timeout'], server: ['drain'] } as const;
    const peers = [aPeer('alpha', client), aPeer('beta', server)];
    const { cells } = plan(peers, [aScenario('deadline/passes', { needs })], ['client:alpha', 'server:beta']);
    expect(cells).toEqual([
      {
        client: 'alpha',
        server: 'beta',
        scenario: 'deadline/passes',
        ...(unsupported ? { unsupported } : {}),
      },
    ]);
  });

  it('has only what the query selects, and says what was left out', () => {
    const query = ['client:alpha', 'server:beta', 'pick/one'];
    const { cells, peers, scenarios, leftOut } = plan([alpha, beta, aPeer('gamma')], [one, two], query);
    expect(cells.map(cellId)).toEqual(['alpha/beta/pick/one']);
    expect(peers.map((peer) => peer.name)).toEqual(['alpha', 'beta']);
    expect(scenarios.map((scenario) => scenario.name)).toEqual(['pick/one']);
    expect(leftOut).toBe('17 of 18 cells left out by the query: client:alpha server:beta pick/one');
  });

  it('knows the contract of each scenario, in the query and in the ledger', () => {
    const scenarios = [one, aScenario('order/place', { contract: 'shop' })];
    const known = [aKnownFailure({ pattern: 'contract:shop server:beta' })];
    const { cells, problems } = plan([alpha, beta], scenarios, ['client:alpha', 'contract:shop'], known);
    expect(cells.map((cell) => [cellId(cell), cell.known])).toEqual([
      ['alpha/alpha/order/place', undefined],
      ['alpha/beta/order/place', 0],
    ]);
    expect(problems).toEqual([]);
    expect(plan([alpha], [one], [], known).problems).toEqual([
      'ledger entry 0 (contract:shop server:beta) matches no cell that can run: delete it',
    ]);
  });

  it('has left nothing out when the query selects everything', () => {
    expect(plan([alpha], [one], ['alpha']).leftOut).toBe('');
  });

  it('lists what there is when the query selects nothing', () => {
    const { client: _, ...serves } = aPeer('serves');
    const make = () => plan([alpha, serves], [one, two], ['client:serves', 'nobody']);
    expect(messageOf(make)).toBe(
      [
        'the query "client:serves nobody" selects nothing; there are',
        '  clients    alpha',
        '  servers    alpha serves',
        '  scenarios  pick/one pick/two',
      ].join('\n'),
    );
    expect(make).toThrow(UsageError);
  });

  it.each<[string, readonly Peer[]]>([
    ['no peers', []],
    ['no client', [{ name: 'serves', title: '', folder: '', server: { features: [] } }]],
    ['no server', [{ name: 'calls', title: '', folder: '', client: { features: [] } }]],
  ])('is an error with %s', (_, peers) => {
    expect(messageOf(() => plan(peers, [one]))).toBe('no cells: there is no client and server to pair');
  });

  it('marks the cells that the ledger lists with the index of the first entry that does', () => {
    const known = [
      aKnownFailure({ pattern: 'server:beta pick/two' }),
      aKnownFailure({ pattern: 'server:beta' }),
    ];
    const { cells, ledger } = plan([alpha, beta], [one, two], ['client:alpha'], known);
    expect(cells.map((cell) => cell.known)).toEqual([undefined, undefined, 1, 0]);
    expect(ledger).toEqual(known);
  });

  it("holds the ledger's problems, of all cells, whatever the query leaves out", () => {
    const known = [
      aKnownFailure({ pattern: 'server:beta' }),
      aKnownFailure({ pattern: 'server:gone' }),
      aKnownFailure({ pattern: 'server:alpha', expires: today }),
    ];
    expect(plan([alpha, beta], [one], ['server:alpha'], known).problems).toEqual([
      'ledger entry 1 (server:gone) matches no cell that can run: delete it',
      `ledger entry 2 (server:alpha) expired on ${today}: mend it or renew it with a reason`,
    ]);
  });
});
