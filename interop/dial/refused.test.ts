import { expect, it } from 'vitest';
import { refusedText } from './refused.ts';

const none = { ca: '' };
const own = { ca: '', cert: 'C', key: 'K' };

it.each([
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    none,
    'wants a certificate of its clients at A',
    /--tls-cert/,
  ],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', own, 'refuses the certificate of --tls-cert at A: unknown_ca', /trusts/],
  [
    'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
    own,
    'refuses the certificate of --tls-cert at A: certificate_expired',
    /valid today/,
  ],
  [
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    none,
    'ended the TLS handshake at A: handshake_failure',
    /if it wants a certificate/,
  ],
  [
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    own,
    'ended the TLS handshake at A: protocol_version',
    /TLS 1\.2 or 1\.3/,
  ],
  [
    'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    none,
    'speaks TLS at A, and no HTTP/2 over it: no_application_protocol (ALPN)',
    /gateway/,
  ],
])('%s', (code, pem, text, hint) => {
  const found = refusedText(Object.assign(new Error(), { code }), 'A', pem);
  expect(found).toEqual({ text, hint: expect.stringMatching(hint) });
});

it.each(['ECONNRESET', 'ERR_SSL_WRONG_VERSION_NUMBER'])('is no alert: %s', (code) => {
  expect(refusedText(Object.assign(new Error(), { code }), 'A', own)).toBeUndefined();
});
