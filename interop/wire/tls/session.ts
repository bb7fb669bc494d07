/** Reads along with one TLS connection: what is in the open, and with the keys of either end what is sealed. */
import { createHash } from 'node:crypto';
import type { Role } from '../../model/peer.ts';
import type { WireHandshake, WireProblem } from '../../model/wire.ts';
import { certificateText } from './certificate.ts';
import { Malformed } from './fields.ts';
import {
  makeMessageReader,
  readCertificates,
  readClientHello,
  readEncryptedExtensions,
  readServerHello,
} from './messages.ts';
import { alertName, contentType, messageType, versionName } from './names.ts';
import { nextSecret, type Opened, type Opener, openerOf12, openerOf13 } from './opener.ts';
import { makeRecordReader, type TlsRecord } from './records.ts';
import { pseudoRandom, type SecretLabel, type Secrets } from './secrets.ts';
import { type Suite, suiteName, suiteOf } from './suites.ts';

/** Of records that wait for a key. */
const maxHeldBytes = 1 << 20;
/** What one counts that is empty: little, since a thousand small calls may wait, and more than nothing. */
const recordBytes = 16;
/** A side says one of them, or a warning and another one. */
const keptAlerts = 16;

export interface TlsSession {
  /** Bytes as they pass, `atMs` on the clock of `performance.now`. Never throws. */
  read(from: Role, bytes: Buffer, atMs: number): void;
  /** There may be new keys: what waits for them is opened. */
  keysMayBeThere(): void;
  /** No more keys come: what waits for one is passed over, and what is behind it is read; unless there were keys, and wrong ones. */
  noMoreKeys(): void;
  /** It goes on filling as more passes. */
  readonly handshake: WireHandshake;
  /** Records wait for their keys. */
  isWaiting(): boolean;
  /** What was sent in its records was not read, since nobody told the keys. */
  isSealed(): boolean;
}

/** What is known beside what passes. */
export interface Keys {
  readonly secrets: Secrets;
  /** What a certificate is called, by its SHA-256 in hex. */
  nameOf?(fingerprint: string): string | undefined;
}

export interface TlsEvents {
  /** What was sealed in the records of that side, in the order in which it passed. */
  opened(from: Role, content: Buffer, atMs: number): void;
  /** Nothing is read any more, and why not. At most once. */
  sealed(why: string): void;
  /** The same, since that is no TLS. */
  broken(problem: WireProblem): void;
}

interface Passed {
  readonly from: Role;
  /** Or what is there in place of one, which is told when what came before it was read. */
  readonly record: TlsRecord | WireProblem;
  readonly atMs: number;
}

interface Side {
  /** Everything that it sends is sealed from now on. */
  isSealed: boolean;
  /** Records of it were passed over: those behind them are sealed for good. */
  isLost: boolean;
  stage: 'handshake' | 'application';
  /** Of TLS 1.3: what the keys at hand are made of. */
  secret: Buffer | undefined;
  opener: Opener | undefined;
  /** Secrets that were told and open nothing of it: one end may be wrong, and the other one right. */
  readonly refuted: Set<Buffer>;
}

/** What of a handshake goes on filling. */
type Draft = { -readonly [K in keyof WireHandshake]: WireHandshake[K] };

/** Records of both sides in one queue, in the order of their arrival: one without its key holds up all that came behind it. It is longer than other functions: its steps share the connection's state. */
export function makeTlsSession(
  connection: number,
  { secrets, nameOf = () => undefined }: Keys,
  on: TlsEvents,
): TlsSession {
  const handshake: Draft = {
    connection,
    offers: [],
    versions: [],
    alerts: [],
    clientBytes: 0,
    serverBytes: 0,
  };
  const queue: Passed[] = [];
  const sides = { client: newSide(), server: newSide() };
  let heldBytes = 0;
  let isOver = false;
  let clientRandom = Buffer.alloc(0);
  let serverRandom = Buffer.alloc(0);
  let suite: Suite | undefined;
  let is13 = false;
  let atMs = 0;
  const readers = { client: readerOf('client'), server: readerOf('server') };
  const messages = { client: messagesOf('client'), server: messagesOf('server') };

  function readerOf(from: Role) {
    return makeRecordReader(
      (record) => {
        queue.push({ from, record, atMs });
        heldBytes += bytesOf(record);
      },
      (offset, got) => void queue.push({ from, record: { from, offset, wanted: 'a TLS record', got }, atMs }),
    );
  }

  function messagesOf(from: Role) {
    return makeMessageReader((type, body) => takeMessage(from, type, body));
  }

  function end(why: string): void {
    isOver = true;
    queue.length = 0;
    handshake.unread = why;
  }

  function giveUp(why: string): void {
    if (isOver) return;
    end(why);
    on.sealed(why);
  }

  function advance(): void {
    try {
      let count = 0;
      for (let next = queue[0]; next && !isOver && take(next); next = queue[++count])
        heldBytes -= bytesOf(next.record);
      queue.splice(0, count);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      giveUp(`a handshake message that cannot be read: ${error.message}`);
    }
    if (heldBytes > maxHeldBytes) giveUp('nobody told the keys of this connection');
  }

  /** False: it waits for its key. */
  function take({ from, record, atMs }: Passed): boolean {
    if ('got' in record) {
      end(`byte ${record.offset} from the ${from}: ${record.got}`);
      on.broken(record);
      return false;
    }
    const { type, fragment } = record;
    if (type === contentType.changeCipherSpec) {
      // RFC 8446, section 5: one in 1.3 means nothing.
      if (!is13) sides[from].isSealed = handshake.version !== undefined;
      return true;
    }
    const isSealed = is13 ? type === contentType.applicationData : sides[from].isSealed;
    if (!isSealed) {
      takeOpen(from, type, fragment, atMs);
      return true;
    }
    if (sides[from].isLost) return true;
    const opened = open(from, record);
    if (opened) takeContent(from, opened.type, opened.content, atMs);
    return opened !== undefined || isOver;
  }

  /** What is neither of the handshake nor an alert must be sealed (RFC 8446, section 5; RFC 5246, section 10). */
  function takeOpen(from: Role, type: number, fragment: Buffer, atMs: number): void {
    if (type === contentType.applicationData)
      giveUp(`application data of the ${from} before the keys were agreed upon are not read`);
    else if (type === contentType.handshake && is13)
      giveUp(`a handshake message of the ${from} in the open, where TLS 1.3 has none`);
    else takeContent(from, type, fragment, atMs);
  }

  function takeContent(from: Role, type: number, content: Buffer, atMs: number): void {
    if (type === contentType.handshake) messages[from].read(content);
    else if (type === contentType.alert && content.length >= 2 && handshake.alerts.length < keptAlerts)
      handshake.alerts = [...handshake.alerts, { from, name: alertName(content[1] ?? 0), atMs }];
    else if (type === contentType.applicationData) {
      if (from === 'client') handshake.clientBytes += content.length;
      else handshake.serverBytes += content.length;
      on.opened(from, content, atMs);
    }
  }

  function takeMessage(from: Role, type: number, body: Buffer): void {
    const side = sides[from];
    if (type === messageType.clientHello && from === 'client') takeClientHello(body);
    if (type === messageType.serverHello && from === 'server') takeServerHello(body);
    if (type === messageType.encryptedExtensions && is13) setProtocol(readEncryptedExtensions(body));
    if (type === messageType.certificateRequest) handshake.asksCertificate = true;
    if (type === messageType.certificate) {
      const shown = readCertificates(body, is13).map(shownAs);
      if (from === 'client') handshake.clientCertificates = shown;
      else handshake.serverCertificates = shown;
    }
    if (!is13) return;
    if (type === messageType.finished)
      Object.assign(side, { ...newSide(), isSealed: true, stage: 'application' });
    if (type === messageType.keyUpdate && suite && side.secret) {
      side.secret = nextSecret(suite, side.secret);
      side.opener = openerOf13(suite, side.secret);
    }
  }

  function shownAs(certificate: Buffer): string {
    const fingerprint = createHash('sha256').update(certificate).digest('hex');
    return nameOf(fingerprint) ?? certificateText(certificate, fingerprint);
  }

  function takeClientHello(body: Buffer): void {
    const { random, serverName, protocols, versions } = readClientHello(body);
    clientRandom = Buffer.from(random);
    if (serverName !== undefined) handshake.serverName = serverName;
    handshake.offers = protocols;
    handshake.versions = versions.map(versionName);
  }

  function takeServerHello(body: Buffer): void {
    const { random, suite: id, version, protocol, isRetry } = readServerHello(body);
    if (isRetry) return;
    serverRandom = Buffer.from(random);
    is13 = version === 0x0304;
    suite = suiteOf(id);
    handshake.version = versionName(version);
    handshake.suite = suiteName(id);
    setProtocol(protocol);
    if (!suite) giveUp(`records of ${suiteName(id)} are not opened here`);
  }

  function setProtocol(protocol: string | undefined): void {
    if (protocol !== undefined) handshake.protocol = protocol;
  }

  /** Undefined: its key is not there. */
  function open(from: Role, record: TlsRecord): Opened | undefined {
    const side = sides[from];
    if (!suite) return undefined;
    if (side.opener) {
      const opened = side.opener.open(record);
      if (!opened) giveUp(wrongKeys);
      return opened;
    }
    for (const secret of secrets(clientRandom, is13 ? labelsOf13[side.stage][from] : 'CLIENT_RANDOM')) {
      if (side.refuted.has(secret)) continue;
      const opener = is13 ? openerOf13(suite, secret) : make12(from, suite, secret);
      const opened = opener.open(record);
      if (opened) {
        Object.assign(side, { secret, opener });
        return opened;
      }
      side.refuted.add(secret);
    }
    return undefined;
  }

  function make12(from: Role, suite: Suite, master: Buffer): Opener {
    const ivBytes = suite.cipher === 'chacha20-poly1305' ? 12 : 4;
    // RFC 5246, 6.3: "key_block = PRF(master_secret, "key expansion", server_random + client_random)".
    const seed = Buffer.concat([Buffer.from('key expansion'), serverRandom, clientRandom]);
    const block = pseudoRandom(suite.hash, master, seed, 2 * (suite.keyBytes + ivBytes));
    const at = from === 'client' ? 0 : 1;
    const key = block.subarray(at * suite.keyBytes, (at + 1) * suite.keyBytes);
    const ivs = block.subarray(2 * suite.keyBytes);
    return openerOf12(suite, key, ivs.subarray(at * ivBytes, (at + 1) * ivBytes));
  }

  return {
    handshake,
    read(from, bytes, passedAtMs) {
      if (isOver) return;
      atMs = passedAtMs;
      readers[from].read(bytes);
      advance();
    },
    keysMayBeThere: advance,
    noMoreKeys() {
      for (let [next] = queue; next; [next] = queue) {
        const side = sides[next.from];
        if (!side.opener && side.refuted.size > 0) return giveUp(wrongKeys);
        side.isLost = true;
        handshake.unread ??= `the keys of what the ${next.from} sent were not told`;
        advance();
      }
    },
    isWaiting: () => queue.length > 0,
    isSealed: () => sides.client.isLost || sides.server.isLost,
  };
}

const wrongKeys = 'the keys that were told do not open its records';

const labelsOf13: Readonly<Record<Side['stage'], Readonly<Record<Role, SecretLabel>>>> = {
  handshake: { client: 'CLIENT_HANDSHAKE_TRAFFIC_SECRET', server: 'SERVER_HANDSHAKE_TRAFFIC_SECRET' },
  application: { client: 'CLIENT_TRAFFIC_SECRET_0', server: 'SERVER_TRAFFIC_SECRET_0' },
};

/** Of a record, or what is none, that waits. */
function bytesOf(record: TlsRecord | WireProblem): number {
  return recordBytes + ('fragment' in record ? record.fragment.length : 0);
}

function newSide(): Side {
  return {
    isSealed: false,
    isLost: false,
    stage: 'handshake',
    secret: undefined,
    opener: undefined,
    refuted: new Set(),
  };
}
