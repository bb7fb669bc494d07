import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { messageOf, without } from '../fixtures/values.ts';
import { rootFolder } from '../folders.ts';
import { clientFeatures, serverFeatures, unclaimed } from '../model/peer.ts';
import { readManifest } from './manifest.ts';

const file = path.join(process.cwd(), 'peers', 'alpha', 'peer.json');

const good = {
  name: 'alpha',
  title: 'Alpha, of the tests',
  args: ['peer'],
  server: { features: ['metadata'] },
  client: { features: ['timeout'] },
  process: { command: ['bin/alpha'] },
  container: { dockerfile: 'Dockerfile', test: 'test' },
};

function read(manifest: unknown) {
  return readManifest(file, JSON.stringify(manifest));
}

describe('a manifest', () => {
  it('is a peer, with its folder and what it left out', () => {
    expect(read(good)).toEqual({
      ...good,
      client: { ...good.client, features: [...good.client.features, ...Object.keys(unclaimed)] },
      folder: path.dirname(file),
      process: { needs: [], build: [], outputs: [], command: ['bin/alpha'], test: [], check: [] },
    });
  });

  it('may name its schema, which is no part of the peer', () => {
    expect(read({ $schema: '../peer.schema.json', ...good })).toEqual(read(good));
  });

  it.each(['server', 'client', 'process', 'container'] as const)('may do without %s', (part) => {
    expect(part in read(without(good, part))).toBe(false);
  });

  const process = good.process;
  it.each<[string, unknown, string]>([
    ['no name', without(good, 'name'), 'the manifest: "name" is missing'],
    ['no title', without(good, 'title'), 'the manifest: "title" is missing'],
    ['an empty title', { ...good, title: '' }, 'title: must NOT have fewer than 1 characters'],
    [
      'a name that queries cannot say',
      { ...good, name: 'Alpha!' },
      'name: must match pattern "^[a-z][a-z0-9-]{0,30}$"',
    ],
    ['an unknown key', { ...good, langauge: 'x' }, 'the manifest: unknown key "langauge"'],
    [
      'an unknown key of a part',
      { ...good, process: { ...process, cwd: '.' } },
      'process: unknown key "cwd"',
    ],
    [
      'an unknown key in a list',
      { ...good, process: { ...process, needs: [{ command: ['a'], install: 'A', url: '' }] } },
      'process.needs.0: unknown key "url"',
    ],
    ['no command', { ...good, process: { build: [['make']] } }, 'process: "command" is missing'],
    [
      'an empty command',
      { ...good, process: { command: [] } },
      'process.command: must NOT have fewer than 1 items',
    ],
    [
      'a command that is a line',
      { ...good, process: { command: 'bin/alpha server' } },
      'process.command: must be array',
    ],
    [
      'a server feature that there is not',
      { ...good, server: { features: ['timeout'] } },
      'server.features.0: wanted one of scripts, client-streams, server-streams, bidi-streams, metadata, gzip-response, gzip-request, listen, drain, tls, keepalive, limits, tls-version, client-name',
    ],
    [
      'a client feature that there is not',
      { ...good, client: { features: ['metadata', 'channel'] } },
      'client.features.1: wanted one of any-service, client-streams, server-streams, bidi-streams, metadata, timeout, cancel, wait-for-ready, gzip-request, gzip-response, tls, keepalive, limits',
    ],
    [
      'a feature claimed twice',
      { ...good, client: { features: ['timeout', 'timeout'] } },
      'client.features: must NOT have duplicate items (items ## 0 and 1 are identical)',
    ],
    [
      'no arguments of a peer',
      without(good, 'args'),
      '"args" is missing: what makes the program a peer, behind its command',
    ],
    [
      "a role's own arguments, of a peer",
      { ...good, server: { args: ['server'], features: [] } },
      'server.args: a peer gets its arguments from "args", for both roles',
    ],
    [
      'services of a server that takes any',
      { ...good, server: { services: ['a.B'], features: [] } },
      'server.services: only of a server with "ready"; a peer serves what and where it is asked to',
    ],
    [
      'standard input of a client that reads lines there',
      { ...good, client: { input: '{name}', features: [] } },
      'client.input: only of a client with "output"; a peer reads lines there',
    ],
    [
      'a shell that starts it, of a peer that lives',
      { ...good, container: { dockerfile: 'Dockerfile', shell: ['sh'] } },
      'container.shell: only of a client with "output"; others live by themselves',
    ],
    [
      'a variable that a shell cannot set',
      {
        ...without(good, 'args'),
        server: undefined,
        client: { args: ['{address}', '{method}'], output: 'none', env: { 'A-B': 'c' }, features: [] },
        container: { dockerfile: 'Dockerfile', shell: ['sh'] },
      },
      'container.shell: a shell can set no variable "A-B" (client.env)',
    ],
    [
      'no way to launch it',
      without(without(good, 'process'), 'container'),
      'neither "process" nor "container": it cannot be launched',
    ],
    ['no object', [], 'the manifest: must be object'],
  ])('names file and key of %s', (_, manifest, message) => {
    expect(messageOf(() => read(manifest))).toBe(`peers/alpha/peer.json: ${message}`);
    expect(() => read(manifest)).toThrow(UsageError);
  });

  it('names every key that is wrong, each on a line', () => {
    const manifest = { ...good, title: 7, process: {}, extra: true };
    expect(messageOf(() => read(manifest)).split('\n')).toEqual([
      'peers/alpha/peer.json: the manifest: unknown key "extra"',
      'peers/alpha/peer.json: title: must be string',
      'peers/alpha/peer.json: process: "command" is missing',
    ]);
  });

  it('plays a role', () => {
    expect(messageOf(() => read(without(without(good, 'server'), 'client'))).split('\n')).toEqual([
      'peers/alpha/peer.json: the manifest: "server" is missing',
      'peers/alpha/peer.json: the manifest: "client" is missing',
    ]);
  });

  it('is JSON', () => {
    expect(messageOf(() => readManifest(file, '{"name": "alpha",'))).toMatch(
      /^peers\/alpha\/peer\.json: Expected double-quoted property name in JSON/,
    );
    expect(() => readManifest(file, '')).toThrow(UsageError);
  });
});

describe('the schema', () => {
  it('is one', () => {
    const text = readFileSync(path.join(rootFolder, 'interop', 'peers', 'peer.schema.json'), 'utf8');
    const ajv = new Ajv({ formats: { regex: true } });
    expect(ajv.validateSchema(JSON.parse(text)), ajv.errorsText()).toBe(true);
  });
});

describe('the features', () => {
  const docs = readFileSync(path.join(rootFolder, 'docs', 'peer-contract.md'), 'utf8');
  const schema = JSON.parse(
    readFileSync(path.join(rootFolder, 'interop', 'peers', 'peer.schema.json'), 'utf8'),
  );

  it.each([
    ['server', serverFeatures],
    // Not for a manifest to claim: see clientFeatures.
    ['client', clientFeatures.filter((feature) => !Object.hasOwn(unclaimed, feature))],
  ] as const)('of a %s are the same in the model, the schema and the contract', (role, features) => {
    const table = [...docs.matchAll(/^\| (\w+) \| ((?:`[a-z-]+`(?:, )?)+) \|/gm)]
      .filter(([, who]) => who === role)
      .flatMap(([, , cell = '']) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, feature]) => feature));
    expect(table).toEqual(features);
    expect(schema.properties[role].properties.features.items.enum).toEqual(features);
  });
});
