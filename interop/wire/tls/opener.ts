/** Sealed records of one direction, opened one after the other. */
import { createDecipheriv } from 'node:crypto';
import type { TlsRecord } from './records.ts';
import { expandLabel } from './secrets.ts';
import type { Suite } from './suites.ts';

export interface Opened {
  readonly type: number;
  readonly content: Buffer;
}

export interface Opener {
  /** The next record. Undefined: the keys are not its keys. */
  open(record: TlsRecord): Opened | undefined;
}

const tagBytes = 16;
const nonceBytes = 12;

/** RFC 8446, 5.2 and 7.3: keys of a traffic secret. */
export function openerOf13(suite: Suite, secret: Buffer): Opener {
  const key = expandLabel(suite.hash, secret, 'key', suite.keyBytes);
  const iv = expandLabel(suite.hash, secret, 'iv', nonceBytes);
  let sequence = 0n;
  return {
    open({ header, fragment }) {
      const content = unsealed(suite, key, nonceOf(iv, sequence), header, fragment);
      if (!content) return undefined;
      sequence++;
      // The type stands behind the content, and zeros behind that are padding.
      let end = content.length - 1;
      while (end >= 0 && content[end] === 0) end--;
      return end < 0 ? undefined : { type: content[end] ?? 0, content: content.subarray(0, end) };
    },
  };
}

/** RFC 8446, 7.2: the secret behind a KeyUpdate. */
export function nextSecret(suite: Suite, secret: Buffer): Buffer {
  return expandLabel(suite.hash, secret, 'traffic upd', secret.length);
}

/** RFC 5288 and RFC 7905: a key and an IV of the key block. `iv` has four bytes for GCM, which sends the others along. */
export function openerOf12(suite: Suite, key: Buffer, iv: Buffer): Opener {
  const explicitBytes = nonceBytes - iv.length;
  let sequence = 0n;
  return {
    open({ type, header, fragment }) {
      const explicit = fragment.subarray(0, explicitBytes);
      const sealed = fragment.subarray(explicitBytes);
      const nonce = explicitBytes > 0 ? Buffer.concat([iv, explicit]) : nonceOf(iv, sequence);
      // Sequence number, type, version, and how long it is unsealed.
      const additional = Buffer.alloc(13);
      additional.writeBigUInt64BE(sequence);
      header.copy(additional, 8, 0, 3);
      additional.writeUInt16BE(Math.max(0, sealed.length - tagBytes), 11);
      const content = unsealed(suite, key, nonce, additional, sealed);
      if (content) sequence++;
      return content && { type, content };
    },
  };
}

/** "The resulting quantity is used as the per-record nonce": the IV with the sequence number in its last bytes. */
function nonceOf(iv: Buffer, sequence: bigint): Buffer {
  const nonce = Buffer.from(iv);
  nonce.writeBigUInt64BE(nonce.readBigUInt64BE(nonceBytes - 8) ^ sequence, nonceBytes - 8);
  return nonce;
}

function unsealed(
  { cipher }: Suite,
  key: Buffer,
  nonce: Buffer,
  additional: Buffer,
  sealed: Buffer,
): Buffer | undefined {
  if (sealed.length < tagBytes || nonce.length !== nonceBytes) return undefined;
  const content = sealed.subarray(0, -tagBytes);
  // The types of both are the same but for their names.
  const decipher = createDecipheriv(cipher as 'aes-128-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(additional);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    const opened = decipher.update(content);
    // Nothing is left in these modes; it throws where the tag is another.
    decipher.final();
    return opened;
  } catch {
    return undefined;
  }
}
