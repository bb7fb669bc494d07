/** What each side must say first (RFC 9113, 3.4), and what it is when it is something else. */
import type { Role } from '../../model/peer.ts';

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

export const wantedPreface =
  'RFC 9113, 3.4: "The client connection preface starts with a sequence of 24 octets", PRI * HTTP/2.0';

export const wantedSettings: Readonly<Record<Role, string>> = {
  client: 'RFC 9113, 3.4: "This sequence MUST be followed by a SETTINGS frame".',
  server:
    'RFC 9113, 3.4: "a potentially empty SETTINGS frame […] that MUST be the first frame the server sends".',
};

/**
 * RFC 8446, 5.1: a record of the type handshake (22), then the version, whose first byte is 3 in all
 * of them. As a frame it would be one of 1.4 MB, so that no SETTINGS is taken for it. An alert (21)
 * is none: it is how TLS answers what is not encrypted.
 */
export function isTls(bytes: Buffer): boolean {
  return bytes[0] === 0x16 && bytes[1] === 0x03;
}

/** The first 24 bytes: text in quotes, since it is often HTTP/1.1; what is no text as hex. */
export function show(bytes: Buffer): string {
  const first = bytes.subarray(0, preface.length);
  const isText = first.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a);
  return isText ? JSON.stringify(first.toString('latin1')) : first.toString('hex');
}
