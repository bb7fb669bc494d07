/** What is said of a connection whose keys both ends tell otherwise than they claim: nobody else can open it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultLimits } from '../launch/launcher.ts';
import { processStarter } from '../launch/process.ts';
import { programLauncher } from '../launch/programs.ts';
import type { CellResult } from '../model/event.ts';
import { wireOf } from '../model/evidence.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { parseQuery } from '../plan/query.ts';
import { run } from '../run/run.ts';
import { tapLauncher } from '../wire/launcher.ts';
import { saboteurs } from './catalogue/catalogue.ts';
import { compile, saboteurPeer } from './peers.ts';
import { scenarios, types } from './scenarios.ts';

const lies = ['keeps-its-keys', 'tells-keys-of-another-connection', 'tells-wrong-keys'] as const;

describe('keys that are told by nobody', () => {
  const results: CellResult[] = [];
  beforeAll(async () => {
    await compile();
    const liars = saboteurs.filter(({ lie }) => lies.some((each) => each === lie));
    const starter = { ...processStarter(), build: async () => ({ cached: true }) };
    await using launcher = tapLauncher(programLauncher(starter, defaultLimits, types), types);
    const query = parseQuery(['scenario:tls/plain-call']);
    await run({
      plan: makePlan(liars.map(saboteurPeer), scenarios, query, readLedger('no ledger', '[]'), '2000-01-01'),
      launcher,
      why: 'a test',
      signal: new AbortController().signal,
      emit: (event) => void (event.type === 'cell-finished' && results.push(event.result)),
    });
  }, 60_000);

  /** Between a client and a server that lie alike. */
  function between(lie: string) {
    const result = results.find(
      ({ client, server }) => client === `client-${lie}` && server === `server-${lie}`,
    );
    const [call] = result?.evidence.calls ?? [];
    return { outcome: result?.outcome, wire: call && wireOf(call) };
  }

  it.each(lies)('%s: what crossed is not read, which is told, and no fault of the call', (lie) => {
    const { outcome, wire } = between(lie);
    expect(outcome).toEqual({ kind: 'passed' });
    expect(wire?.streams).toEqual([]);
    expect(wire?.troubles).toContainEqual({ kind: 'opaque', connection: expect.any(Number) });
  });

  it.each([
    ['keeps-its-keys', /^the keys of what the (client|server) sent were not told$/],
    ['tells-keys-of-another-connection', /^the keys of what the (client|server) sent were not told$/],
    ['tells-wrong-keys', /^the keys that were told do not open its records$/],
  ])('%s: the handshake says why', (lie, why) => {
    expect(between(lie).wire?.handshakes?.map(({ unread }) => unread)).toEqual([expect.stringMatching(why)]);
  });
});
