import { type Builder, inTurn } from '../../interop/contract/builder.ts';
import type { ExpectedHandshake, PlannedCall, Scenario, Source, Step } from '../../interop/model/scenario.ts';
import { Code } from '../../interop/model/status.ts';
import {
  type ClientTls,
  clientName,
  type ServerIdentity,
  type ServerTls,
  serverName,
  type TlsVersion,
} from '../../interop/model/tls.ts';
import { type Service, serviceOf } from './service.ts';
import { source } from './source.ts';

const connectionFailure = source(
  'http2',
  'If a detectable connection failure occurs on the client all calls will be closed with an UNAVAILABLE status.',
);
const contract = source('contract', 'Connections are not encrypted unless `tls` says so.');
const clientCertificates = source(
  'peerProto',
  "The certificates that clients' are to lead to; not empty: every client must have one.",
);
const onlyVersion = source(
  'peerProto',
  '"1.2" or "1.3": no other version of TLS is spoken. Empty: those of the library.',
);
const tellsName = source(
  'peerProto',
  "The common name of the client's certificate, as the library tells it to a handler; empty: there is none.",
);
const domainName = source('semantics', 'A reference identity of type CN-ID MUST NOT be used by clients.');
const addressIdentity = source(
  'semantics',
  'if the host is a literal IP address, the reference identity is an IP-ID, otherwise the host is a name and the reference identity is a DNS-ID',
);

/** How one connection is encrypted, and whether it may be. */
interface Case {
  readonly name: string;
  readonly title: string;
  readonly source: Source;
  /** Absent: its listener is not encrypted. */
  readonly server?: ServerTls;
  /** Absent: it does not encrypt. */
  readonly client?: ClientTls;
  readonly refusedBy?: 'client' | 'server';
  readonly clientName?: string;
}

const named: ClientTls = { serverName };

/** Every scenario of encrypted connections. */
export function scenarios(builder: Builder): readonly Scenario[] {
  const service = serviceOf(builder);
  return [...cases.map((each) => scenarioOf(service, each)), recovers(service)];
}

function believed(name: string, identity: ServerIdentity, title: string, from = contract): Case {
  return { name: `tls/${name}`, title, source: from, server: { identity }, client: named };
}

function refused(name: string, identity: ServerIdentity, what: string, from = connectionFailure): Case {
  const title = `${what} is refused: UNAVAILABLE, and nothing is sent to it.`;
  return { ...believed(name, identity, title, from), refusedBy: 'client' };
}

function versioned(version: TlsVersion): Case {
  const title = `A server that speaks TLS ${version} and nothing else is spoken to.`;
  return {
    ...believed(version, 'good', title, onlyVersion),
    server: { identity: 'good', version },
  };
}

const cases: readonly Case[] = [
  believed('plain-call', 'good', 'A call over TLS, with a certificate for the name that the client wants.'),
  believed('rsa', 'rsa', 'The same with a certificate for an RSA key.'),
  believed(
    'intermediate',
    'intermediate',
    'The same with a certificate that an intermediate authority signed, which the server sends along.',
  ),
  versioned('1.2'),
  versioned('1.3'),
  {
    ...believed(
      'ip-address',
      'address',
      'A server whose certificate is for its address is believed at that address; an address is no server name.',
      addressIdentity,
    ),
    client: {},
  },
  refused(
    'unknown-ca',
    'other-authority',
    'A server whose certificate leads to an authority that the client does not trust',
  ),
  refused('expired', 'expired', 'A server whose certificate has expired'),
  refused('not-yet-valid', 'not-yet-valid', 'A server whose certificate is not valid yet'),
  refused('wrong-name', 'wrong-name', 'A server whose certificate is for another name'),
  refused(
    'no-intermediate',
    'intermediate-not-sent',
    'A server that does not send the intermediate certificate',
  ),
  refused('wrong-purpose', 'wrong-purpose', 'A server whose certificate is for clients'),
  refused(
    'common-name-only',
    'common-name-only',
    'A server whose certificate has the name only as its common name',
    domainName,
  ),
  {
    ...refused(
      'name-for-address',
      'name-for-address',
      'A server whose certificate has its address as a name',
      addressIdentity,
    ),
    client: {},
  },
  {
    name: 'tls/plaintext-client',
    title: 'A client that does not encrypt gets UNAVAILABLE of a server that does.',
    source: connectionFailure,
    server: { identity: 'good' },
    refusedBy: 'server',
  },
  {
    name: 'tls/plaintext-server',
    title: 'A client that encrypts gets UNAVAILABLE of a server that does not.',
    source: connectionFailure,
    client: named,
    refusedBy: 'server',
  },
  {
    name: 'mtls/plain-call',
    title: 'A server that wants a certificate of its client serves one that has it.',
    source: clientCertificates,
    server: { identity: 'good', asksClients: true },
    client: { ...named, identity: 'client' },
  },
  {
    name: 'mtls/client-name',
    title: 'A handler is told whose certificate its client has.',
    source: tellsName,
    server: { identity: 'good', asksClients: true },
    client: { ...named, identity: 'client' },
    clientName,
  },
  ...(
    [
      ['no-certificate', undefined, 'no certificate'],
      ['unknown-ca', 'client-of-other-authority', 'one of an authority that the server does not trust'],
      ['expired', 'client-expired', 'one that has expired'],
      ['wrong-purpose', 'client-wrong-purpose', 'one for servers'],
    ] as const
  ).map(
    ([name, identity, what]): Case => ({
      name: `mtls/${name}`,
      title: `A server that wants a certificate of its client refuses one with ${what}: UNAVAILABLE, and no answer.`,
      source: clientCertificates,
      server: { identity: 'good', asksClients: true },
      client: { ...named, ...(identity && { identity }) },
      refusedBy: 'server',
    }),
  ),
];

function scenarioOf(service: Service, each: Case): Scenario {
  const { name, title, source: from, server } = each;
  return service.scenario({
    name,
    title,
    source: from,
    needs: { client: ['channel'], server: ['listen'] },
    connection: 'own-listener',
    ...(server && { tls: server }),
    steps: [inTurn(callOf(service, each))],
  });
}

function callOf({ call, answers }: Service, each: Case): PlannedCall {
  const { client, refusedBy, clientName } = each;
  const handshake = handshakeOf(each);
  const shared = { ...(handshake && { handshake }), ...(clientName !== undefined && { clientName }) };
  return {
    spec: call('Stitch', { ...(client && { tls: client }) }),
    expect: refusedBy
      ? {
          code: Code.UNAVAILABLE,
          responses: [],
          served: 'never',
          elapsedMs: { min: 0, max: 2_000 },
          refusedBy,
          ...shared,
        }
      : answers('Stitch', shared),
  };
}

/** What crosses when the client encrypts. */
function handshakeOf({ server, client }: Case): ExpectedHandshake | undefined {
  if (!client) return undefined;
  return {
    serverName: client.serverName ?? 'none',
    ...(server && { server: server.identity }),
    ...(client.identity && { client: client.identity }),
    ...(server?.asksClients && { asksClients: true }),
    ...(server?.version && { version: server.version }),
  };
}

/** A bad certificate, and then a good one at the same address. */
function recovers(service: Service): Scenario {
  const { call, answers } = service;
  const steps: readonly Step[] = [
    inTurn(callOf(service, refused('recovers', 'expired', ''))),
    { do: 'close' },
    { do: 'listen', tls: { identity: 'good' } },
    inTurn({
      spec: call('Gigi', { tls: named, waitForReady: true, timeoutMs: 20_000 }),
      expect: answers('Gigi', { handshake: { serverName, server: 'good' } }),
    }),
  ];
  return service.scenario({
    name: 'tls/recovers',
    title: 'A channel whose server could not be believed succeeds when the server shows a good certificate.',
    source: source(
      'connectivity',
      'Channels in this state will eventually switch to the CONNECTING state and try to establish a connection again.',
    ),
    needs: { client: ['channel'], server: ['listen'] },
    connection: 'own-listener',
    tls: { identity: 'expired' },
    waits: true,
    steps,
  });
}
