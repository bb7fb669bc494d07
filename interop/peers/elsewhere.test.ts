import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from '../fixtures/values.ts';
import { peerOfAddress, peerOfFile } from './elsewhere.ts';
import { findPeers } from './find.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stitch-elsewhere-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a server by address', () => {
  it.each([
    ['mine=127.0.0.1:6000', 'mine', '127.0.0.1:6000'],
    ['a-b=host.example:1', 'a-b', 'host.example:1'],
    ['six=[::1]:6000', 'six', '[::1]:6000'],
  ])('%s', (word, name, address) => {
    expect(peerOfAddress(word)).toMatchObject({ name, address, server: { features: [] } });
    expect(peerOfAddress(word).client).toBeUndefined();
  });

  it.each(['', 'mine', 'mine=', 'mine=host', '=host:1', 'mine=host:99999', 'Mi ne=host:1', 'mine=a b:1'])(
    '%j is none',
    (word) => {
      expect(messageOf(() => peerOfAddress(word))).toBe(
        `--server ${word}: wanted a name and an address, as in mine=127.0.0.1:6000`,
      );
    },
  );
});

describe('a peer by file', () => {
  function manifest(content: unknown): string {
    const file = path.join(folder, 'peer.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }
  const plain = {
    name: 'mine',
    title: 'mine',
    server: { args: ['{port}'], features: [], ready: 'port' },
    client: { args: ['{address}'], features: [], output: { response: 'x' } },
    process: { command: ['./mine'] },
  };

  it('has its own folder, and joins those of the tree', async () => {
    const peer = await peerOfFile(manifest(plain));
    expect(peer.folder).toBe(folder);
    const all = await findPeers(folder, [peer]);
    expect(all.map(({ name }) => name)).toEqual(['mine']);
  });

  it('that has the name of another is refused', async () => {
    const peer = await peerOfFile(manifest(plain));
    await expect(findPeers(folder, [peer, peerOfAddress('mine=a:1')])).rejects.toThrow(
      'a:1: name: both are "mine"; names are unique',
    );
  });

  it('has neither channel nor script when it is run once a call, and has both otherwise', async () => {
    expect((await peerOfFile(manifest(plain))).client?.features).toEqual([]);
    const knowing = { ...plain, args: ['peer'], server: { features: [] }, client: { features: [] } };
    expect((await peerOfFile(manifest(knowing))).client?.features).toEqual(['channel', 'script']);
  });

  it('can name a script when it is given one', async () => {
    const given = { ...plain.client, args: ['{address}', '{script}'] };
    expect((await peerOfFile(manifest({ ...plain, client: given }))).client?.features).toEqual(['script']);
    const read = { ...plain.client, input: '{script}' };
    expect((await peerOfFile(manifest({ ...plain, client: read }))).client?.features).toEqual(['script']);
  });

  it.each([
    [
      { ...plain, server: { ...plain.server, args: [] } },
      'server.args: a server that is ready when its port answers must be given {port}',
    ],
    [
      { ...plain, client: { ...plain.client, args: [] } },
      'client.args: a client that is run once a call must be given {address}',
    ],
    [
      { ...plain, client: { ...plain.client, output: { response: '(' } } },
      /client.output.response: Invalid regular expression/,
    ],
    [{ ...plain, client: { ...plain.client, output: {} } }, '"response" is missing'],
    [
      { ...plain, args: ['peer'], client: { features: [] } },
      'server.ready: its client speaks the lines of a peer, and its server does not',
    ],
    [{ ...plain, server: { ...plain.server, ready: 'soon' } }, 'server.ready: wanted one of port'],
    ['{', /JSON/],
  ])('%j is refused', async (content, sentence) => {
    await expect(peerOfFile(manifest(content))).rejects.toThrow(sentence);
  });

  it('that is not there is refused', async () => {
    await expect(peerOfFile('nowhere/peer.json')).rejects.toThrow('--peer nowhere/peer.json: ENOENT');
  });
});
