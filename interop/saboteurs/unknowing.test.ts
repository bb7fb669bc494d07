/** Where nobody knows of the harness: no records, and the same judgement from the wire alone. */
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
import { matches } from './runs.ts';
import { scenarios, types } from './scenarios.ts';
import { asUnknowing } from './strangers.ts';

const words = ['pick/*', 'unknown/*', 'status/*', 'metadata/header-*', 'metadata/trailer-*', 'cancel/*'];
/** Each shows on the wire. */
const liars = saboteurs.filter(({ name }) =>
  ['wrong-id', 'nobody-is-fine', 'next-code', 'drops-trailers', 'reads-wrong-id'].includes(name),
);

describe('clients and servers that know nothing of the harness', () => {
  const results: CellResult[] = [];
  beforeAll(async () => {
    await compile();
    const starter = { ...processStarter(), build: async () => ({ cached: true }) };
    await using launcher = tapLauncher(
      asUnknowing(programLauncher(starter, defaultLimits, types), () => true),
      types,
    );
    const query = parseQuery([`scenario:${words.join(',')}`, 'honest']);
    await run({
      plan: makePlan(
        [honestPeer, ...liars.map(saboteurPeer)],
        scenarios,
        query,
        readLedger('no ledger', '[]'),
        '2000-01-01',
      ),
      launcher,
      why: 'a test',
      signal: new AbortController().signal,
      emit: (event) => void (event.type === 'cell-finished' && results.push(event.result)),
    });
  }, 60_000);

  it('are green when they do what they should', () => {
    const own = results.filter(({ client, server }) => client === 'honest' && server === 'honest');
    expect(own.length).toBeGreaterThan(40);
    expect(own.filter(({ outcome }) => outcome.kind !== 'passed')).toEqual([]);
  });

  it.each(liars)('$name: red where it shows, and the $role is to blame', ({ name, role, breaks }) => {
    const own = results.filter((result) => [result.client, result.server].includes(name));
    const wanted = own.filter(({ scenario }) => breaks.some((each) => matches(each.scenarios, scenario)));
    const red = own.filter(({ outcome }) => outcome.kind !== 'passed');
    expect(wanted.length).toBeGreaterThan(0);
    expect(red.map(({ scenario }) => scenario)).toEqual(wanted.map(({ scenario }) => scenario));
    expect(new Set(red.map(({ outcome }) => outcome.kind === 'failed' && outcome.blame.side))).toEqual(
      new Set([role]),
    );
  });
});
