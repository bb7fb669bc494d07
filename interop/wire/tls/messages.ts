/** Handshake messages out of records (RFC 8446, section 4; RFC 5246, section 7.4). */
import { createHash } from 'node:crypto';
import { fieldsOf, itemsOf, Malformed } from './fields.ts';
import { extension } from './names.ts';

/** Longer than any chain of certificates that somebody shows. */
const maxMessageBytes = 1 << 18;
const headerBytes = 4;

export interface MessageReader {
  /** Content of handshake records, as it comes. Throws Malformed for a message that is too long. */
  read(bytes: Buffer): void;
}

export function makeMessageReader(message: (type: number, body: Buffer) => void): MessageReader {
  const parts: Buffer[] = [];
  let held = 0;
  /** Of the message that comes next, as far as that is known. */
  let wanted = headerBytes;

  /** Put together only when there is enough: it may come byte by byte. */
  function next(): readonly [type: number, body: Buffer] | undefined {
    if (held < wanted) return undefined;
    const bytes = Buffer.concat(parts.splice(0));
    const end = headerBytes + bytes.readUIntBE(1, 3);
    if (end > headerBytes + maxMessageBytes)
      throw new Malformed(`a handshake message of ${end - headerBytes} bytes`);
    const isWhole = held >= end;
    const rest = isWhole ? bytes.subarray(end) : bytes;
    parts.push(rest);
    held = rest.length;
    wanted = isWhole ? headerBytes : end;
    return isWhole ? [bytes[0] ?? 0, bytes.subarray(headerBytes, end)] : undefined;
  }

  return {
    read(bytes) {
      parts.push(bytes);
      held += bytes.length;
      for (let found = next(); found; found = next()) message(...found);
    },
  };
}

export interface ClientHello {
  readonly random: Buffer;
  /** The name that it says; absent: it says none. */
  readonly serverName?: string;
  /** Protocols that it offers by ALPN, its first choice first. */
  readonly protocols: readonly string[];
  /** Versions that it offers, its first choice first. */
  readonly versions: readonly number[];
}

/** Throws Malformed. */
export function readClientHello(body: Buffer): ClientHello {
  const fields = fieldsOf(body);
  const version = fields.number(2);
  const random = fields.take(32);
  fields.vector(1); // session id
  fields.vector(2); // suites
  fields.vector(1); // compression methods
  const extensions = extensionsOf(fields.left() > 0 ? fields.vector(2) : Buffer.alloc(0));
  const versions = extensions.get(extension.supportedVersions);
  const serverName = nameOf(extensions.get(extension.serverName));
  return {
    random,
    ...(serverName !== undefined && { serverName }),
    protocols: protocolsOf(extensions.get(extension.alpn)),
    // RFC 8701: values that mean nothing are sprinkled in.
    versions: versions
      ? itemsOf(fieldsOf(versions).vector(1), (each) => each.number(2)).filter(isReal)
      : [version],
  };
}

export interface ServerHello {
  readonly random: Buffer;
  readonly suite: number;
  readonly version: number;
  /** The protocol that it chose, where that is said in the open (up to TLS 1.2). */
  readonly protocol?: string;
  /** A HelloRetryRequest: another ClientHello is to come. */
  readonly isRetry: boolean;
}

/** RFC 8446, 4.1.3: "a Random value set to the special value of the SHA-256 of "HelloRetryRequest"". */
const retryRandom = createHash('sha256').update('HelloRetryRequest').digest();

/** Throws Malformed. */
export function readServerHello(body: Buffer): ServerHello {
  const fields = fieldsOf(body);
  const legacyVersion = fields.number(2);
  const random = fields.take(32);
  fields.vector(1); // session id
  const suite = fields.number(2);
  fields.number(1); // compression method
  const extensions = extensionsOf(fields.left() > 0 ? fields.vector(2) : Buffer.alloc(0));
  const version = extensions.get(extension.supportedVersions);
  const [protocol] = protocolsOf(extensions.get(extension.alpn));
  return {
    random,
    suite,
    version: version ? fieldsOf(version).number(2) : legacyVersion,
    ...(protocol !== undefined && { protocol }),
    isRetry: random.equals(retryRandom),
  };
}

/** The protocol that the server chose; undefined: none. Throws Malformed. */
export function readEncryptedExtensions(body: Buffer): string | undefined {
  return protocolsOf(extensionsOf(fieldsOf(body).vector(2)).get(extension.alpn))[0];
}

/** Each certificate, the sender's own first. Throws Malformed. */
export function readCertificates(body: Buffer, is13: boolean): readonly Buffer[] {
  const fields = fieldsOf(body);
  if (is13) fields.vector(1); // context
  return itemsOf(fields.vector(3), (each) => {
    const certificate = each.vector(3);
    if (is13) each.vector(2); // extensions
    return certificate;
  });
}

function extensionsOf(bytes: Buffer): ReadonlyMap<number, Buffer> {
  return new Map(itemsOf(bytes, (fields) => [fields.number(2), fields.vector(2)] as const));
}

/** RFC 6066, section 3; a server's answer is empty. */
function nameOf(bytes: Buffer | undefined): string | undefined {
  if (!bytes || bytes.length === 0) return undefined;
  const names = itemsOf(fieldsOf(bytes).vector(2), (each) => [each.number(1), each.vector(2)] as const);
  return names.find(([type]) => type === 0)?.[1].toString('latin1');
}

/** RFC 7301, 3.1. */
function protocolsOf(bytes: Buffer | undefined): readonly string[] {
  if (!bytes) return [];
  return itemsOf(fieldsOf(bytes).vector(2), (each) => each.vector(1).toString('latin1')).filter(
    (name) => !/^[\x80-\xff]/.test(name),
  );
}

function isReal(version: number): boolean {
  return (version & 0x0f0f) !== 0x0a0a;
}
