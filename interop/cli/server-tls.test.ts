/** Which of the options are for which server, and what is said of those that fit none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { types } from '../fixtures/manage.ts';
import { aService, reflection } from '../fixtures/service.ts';
import { makeAuthority } from '../pki/pki.ts';
import { readOptions } from './options.ts';
import { contractsOf, peersOf } from './select.ts';
import { checkTlsNames, tlsOf } from './server-tls.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stitch-server-tls-'));
const file = (name: string) => path.join(folder, name);
const pem = { one: '', two: '', cert: '', key: '', served: '', servedKey: '' };
const one = { name: 'one', address: '127.0.0.1:1' };
const two = { name: 'two', address: 'shop.example:2' };
const called = { address: '[::1]:3' };

beforeAll(async () => {
  const [first, second] = [await makeAuthority('one'), await makeAuthority('two')];
  const { chain, key } = await first.issue({ purpose: 'client' });
  const served = await first.issue({ addresses: ['127.0.0.1'] });
  Object.assign(pem, { served: served.chain, servedKey: served.key });
  Object.assign(pem, { one: first.pem, two: second.pem, cert: chain, key });
  for (const [name, text] of Object.entries(pem)) writeFileSync(file(name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** FILES/ is the folder. */
function words(...args: readonly string[]) {
  return readOptions(args.map((each) => each.replace('FILES', folder))).tlsWords;
}

function said(...args: readonly string[]): string {
  const targets = args.includes('call') ? [called] : [one, two];
  const given = words(...args);
  try {
    checkTlsNames(given, args.includes('list') ? [] : targets);
    for (const target of targets) tlsOf(given, target);
    return 'nothing was wrong';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`.replaceAll(folder, 'FILES');
  }
}

describe('servers are called', () => {
  it('without encryption where nothing is said of them', () => {
    expect(tlsOf(words(), one)).toBeUndefined();
    expect(tlsOf(words('--tls-ca', 'two=FILES/one'), one)).toBeUndefined();
  });

  it('all alike, each by the name that its address has', () => {
    const given = words('--tls-ca', 'FILES/one');
    expect(tlsOf(given, one)).toEqual({ ca: pem.one, serverName: '127.0.0.1' });
    expect(tlsOf(given, two)).toEqual({ ca: pem.one, serverName: 'shop.example' });
    expect(tlsOf(given, called)).toEqual({ ca: pem.one, serverName: '::1' });
  });

  it('as is said of them by name, before what is said of all', () => {
    const given = words(
      ...['--tls-ca', 'FILES/one', '--tls-ca', 'two=FILES/two', '--tls-name', 'one=shop.test'],
      ...['--tls-cert', 'two=FILES/cert', '--tls-key', 'two=FILES/key'],
    );
    expect(tlsOf(given, one)).toEqual({ ca: pem.one, serverName: 'shop.test' });
    expect(tlsOf(given, two)).toEqual({
      ca: pem.two,
      cert: pem.cert,
      key: pem.key,
      serverName: 'shop.example',
    });
  });

  it('with the authorities of this machine', () => {
    const [first] = getCACertificates('system');
    if (first !== undefined) expect(tlsOf(words('--tls-ca', 'system'), one)?.ca).toContain(first);
    else expect(said('--tls-ca', 'system')).toContain('this machine trusts no authorities');
  });
});

it('a server that tells what it has is asked over TLS, and called so', async () => {
  const handlers = reflection({ files: types.files, services: ['Manage'] });
  using service = await aService(handlers, Infinity, { cert: pem.served, key: pem.servedKey });
  const asked = ['list', '--contract', `reflect:${service.address}`, '--tls-ca'];
  const options = readOptions([...asked, `reflected=${file('one')}`]);
  expect((await contractsOf(options)).scenarios.map(({ name }) => name)).toEqual(['pick-one/first']);
  const [reflected] = (await peersOf(options)).filter(({ name }) => name === 'reflected');
  expect(reflected).toMatchObject({
    title: `the server at ${service.address}, over TLS`,
    tls: { ca: pem.one },
  });
  await expect(contractsOf(readOptions([...asked, file('two')]))).rejects.toThrow(
    /^the server at \S+ was asked for its reflection: it shows at \S+ a certificate \(CN=a leaf\) that does not lead to --tls-ca/,
  );
});

describe('is told', () => {
  it.each([
    [
      ['list', '--tls-ca', 'FILES/one'],
      '--tls-ca FILES/one: there is no server that it would be for\n  hint: --server NAME=HOST:PORT names one that runs already',
    ],
    [
      ['--tls-ca', 'tow=FILES/one'],
      '--tls-ca tow=FILES/one: no server is named tow; there are one two\n  hint: a file with that name is ./tow=FILES/one',
    ],
    [
      ['call', '--tls-ca', 'one=FILES/one'],
      '--tls-ca one=FILES/one: no server is named one; there is only the one that is called\n  hint: a file with that name is ./one=FILES/one',
    ],
    [
      ['--tls-ca', 'FILES/one', '--tls-ca', 'FILES/two'],
      '--tls-ca FILES/two: --tls-ca FILES/one was said already\n  hint: several servers are told apart by their names: --tls-ca NAME=FILES/two',
    ],
    [
      ['--tls-name', 'two=shop.test'],
      '--tls-name two=shop.test: which authority is to be trusted with two?\n  hint: --tls-ca FILE, or --tls-ca system for those that this machine trusts',
    ],
    [
      ['--tls-ca', 'FILES/one', '--tls-cert', 'FILES/cert'],
      '--tls-cert FILES/cert: where is the key to it?\n  hint: --tls-key FILE; both may be in one file',
    ],
    [
      ['--tls-ca', 'FILES/one', '--tls-key', 'FILES/key'],
      '--tls-key FILES/key: where is the certificate that it is the key to?\n  hint: --tls-cert FILE; both may be in one file',
    ],
    [
      ['--tls-ca', 'FILES/one', '--tls-name', 'shop.test:443'],
      "--tls-name shop.test:443: wanted the name that the server's certificate is to have, as in shop.example.com",
    ],
    [
      ['--tls-ca', 'FILES/nowhere'],
      '--tls-ca FILES/nowhere: cannot be read: ENOENT\n  hint: wanted a PEM file; its path is from the folder that the command runs in',
    ],
    [
      ['--tls-ca', 'one=FILES/key'],
      '--tls-ca one=FILES/key: holds no certificate, but a PRIVATE KEY\n  hint: is that the right file?',
    ],
  ])('%j', (args, says) => {
    expect(said(...args)).toBe(`UsageError: ${says}`);
  });
});
