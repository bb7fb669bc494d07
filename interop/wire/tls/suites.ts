/** The cipher suites whose records can be opened: those with AEAD, which HTTP/2 does not forbid (RFC 9113, appendix A). */
import type { CipherGCMTypes } from 'node:crypto';

export interface Suite {
  readonly name: string;
  readonly cipher: CipherGCMTypes | 'chacha20-poly1305';
  readonly keyBytes: 16 | 32;
  readonly hash: 'sha256' | 'sha384';
}

const aes128 = { cipher: 'aes-128-gcm', keyBytes: 16, hash: 'sha256' } as const;
const aes256 = { cipher: 'aes-256-gcm', keyBytes: 32, hash: 'sha384' } as const;
const chacha = { cipher: 'chacha20-poly1305', keyBytes: 32, hash: 'sha256' } as const;

const suites: ReadonlyMap<number, Suite> = new Map<number, Suite>([
  // TLS 1.3 (RFC 8446, appendix B.4).
  [0x1301, { name: 'TLS_AES_128_GCM_SHA256', ...aes128 }],
  [0x1302, { name: 'TLS_AES_256_GCM_SHA384', ...aes256 }],
  [0x1303, { name: 'TLS_CHACHA20_POLY1305_SHA256', ...chacha }],
  // TLS 1.2 (RFC 5288, 5289 and 7905).
  [0x009e, { name: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', ...aes128 }],
  [0x009f, { name: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', ...aes256 }],
  [0xc02b, { name: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', ...aes128 }],
  [0xc02c, { name: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', ...aes256 }],
  [0xc02f, { name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', ...aes128 }],
  [0xc030, { name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', ...aes256 }],
  [0xcca8, { name: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', ...chacha }],
  [0xcca9, { name: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', ...chacha }],
]);

/** Undefined: its records stay sealed. */
export function suiteOf(id: number): Suite | undefined {
  return suites.get(id);
}

/** `suite 0x1304` for one that is not known here. */
export function suiteName(id: number): string {
  return suites.get(id)?.name ?? `suite 0x${id.toString(16).padStart(4, '0')}`;
}
