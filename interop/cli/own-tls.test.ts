/** A server of one's own that encrypts, as a person runs against it and calls it: the whole program. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { types } from '../fixtures/manage.ts';
import { aWorkshop, honest } from '../fixtures/project.ts';
import { aService, type Handler, reflection, type Service } from '../fixtures/service.ts';
import { makeAuthority } from '../pki/pki.ts';
import { honestPeer } from '../saboteurs/peers.ts';

const { folder, project } = aWorkshop('stitch-own-tls-');
let root = '';
const pem = { ca: '', other: '', cert: '', key: '', served: '', servedKey: '' };

beforeAll(async () => {
  const [authority, other] = [await makeAuthority('ours'), await makeAuthority('another')];
  const client = await authority.issue({ purpose: 'client' });
  const served = await authority.issue({ names: ['shop.example'] });
  Object.assign(pem, { ca: authority.pem, other: other.pem, cert: client.chain, key: client.key });
  Object.assign(pem, { served: served.chain, servedKey: served.key });
  const features = ['any-service', 'tls'];
  root = project('own', { one: honest('one', { client: { features }, keyLog: honestPeer.keyLog }) });
  for (const [name, text] of Object.entries(pem)) writeFileSync(path.join(root, `${name}.pem`), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const handlers: Readonly<Record<string, Handler>> = {
  ...reflection({ files: types.files, services: ['Manage'] }),
  '/Manage/PickOne': async ({ requests, send, end }) => {
    for await (const _ of requests);
    send(Buffer.alloc(0));
    end(0);
  },
};

/** Shows a certificate for shop.example; `wants`: one of the client, too. */
function encrypted(wants = false): Promise<Service> {
  const asked = wants && { ca: pem.ca, requestCert: true, rejectUnauthorized: true };
  return aService(handlers, Infinity, { cert: pem.served, key: pem.servedKey, ...asked });
}

async function interop(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['interop/main.ts', ...args], {
    cwd: root,
    reject: false,
    stdin: 'ignore',
    env: { NO_COLOR: '1', FORCE_COLOR: undefined, CI: undefined },
  });
  return { exitCode, stdout, stderr };
}

const trusted = ['--tls-ca', 'ca.pem', '--tls-name', 'shop.example'];
const own = ['--tls-cert', 'cert.pem', '--tls-key', 'key.pem'];

function ran(address: string, ...words: readonly string[]) {
  const server = ['--contract', `reflect:${address}`, '--server', `mine=${address}`];
  return interop(...server, '--only', 'one', '--launcher', 'process', ...words);
}

function called(address: string, ...words: readonly string[]) {
  return interop('call', 'one', address, 'Manage/PickOne', '{}', '--launcher', 'process', ...words);
}

/** What the client sent and the server answered, as the page and `--evidence` show it. */
const readable = /client: server name shop\.example, protocols h2.*grpc-status: 0 \(OK\)/s;

describe('a server that encrypts', () => {
  it('is played with, and read along with', async () => {
    using server = await encrypted();
    const { stdout, exitCode } = await ran(server.address, ...trusted, '--evidence');
    expect(stdout).toMatch(/^one +1 ✓$/m);
    expect(stdout).toMatch(readable);
    expect(exitCode).toBe(0);
    expect(readFileSync(path.join(root, 'interop/out/run.jsonl'), 'utf8')).not.toContain('PRIVATE KEY');
  });

  it('is called', async () => {
    using server = await encrypted();
    const { stdout, exitCode } = await called(server.address, ...trusted, '--evidence');
    expect(stdout).toMatch(/^\{\}\n/);
    expect(stdout).toMatch(readable);
    expect(exitCode).toBe(0);
  });

  it('gets the certificate that it wants', async () => {
    using server = await encrypted(true);
    const run = await ran(server.address, ...trusted, ...own);
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^one +1 ✓$/m) });
    expect(await called(server.address, ...trusted, ...own)).toMatchObject({ stdout: '{}', exitCode: 0 });
  });
});

describe('what is wrong is said before anything is played, and ends with 2', () => {
  it.each([
    ['a certificate of another authority', ['--tls-ca', 'other.pem'], /does not lead to --tls-ca/],
    [
      'a certificate for another name',
      ['--tls-ca', 'ca.pem'],
      /not for 127\.0\.0\.1: it is for shop\.example\n {2}hint: .*--tls-name/,
    ],
    ['no --tls-ca', [], /speaks TLS at \S+, where plaintext was wanted\n {2}hint: add --tls-ca FILE/],
  ])('%s', async (_, words, says) => {
    using server = await encrypted();
    const { exitCode, stdout, stderr } = await ran(server.address, ...words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  it('no certificate for a server that wants one', async () => {
    using server = await encrypted(true);
    const { exitCode, stderr } = await ran(server.address, ...trusted);
    expect(stderr).toMatch(/wants a certificate of its clients at \S+\n {2}hint: add --tls-cert FILE/);
    expect(exitCode).toBe(2);
  });

  it('a server that does not encrypt', async () => {
    using server = await aService(handlers);
    const { exitCode, stderr } = await ran(server.address, ...trusted);
    expect(stderr).toMatch(/without encryption at \S+, where TLS was wanted\n {2}hint: leave out --tls-ca/);
    expect(exitCode).toBe(2);
  });
});
