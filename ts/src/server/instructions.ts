// The instructions in a call's metadata, read and checked.
import { Metadata, type StatusObject, status } from '@grpc/grpc-js';

/** What a call's metadata tells the server to do. */
export interface Instructions {
  readonly headers: Metadata;
  readonly trailers: Metadata;
  readonly sendsHeadersFirst: boolean;
  readonly waitMs: number;
  /** The status to end the call with, instead of looking the name up. */
  readonly status: Pick<StatusObject, 'code' | 'details'> | undefined;
}

/** A value that is none of its key's; the message names the key. */
export class MalformedInstruction extends Error {}

/** Reads the keys that start with "stitch-"; throws a MalformedInstruction. */
export function readInstructions(metadata: Metadata): Instructions {
  return {
    headers: prefixed(metadata, 'stitch-header-'),
    trailers: prefixed(metadata, 'stitch-trailer-'),
    sendsHeadersFirst: read(metadata, 'stitch-send-headers', (value) => oneOf(value, 'now')) !== undefined,
    waitMs: read(metadata, 'stitch-wait-ms', (value) => decimal(value, 0, 60_000)) ?? 0,
    status: unsupportedEncoding(metadata) ?? readStatus(metadata),
  };
}

function readStatus(metadata: Metadata): Instructions['status'] {
  const code = read(metadata, 'stitch-status-code', (value) => decimal(value, 1, 16));
  const details = read(metadata, 'stitch-status-message-bin', utf8) ?? '';
  return code === undefined ? undefined : { code, details };
}

/** grpc-js servers do not compress replies ("response compression is currently not supported"). */
function unsupportedEncoding(metadata: Metadata): Instructions['status'] {
  const encoding = read(metadata, 'stitch-reply-encoding', (value) => oneOf(value, 'gzip'));
  if (encoding === undefined) return undefined;
  return { code: status.UNIMPLEMENTED, details: 'stitch-reply-encoding: grpc-js does not compress replies' };
}

/** What HTTP/2 has no use for: Node.js throws when it is to send one, and the call never ends. */
const connectionSpecific =
  /^(connection|http2-settings|keep-alive|proxy-connection|te|transfer-encoding|upgrade)$/;

/** The entries whose key starts with `prefix`, without it. */
function prefixed(metadata: Metadata, prefix: string): Metadata {
  const found = new Metadata();
  for (const key of Object.keys(metadata.getMap())) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    malformedUnless(key, () => {
      if (connectionSpecific.test(name)) throw new Error('HTTP/2 has no such header');
      for (const value of metadata.get(key)) found.add(name, value);
    });
  }
  return found;
}

function read<T>(metadata: Metadata, key: string, parse: (value: string | Buffer) => T): T | undefined {
  const [value] = metadata.get(key);
  return value === undefined ? undefined : malformedUnless(key, () => parse(value));
}

function malformedUnless<T>(key: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new MalformedInstruction(`${key}: ${(error as Error).message}`);
  }
}

function oneOf(value: string | Buffer, word: string): string {
  if (value !== word) throw new Error(`wanted "${word}", got "${value}"`);
  return word;
}

function decimal(value: string | Buffer, least: number, most: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(String(value)) || number < least || number > most) {
    throw new Error(`wanted a decimal from ${least} to ${most}, got "${value}"`);
  }
  return number;
}

function utf8(value: string | Buffer): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value as Buffer);
}
