import { networkInterfaces } from 'node:os';
import {
  type ClientIdentity,
  type ClientTls,
  clientName,
  type Identities,
  intermediateAuthority,
  type ServerIdentity,
  type ServerTls,
  serverName,
} from '../model/tls.ts';
import { type Authority, type Identity, type LeafWish, makeAuthority } from './pki.ts';

/** This machine's addresses: whichever of them a client dials, it is one. */
function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return [
    ...new Set(['127.0.0.1', ...all.filter(({ family }) => family === 'IPv4').map(({ address }) => address)]),
  ];
}

const named: LeafWish = { names: [serverName] };

function wishOf(identity: ServerIdentity | ClientIdentity): LeafWish {
  switch (identity) {
    case 'good':
    case 'other-authority':
      return named;
    case 'rsa':
      return { ...named, keys: 'RSA' };
    case 'intermediate':
      return { ...named, issuer: 'intermediate, sent' };
    case 'intermediate-not-sent':
      return { ...named, issuer: 'intermediate, not sent' };
    case 'expired':
      return { ...named, validity: 'over' };
    case 'not-yet-valid':
      return { ...named, validity: 'to come' };
    case 'wrong-name':
      return { names: ['other.test'] };
    case 'common-name-only':
      return { commonName: serverName };
    case 'address':
      return { addresses: ownAddresses() };
    case 'local':
      return { names: ['localhost', serverName], addresses: ownAddresses() };
    case 'name-for-address':
      return { names: ownAddresses() };
    case 'wrong-purpose':
      return { ...named, purpose: 'client' };
    case 'client':
    case 'client-of-other-authority':
      return { purpose: 'client', commonName: clientName };
    case 'client-expired':
      return { purpose: 'client', commonName: clientName, validity: 'over' };
    case 'client-wrong-purpose':
      return { purpose: 'server', commonName: clientName };
    default:
      return identity satisfies never;
  }
}

/** Certificates of one run, each made when it is first asked for. */
export function makeIdentities(): Identities {
  const authorities = new Map<string, Promise<Authority>>();
  const made = new Map<string, Promise<Identity>>();
  const names = new Map<string, string>();

  function authority(name: string): Promise<Authority> {
    const found = authorities.get(name) ?? makeAuthority(name);
    authorities.set(name, found);
    return found;
  }

  /** Those of servers and of clients lead to different authorities: neither passes for the other. */
  const trusted = (of: 'servers' | 'clients') => authority(`authority for ${of}`);

  function identityOf(name: ServerIdentity | ClientIdentity, of: 'servers' | 'clients'): Promise<Identity> {
    const found = made.get(name) ?? issue(name, of);
    made.set(name, found);
    return found;
  }

  async function issue(name: ServerIdentity | ClientIdentity, of: 'servers' | 'clients'): Promise<Identity> {
    const by = await (name.endsWith('other-authority')
      ? authority('authority of somebody else')
      : trusted(of));
    const identity = await by.issue(wishOf(name));
    names.set(identity.fingerprint, name);
    for (const each of identity.behind) names.set(each, intermediateAuthority);
    return identity;
  }

  return {
    async server({ identity, asksClients, version }: ServerTls) {
      const { chain, key } = await identityOf(identity, 'servers');
      return {
        cert: chain,
        key,
        ...(asksClients && { clientCa: (await trusted('clients')).pem }),
        ...(version && { version }),
      };
    },
    async client({ identity, serverName }: ClientTls) {
      const own = identity && (await identityOf(identity, 'clients'));
      return {
        ca: (await trusted('servers')).pem,
        ...(own && { cert: own.chain, key: own.key }),
        ...(serverName !== undefined && { serverName }),
      };
    },
    nameOf: (fingerprint) => names.get(fingerprint),
  };
}
