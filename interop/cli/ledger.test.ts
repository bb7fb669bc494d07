import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerOf } from './ledger.ts';

const entry = {
  pattern: 'server:mine scenario:pick/stitch',
  reason: 'a reason',
  issue: 'https://example.com/1',
  owner: 'me',
  expires: '2100-01-01',
};
const cell = { client: 'a', server: 'mine', scenario: 'pick/stitch' };
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stitch-ledger-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('what is known to fail', () => {
  it("is in the project's list, and beside the manifest of a peer from elsewhere", async () => {
    const peers = [path.join(folder, 'peer.json'), 'mine@1.2'];
    const own = await ledgerOf({ contracts: [], peers: [] }, []);
    expect(own.entries.length).toBeGreaterThan(0);
    expect((await ledgerOf({ contracts: [], peers }, [])).entries).toEqual(own.entries);
    writeFileSync(path.join(folder, 'ledger.json'), JSON.stringify([entry]));
    const both = await ledgerOf({ contracts: [], peers }, []);
    expect(both.entries).toEqual([...own.entries, entry]);
    expect(both.find(cell)).toBe(own.entries.length);
    expect(both.problems([], '2000-01-01').at(-1)).toContain(entry.pattern);
  });

  it('and of contracts elsewhere in the list of the first, or nowhere', async () => {
    const options = { contracts: ['shop'], peers: [path.join(folder, 'peer.json')] };
    expect((await ledgerOf(options, [])).entries).toEqual([]);
  });

  it('and a list that is wrong is refused by its name', async () => {
    const file = path.join(folder, 'ledger.json');
    writeFileSync(file, JSON.stringify([{ ...entry, issue: 'none' }]));
    await expect(ledgerOf({ contracts: [], peers: [path.join(folder, 'peer.json')] }, [])).rejects.toThrow(
      `${path.relative(process.cwd(), file)}: entry 0: issue`,
    );
  });
});
