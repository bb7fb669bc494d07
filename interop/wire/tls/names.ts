/** Names of numbers in TLS, as IANA's registry "TLS Parameters" has them. */

export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

export const messageType = {
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  encryptedExtensions: 8,
  certificate: 11,
  certificateRequest: 13,
  finished: 20,
  keyUpdate: 24,
} as const;

export const extension = { serverName: 0, alpn: 16, supportedVersions: 43 } as const;

/** `TLS 1.3`; `version 0x0305` for one without a name. */
export function versionName(version: number): string {
  const minor = version - 0x0301;
  if (minor >= 0 && minor <= 3) return `TLS 1.${minor}`;
  return version === 0x0300 ? 'SSL 3.0' : `version 0x${version.toString(16).padStart(4, '0')}`;
}

/** RFC 8446, section 6, and RFC 7301 for 120. */
const alerts: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  100: 'no_renegotiation',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

export function alertName(code: number): string {
  return alerts[code] ?? `alert ${code}`;
}
