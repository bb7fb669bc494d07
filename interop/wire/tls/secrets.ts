/** Keys from secrets, and secrets from a key log. */
import { createHmac } from 'node:crypto';
import type { Suite } from './suites.ts';

/** What a key log calls them (RFC 9850, section 2). */
export type SecretLabel = (typeof secretLabels)[number];

const secretLabels = [
  'CLIENT_RANDOM',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
] as const;
const labels: ReadonlySet<string> = new Set(secretLabels);

/** The secrets of that name of the connection with that client random, as they were told: none, one, or where an end is wrong several. The same buffer each time. */
export type Secrets = (clientRandom: Buffer, label: SecretLabel) => readonly Buffer[];

export interface KeyLog {
  /** Text of a key log, as it grows; it may end within a line. */
  add(text: string): void;
  readonly secrets: Secrets;
}

/** Longer than any line that means something. */
const maxLineBytes = 1_000;
/** Connections whose secrets are kept: those of old ones are of no use any more. */
const keptSecrets = 40_000;

/** Lines of `LABEL CLIENT_RANDOM SECRET`, the last two in hex; what is none of these is passed over. */
export function makeKeyLog(): KeyLog {
  const known = new Map<string, Buffer>();
  let rest = '';

  function take(line: string): void {
    const [label = '', random = '', secret = ''] = line.trim().split(' ');
    if (!labels.has(label) || !isHex(random, 32) || !(isHex(secret, 32) || isHex(secret, 48))) return;
    known.set(`${label} ${random.toLowerCase()}`, Buffer.from(secret, 'hex'));
    const [oldest] = known.keys();
    if (known.size > keptSecrets && oldest !== undefined) known.delete(oldest);
  }

  return {
    add(text) {
      const lines = `${rest}${text}`.split('\n');
      rest = (lines.pop() ?? '').slice(0, maxLineBytes);
      lines.forEach(take);
    },
    secrets(random, label) {
      const secret = known.get(`${label} ${random.toString('hex')}`);
      return secret ? [secret] : [];
    },
  };
}

function isHex(text: string, bytes: number): boolean {
  return text.length === 2 * bytes && /^[0-9a-f]+$/i.test(text);
}

/** RFC 8446, 7.1: HKDF-Expand-Label with an empty context. One that `node:crypto` has extracts as well. */
export function expandLabel(hash: Suite['hash'], secret: Buffer, label: string, bytes: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([bytes >> 8, bytes & 0xff, name.length]), name, Buffer.from([0])]);
  const blocks: Buffer[] = [];
  // RFC 5869, 2.3: T(N) = HMAC-Hash(PRK, T(N-1) | info | N).
  for (let made = 0; made < bytes; made += blocks.at(-1)?.length ?? bytes)
    blocks.push(
      createHmac(hash, secret)
        .update(blocks.at(-1) ?? '')
        .update(info)
        .update(Buffer.from([blocks.length + 1]))
        .digest(),
    );
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** RFC 5246, section 5: P_hash, of which the key block is made. */
export function pseudoRandom(hash: Suite['hash'], secret: Buffer, seed: Buffer, bytes: number): Buffer {
  const hmac = (...parts: readonly Buffer[]) => {
    const made = createHmac(hash, secret);
    for (const part of parts) made.update(part);
    return made.digest();
  };
  const blocks: Buffer[] = [];
  let link = hmac(seed);
  for (let made = 0; made < bytes; made += blocks.at(-1)?.length ?? bytes) {
    blocks.push(hmac(link, seed));
    link = hmac(link);
  }
  return Buffer.concat(blocks).subarray(0, bytes);
}
