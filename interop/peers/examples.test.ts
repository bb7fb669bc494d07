/** The manifests in examples/, which no run looks at that does not name them. */
import { globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContracts, ownContracts } from '../contract/load.ts';
import { rootFolder } from '../folders.ts';
import { readLedger } from '../plan/ledger.ts';
import { makePlan } from '../plan/plan.ts';
import { parseQuery } from '../plan/query.ts';
import { peerOfFile } from './elsewhere.ts';
import { findPeers } from './find.ts';

const files = globSync('examples/*/peer.json', { cwd: rootFolder });
const { scenarios } = await loadContracts(ownContracts());

describe('an example', () => {
  it('is no peer of the project', async () => {
    expect(files.length).toBeGreaterThan(0);
    const folders = (await findPeers()).map(({ folder }) => folder);
    expect(files.filter((file) => folders.includes(path.join(rootFolder, path.dirname(file))))).toEqual([]);
  });

  it.each(files)('%s plays something in each of its roles', async (file) => {
    const example = await peerOfFile(path.join(rootFolder, file));
    const peers = await findPeers(rootFolder, [example]);
    const plan = makePlan(peers, scenarios, parseQuery([]), readLedger('no ledger', '[]'), '2000-01-01');
    const played = plan.cells.filter(({ unsupported }) => !unsupported);
    for (const role of ['client', 'server'] as const)
      expect(played.some((cell) => cell[role] === example.name)).toBe(example[role] !== undefined);
  });

  it.each(files)('%s names no case that there is not', async (file) => {
    const { client } = await peerOfFile(path.join(rootFolder, file));
    const idle = client?.cases?.filter((name) => {
      const query = parseQuery([`scenario:${name}`]);
      return !scenarios.some((scenario) =>
        query.matches({ client: '', server: '', scenario: scenario.name }),
      );
    });
    expect(idle ?? []).toEqual([]);
  });
});
