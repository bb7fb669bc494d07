import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aPeer } from '../fixtures/values.ts';
import { flagsOf, isNamed } from './named.ts';
import { noTls } from './options.ts';

const options = {
  peers: ['../mine/peer.json', '../other/peer.json', 'alpha@1.2.3'],
  servers: ['there=127.0.0.1:1', 'here=127.0.0.1:2'],
  contracts: ['shop', '../bank'],
  tls: false,
  tlsWords: noTls,
};
const alpha = aPeer('alpha');
const mine = aPeer('mine', { folder: path.resolve('../mine') });
const older = aPeer('alpha@1.2.3');
const there = aPeer('there', { folder: '', address: '127.0.0.1:1' });
const here = aPeer('here', { folder: '', address: '127.0.0.1:2' });

it('a peer is named by its manifest, its version or its address', () => {
  const named = [alpha, mine, older, there, here].filter((peer) => isNamed(peer, options));
  expect(named).toEqual([mine, older, there, here]);
});

it('a folder may have several manifests', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stitch-named-'));
  const [one = '', other = ''] = ['one', 'other'].map((name) => {
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify({ name }));
    return path.join(folder, `${name}.json`);
  });
  const named = { peers: [one, other], servers: [], contracts: [], tls: false, tlsWords: noTls };
  const again = flagsOf(named, [alpha, aPeer('one', { folder }), aPeer('other', { folder })], []);
  expect(again({ client: 'one', server: 'alpha' }, { contract: 'x' })).toEqual([`--peer ${one}`]);
  rmSync(folder, { recursive: true });
});

describe('the flags to run a cell again', () => {
  const flags = flagsOf(
    options,
    [alpha, mine, older, there, here],
    [
      { name: 'shop', folder: path.resolve('shop') },
      { name: 'bank', folder: path.resolve('../bank') },
    ],
  );

  it.each([
    ['alpha', 'alpha', 'shop', '--contract shop'],
    ['mine', 'alpha', 'bank', '--contract ../bank --peer ../mine/peer.json'],
    ['mine', 'there', 'shop', '--contract shop --peer ../mine/peer.json --server there=127.0.0.1:1'],
    ['alpha@1.2.3', 'here', 'bank', '--contract ../bank --peer alpha@1.2.3 --server here=127.0.0.1:2'],
  ])('%s → %s, of %s', (client, server, contract, wanted) => {
    expect(flags({ client, server }, { contract }).join(' ')).toBe(wanted);
  });

  it('say that it was over TLS', () => {
    const all = flagsOf({ ...options, contracts: [], tls: true }, [alpha], []);
    expect(all({ client: 'alpha', server: 'alpha' }, { contract: 'y' })).toEqual(['--tls']);
  });

  it('say how a server is called over TLS, of those that play', () => {
    const tlsWords = { ...noTls, 'tls-ca': ['all.pem', 'here=here.pem'], 'tls-name': ['there=shop.test'] };
    const tls = { ca: '' };
    const all = flagsOf({ ...options, contracts: [], tlsWords }, [alpha, { ...here, tls }, there], []);
    const words = (server: string) => all({ client: 'alpha', server }, { contract: 'y' }).join(' ');
    expect(words('here')).toBe('--server here=127.0.0.1:2 --tls-ca all.pem --tls-ca here=here.pem');
    expect(words('there')).toBe('--server there=127.0.0.1:1');
    expect(words('alpha')).toBe('');
  });

  it('name a contract that is no folder, whichever that is', () => {
    const all = flagsOf({ ...options, contracts: ['from:1'] }, [alpha], [{ name: 'x', folder: '/x' }]);
    expect(all({ client: 'alpha', server: 'alpha' }, { contract: 'y' })).toEqual(['--contract from:1']);
  });
});
