import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aPeer, messageOf } from '../fixtures/values.ts';
import { workFolder } from '../folders.ts';
import type { Peer } from '../model/peer.ts';
import { namesVersion, peerOfVersion } from './version.ts';

let folder = '';
let alpha: Peer;
beforeAll(() => {
  mkdirSync(workFolder, { recursive: true });
  folder = mkdtempSync(path.join(workFolder, 'version-test-'));
  mkdirSync(path.join(folder, 'build'));
  writeFileSync(path.join(folder, 'build', 'alpha'), 'built');
  writeFileSync(path.join(folder, 'main'), 'source');
  alpha = aPeer('alpha', {
    folder,
    process: {
      needs: [],
      build: [['make']],
      outputs: ['build'],
      command: ['build/alpha'],
      test: [],
      check: [],
    },
    container: { dockerfile: 'Dockerfile' },
    version: { build: [['get', 'lib@{version}'], ['make']], argument: 'LIB' },
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(path.join(workFolder, 'versions', 'alpha@1.2.3'), { recursive: true, force: true });
});

it.each([
  ['alpha@1.60', true],
  ['../mine/peer.json', false],
  ['mine@home/peer.json', true],
  ['./a@1', false],
])('%s names a version: %s', (word, is) => {
  expect(namesVersion(word)).toBe(is);
});

it('is built in a copy of its folder, without what was built there, and in an image of its own', () => {
  const peer = peerOfVersion('alpha@1.2.3', [alpha]);
  expect(peer).toMatchObject({
    name: 'alpha@1.2.3',
    title: 'alpha, of the tests 1.2.3',
    process: { build: [['get', 'lib@1.2.3'], ['make']], command: ['build/alpha'] },
    container: { dockerfile: 'Dockerfile', folder, arguments: { LIB: '1.2.3' } },
  });
  expect(peer.version).toBeUndefined();
  expect(peer.folder).not.toBe(folder);
  expect(readFileSync(path.join(peer.folder, 'main'), 'utf8')).toBe('source');
  expect(existsSync(path.join(peer.folder, 'build'))).toBe(false);
  // As deep as in the tree, with proto/ where it is there.
  const root = path.join(workFolder, 'versions', 'alpha@1.2.3');
  expect(existsSync(path.join(root, 'proto', 'peer.proto'))).toBe(true);
});

it('runs as a process only when no argument of an image takes the version', () => {
  const plain = { ...alpha, version: { build: [] } };
  expect(peerOfVersion('alpha@1.2.3', [plain]).container).toBeUndefined();
});

it.each([
  ['beta@1', 'beta@1: no peer is named beta; there are alpha'],
  ['alpha@', 'alpha@: wanted a version behind the @, as in alpha@1.2.3'],
  ['alpha@1@2', 'alpha@1@2: wanted a version behind the @, as in alpha@1.2.3'],
  ['alpha@../x', 'alpha@../x: wanted a version behind the @, as in alpha@1.2.3'],
])('%s is refused', (word, sentence) => {
  expect(messageOf(() => peerOfVersion(word, [alpha]))).toBe(sentence);
});

it('is refused of a manifest that does not say how', () => {
  const { version: _, ...plain } = alpha;
  expect(messageOf(() => peerOfVersion('alpha@1', [plain]))).toBe(
    'alpha@1: the manifest of alpha has no "version": it does not say how another one is built',
  );
});
