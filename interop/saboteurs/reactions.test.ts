/** Servers that end a connection in the middle of a call, with clients that answer that in their own way: real bytes. */
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import type { CellResult } from '../model/event.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { parseQuery } from '../plan/query.ts';
import { run } from '../run/run.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { saboteurs } from './catalogue/catalogue.ts';
import { compile, honestPeer, saboteurPeer } from './peers.ts';
import { scenarios, types } from './scenarios.ts';
import { asStrangers } from './strangers.ts';

const servers = [
  'closes-behind-the-headers',
  'stranger-closes-behind-the-headers',
  'hangs-up-in-a-message',
  'tears-the-connection',
  'goes-away-from-a-call',
];
const clients = [
  'gives-up-with-the-connection',
  'stranger-leaves-connections',
  'stranger-sets-its-own-deadline',
];

describe('a server that ends the connection in the middle of a call', () => {
  const results: CellResult[] = [];
  beforeAll(async () => {
    await compile();
    const meant = saboteurs.filter(({ name }) => [...servers, ...clients].includes(name));
    const starter = { ...processStarter(), build: async () => ({ cached: true }) };
    const launcher = asStrangers(programLauncher(starter, defaultLimits, types), meant);
    await using tapped = tapLauncher(launcher, types);
    const query = parseQuery(['scenario:pick/truxx', `server:${servers.join(',')}`]);
    await run({
      plan: makePlan(
        [honestPeer, ...meant.map(saboteurPeer)],
        scenarios,
        query,
        readLedger('no ledger', '[]'),
        '2000-01-01',
      ),
      launcher: tapped,
      why: 'a test',
      signal: new AbortController().signal,
      emit: (event) => void (event.type === 'cell-finished' && results.push(event.result)),
    });
  }, 60_000);

  const pairings = servers.flatMap((server) => ['honest', ...clients].map((client) => ({ client, server })));
  it.each(pairings)('$server is to blame, and not $client', ({ client, server }) => {
    const found = results.find((result) => result.client === client && result.server === server);
    expect(found?.outcome).toMatchObject({ kind: 'failed', blame: { side: 'server' } });
  });

  it('and a client that gives up with the connection was seen to do so', () => {
    const resets = results
      .filter(({ client }) => client === 'gives-up-with-the-connection')
      .flatMap(({ evidence }) => JSON.stringify(evidence).match(/"code":"REFUSED_STREAM"/g) ?? []);
    expect(resets).not.toEqual([]);
  });
});
