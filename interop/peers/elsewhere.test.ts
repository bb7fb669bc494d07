import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf } from '../fixtures/values.ts';
import { unclaimed } from '../model/peer.ts';
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
    client: { args: ['{address}', '{name}'], features: [], output: { response: 'x' } },
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

  it('has what no manifest claims as far as it shows, and all of it otherwise', async () => {
    expect((await peerOfFile(manifest(plain))).client?.features).toEqual(['case']);
    const knowing = { ...plain, args: ['peer'], server: { features: [] }, client: { features: [] } };
    expect((await peerOfFile(manifest(knowing))).client?.features).toEqual(Object.keys(unclaimed));
  });

  it('can name a script when it is given one', async () => {
    for (const given of [
      { args: ['{address}', '{name}', '{script}'] },
      { args: ['{address}', '{name}', ['-H', '{metadata:key}: {metadata:value}']] },
      { input: '{script}' },
      { env: { SCRIPT: '{script}' } },
    ])
      expect(
        (await peerOfFile(manifest({ ...plain, client: { ...plain.client, ...given } }))).client?.features,
      ).toEqual(['script', 'case']);
  });

  it.each([
    [
      { ...plain, server: { ...plain.server, args: [] } },
      'server.args: a server that is ready when its port answers must be given {port}, there or in "env"; or "port" says where it listens',
    ],
    [
      { ...plain, server: { ...plain.server, port: 6000 } },
      'server.port: it is given {port}, and need not say where it listens',
    ],
    [
      { ...plain, client: { ...plain.client, args: ['{name}'] } },
      'client.args: a client that is run once a call, or once a case, must be given {address}, or {host} and {port}',
    ],
    [
      { ...plain, client: { ...plain.client, args: ['{address}', '{case}'] } },
      'client.cases: it is not told what to call (no {method}, {request:json}, {name of a field}): which cases does it make?',
    ],
    [
      { ...plain, client: { ...plain.client, args: ['{address}', '{name}', '-H{metadata:key}'] } },
      'client.args: "-H{metadata:key}": there may be no metadata, or several entries: put it into a list of its own, ["-H", "-H{metadata:key}"]',
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

  it('may be told where to listen by its environment, or say so', async () => {
    const told = { ...plain, server: { features: [], ready: 'port', env: { PORT: '{port}' } } };
    expect((await peerOfFile(manifest(told))).server?.env).toEqual({ PORT: '{port}' });
    const fixed = { ...plain, server: { features: [], ready: 'port', port: 50051 } };
    expect((await peerOfFile(manifest(fixed))).server?.port).toBe(50051);
  });

  it('makes the cases that it says, and its output need not be read', async () => {
    const client = { features: [], args: ['{address}'], output: 'none', cases: ['charge/settled'] };
    expect((await peerOfFile(manifest({ ...plain, client }))).client).toMatchObject({
      ...client,
      features: ['case'],
    });
  });

  it('that is not there is refused', async () => {
    await expect(peerOfFile('nowhere/peer.json')).rejects.toThrow('--peer nowhere/peer.json: ENOENT');
  });
});
