import { describe, expect, it } from 'vitest';
import type { Expectation, ExpectedHandshake, PlannedCall } from '../model/scenario.ts';
import type { WireEvidence, WireHandshake, WireTrouble } from '../model/wire.ts';
import { handshakeFindings } from './handshake.ts';

const right: WireHandshake = {
  connection: 1,
  serverName: 'stitch.test',
  offers: ['h2'],
  versions: ['TLS 1.3', 'TLS 1.2'],
  version: 'TLS 1.3',
  suite: 'TLS_AES_128_GCM_SHA256',
  protocol: 'h2',
  asksCertificate: true,
  serverCertificates: ['good'],
  clientCertificates: ['client'],
  alerts: [],
  clientBytes: 10,
  serverBytes: 10,
};

/** What is found of a connection that differs from the right one in this; null: there was none. */
function found(
  more: Partial<WireHandshake> | null,
  expect: Partial<Expectation> = {},
  streams = 0,
  wanted: Partial<ExpectedHandshake> = {},
) {
  const handshake = {
    serverName: 'stitch.test',
    server: 'good',
    client: 'client',
    asksClients: true,
    ...wanted,
  } as const;
  const planned = { expect: { handshake, ...expect } } as unknown as PlannedCall;
  const wire = {
    streams: Array.from({ length: streams }),
    troubles: [],
    ...(more && { handshakes: [{ ...right, ...more }] }),
  } as unknown as WireEvidence;
  return handshakeFindings(planned, wire).map(({ side, what, got }) => [side, what, got]);
}

/** What is found of these connections. */
function among(handshakes: readonly WireHandshake[], troubles: readonly WireTrouble[] = []) {
  const planned = { expect: { handshake: { serverName: 'stitch.test', server: 'good' } } };
  const wire = { streams: [], troubles, handshakes };
  return handshakeFindings(planned as unknown as PlannedCall, wire).map(({ side, what }) => [side, what]);
}

describe('a connection', () => {
  it('is right', () => {
    expect(found({})).toEqual([]);
    expect(found({ version: 'TLS 1.2' })).toEqual([]);
    expect(found({ version: 'TLS 1.2' }, {}, 0, { version: '1.2' })).toEqual([]);
  });

  it.each<[Partial<WireHandshake>, string, string, string]>([
    [{ offers: ['http/1.1'] }, 'client', 'protocols offered (ALPN)', '"http/1.1"'],
    [{ offers: [] }, 'client', 'protocols offered (ALPN)', 'none'],
    [{ serverName: '127.0.0.1' }, 'client', 'server name (SNI)', '127.0.0.1'],
    [{ version: 'TLS 1.1' }, 'server', 'version', 'TLS 1.1'],
    [{ serverCertificates: ['expired'] }, 'server', 'certificate of the server', 'expired'],
    [{ clientCertificates: [] }, 'client', 'certificate of the client', 'none'],
  ])('%o is the fault of the %s', (more, side, what, got) => {
    expect(found(more)).toEqual([[side, what, got]]);
  });

  it('is of the one version that the server was told to speak', () => {
    expect(found({}, {}, 0, { version: '1.2' })).toEqual([['server', 'version', 'TLS 1.3']]);
    const old = { version: 'TLS 1.2', versions: ['TLS 1.2'] };
    expect(found(old, {}, 0, { version: '1.2' })).toEqual([]);
    expect(found(old, {}, 0, { version: '1.3' })).toEqual([
      ['client', 'versions offered', 'TLS 1.2'],
      ['server', 'version', 'TLS 1.2'],
    ]);
  });

  it('has the intermediate certificate with it', () => {
    const chain = ['intermediate', 'intermediate authority'];
    const wanted = { server: 'intermediate' } as const;
    expect(found({ serverCertificates: chain }, {}, 0, wanted)).toEqual([]);
    expect(found({ serverCertificates: [...chain, 'its root'] }, {}, 0, wanted)).toEqual([]);
    expect(found({ serverCertificates: ['intermediate'] }, {}, 0, wanted)).toEqual([
      ['server', 'certificate of the server', 'intermediate'],
    ]);
  });

  it('has a server that chooses a protocol, and asks for a certificate', () => {
    const { protocol: _, asksCertificate: __, ...less } = right;
    const planned = {
      expect: { handshake: { serverName: 'stitch.test', server: 'good', asksClients: true } },
    };
    const wire = { streams: [], troubles: [], handshakes: [less] };
    expect(
      handshakeFindings(planned as unknown as PlannedCall, wire).map(({ side, what }) => [side, what]),
    ).toEqual([
      ['server', 'protocol chosen (ALPN)'],
      ['server', 'certificate of the client'],
    ]);
  });

  it('of which nothing was opened shows what the client says, and no more', () => {
    const { serverCertificates: _, clientCertificates: __, protocol: ___, ...sealed } = right;
    const planned = { expect: { handshake: { serverName: 'none', server: 'good' } } };
    const wire = { streams: [], troubles: [], handshakes: [sealed] };
    expect(handshakeFindings(planned as unknown as PlannedCall, wire).map(({ what }) => what)).toEqual([
      'server name (SNI)',
    ]);
  });

  it('is not to be used by a client that must refuse it', () => {
    expect(found({}, { refusedBy: 'client' })).toEqual([
      ['client', 'application data of the client', '10 bytes'],
    ]);
    expect(found({ clientBytes: 0 }, { refusedBy: 'client' })).toEqual([]);
    expect(found({}, { refusedBy: 'server' })).toEqual([]);
  });

  it('is not to be in the open', () => {
    expect(found(null, {}, 1)).toEqual([['client', 'encryption', 'none']]);
    expect(found(null)).toEqual([]);
  });

  const closed: WireTrouble = { kind: 'closed', connection: 1, by: 'server', how: 'end', atMs: 1 };
  const invalid: WireTrouble = {
    kind: 'invalid',
    connection: 1,
    problem: { from: 'server', offset: 0, wanted: 'a TLS record', got: '0000' },
  };

  it.each([closed, invalid])('is not to be refused for being in the open: $kind', (trouble) => {
    expect(among([], [trouble])).toEqual([['client', 'encryption']]);
  });

  it('is not to be answered in the open', () => {
    const { version: _, serverCertificates: __, ...begun } = right;
    expect(among([begun], [invalid])).toEqual([['server', 'encryption']]);
    expect(among([begun], [closed])).toEqual([]);
    expect(among([begun], [{ ...invalid, connection: 2 }])).toEqual([]);
    // What was encrypted and is no HTTP/2 is another matter.
    expect(among([right], [invalid])).toEqual([]);
  });

  it('is among several the last with the right certificate, or the last that was seen', () => {
    const bad = { ...right, serverCertificates: ['expired'] };
    const { serverCertificates: _, ...sealed } = bad;
    expect(among([right, bad])).toEqual([]);
    expect(among([right, sealed])).toEqual([]);
    expect(among([bad, sealed])).toEqual([['server', 'certificate of the server']]);
  });
});
