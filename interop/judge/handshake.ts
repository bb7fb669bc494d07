/** How a connection was encrypted, as it crossed, held against how it was to be. */
import type { PlannedCall } from '../model/scenario.ts';
import { chainOf } from '../model/tls.ts';
import type { WireEvidence, WireHandshake, WireTrouble } from '../model/wire.ts';
import { quote } from '../witness/say.ts';
import type { Finding } from './finding.ts';
import { differ } from './records.ts';

export function handshakeFindings(
  { expect }: PlannedCall,
  { handshakes = [], streams, troubles }: WireEvidence,
): readonly Finding[] {
  if (!expect.handshake) return [];
  const handshake = ownOf(expect.handshake, handshakes);
  if (!handshake) {
    if (streams.length === 0 && !troubles.some(isInTheOpen)) return [];
    return [
      byClient(
        'encryption',
        'TLS',
        'none',
        'the client spoke in the open on a connection that it is to encrypt',
      ),
    ];
  }
  return [
    ...helloFindings(expect.handshake, handshake),
    ...answerFindings(expect.handshake, handshake),
    ...(expect.handshake.server && isAnsweredInTheOpen(handshake, troubles)
      ? [byServer('encryption', 'TLS', 'none')]
      : []),
    ...(expect.refusedBy === 'client' ? wentOnFindings(handshake) : []),
  ];
}

/** Of several the last that was as it is to be: a client that is refused may try again, and others of its connections may be of another call. */
function ownOf(wanted: Wanted, handshakes: readonly WireHandshake[]): WireHandshake | undefined {
  return (
    handshakes.findLast((each) => each.serverCertificates && isShown(wanted, each)) ??
    handshakes.findLast((each) => each.serverCertificates) ??
    handshakes.at(-1)
  );
}

function isShown({ server }: Wanted, { serverCertificates: shown = [] }: WireHandshake): boolean {
  return !server || chainOf(server).every((each, place) => each === shown[place]);
}

/** There was a connection on which no client began to encrypt: the server ended it, or said what is no HTTP/2. */
function isInTheOpen(trouble: WireTrouble): boolean {
  return trouble.kind === 'invalid' || (trouble.kind === 'closed' && trouble.by === 'server');
}

/** The server did not begin to encrypt, and said what is no TLS. */
function isAnsweredInTheOpen(
  { connection, version }: WireHandshake,
  troubles: readonly WireTrouble[],
): boolean {
  return (
    version === undefined &&
    troubles.some(
      (each) => each.kind === 'invalid' && each.connection === connection && each.problem.from === 'server',
    )
  );
}

type Wanted = NonNullable<PlannedCall['expect']['handshake']>;

/** RFC 9113, 3.3: "HTTP/2 connections over TLS MUST use protocol negotiation in TLS"; RFC 6066, 3: "Literal IPv4 and IPv6 addresses are not permitted in "HostName"." */
function helloFindings(wanted: Wanted, { offers, serverName, versions }: WireHandshake): readonly Finding[] {
  const version = wanted.version && `TLS ${wanted.version}`;
  const said = serverName ?? 'none';
  return [
    ...(offers.includes('h2')
      ? []
      : [byClient('protocols offered (ALPN)', '"h2"', offers.map(quote).join(', ') || 'none')]),
    ...(version === undefined || versions.includes(version)
      ? []
      : [byClient('versions offered', version, versions.join(', ') || 'none')]),
    ...(said === wanted.serverName ? [] : [byClient('server name (SNI)', wanted.serverName, said)]),
  ];
}

/** What the server chose and showed, as far as it was seen, and what the client showed. */
function answerFindings(wanted: Wanted, handshake: WireHandshake): readonly Finding[] {
  const { protocol, serverCertificates, clientCertificates, version, unread } = handshake;
  // What was never opened shows neither.
  const isSeen = serverCertificates !== undefined;
  const shown = serverCertificates?.join(', ') || 'none';
  const chain = wanted.server ? chainOf(wanted.server).join(', ') : 'none';
  const [own = 'none'] = clientCertificates ?? [];
  return [
    ...versionFindings(wanted, version),
    ...(isSeen && !isShown(wanted, handshake) ? [byServer('certificate of the server', chain, shown)] : []),
    ...(isSeen && unread === undefined && protocol !== 'h2'
      ? [byServer('protocol chosen (ALPN)', '"h2"', protocol === undefined ? 'none' : quote(protocol))]
      : []),
    ...(isSeen && wanted.asksClients && !handshake.asksCertificate
      ? [byServer('certificate of the client', 'asked for', 'not asked for')]
      : []),
    // One that is not of an authority that the server names may be kept back.
    ...(clientCertificates && wanted.client === 'client' && own !== 'client'
      ? [byClient('certificate of the client', wanted.client, own)]
      : []),
  ];
}

function versionFindings(wanted: Wanted, version: string | undefined): readonly Finding[] {
  const will = wanted.version ? [`TLS ${wanted.version}`] : ['TLS 1.2', 'TLS 1.3'];
  if (version === undefined || will.includes(version)) return [];
  return [byServer('version', will.join(' or '), version)];
}

function wentOnFindings({ clientBytes }: WireHandshake): readonly Finding[] {
  if (clientBytes === 0) return [];
  const because = `the client sent ${clientBytes} bytes to a server that it must not trust`;
  return [byClient('application data of the client', 'none', `${clientBytes} bytes`, because)];
}

function byClient(what: string, wanted: string, got: string, because?: string): Finding {
  return {
    ...differ('wire', what, wanted, got),
    side: 'client',
    because: because ?? `the client's ${what} is ${got} where ${wanted} was wanted`,
  };
}

function byServer(what: string, wanted: string, got: string): Finding {
  return {
    ...differ('wire', what, wanted, got),
    side: 'server',
    because: `the server's ${what} is ${got} where ${wanted} was wanted`,
  };
}
