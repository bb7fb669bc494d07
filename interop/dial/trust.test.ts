import type { TLSSocket } from 'node:tls';
import { expect, it } from 'vitest';
import { distrustOf } from './trust.ts';

function shownBy(subject: object, subjectaltname?: string) {
  const socket = {
    authorized: false,
    authorizationError: 'ERR_TLS_CERT_ALTNAME_INVALID',
    getPeerCertificate: () => ({ subject, issuer: {}, subjectaltname }),
  };
  return distrustOf(socket as unknown as TLSSocket, 'A', { ca: '', serverName: 'shop.test' })?.text;
}

it('says what a certificate is for', () => {
  expect(shownBy({ CN: 'shop', O: ['one', 'two'] }, 'DNS:a.test, IP Address:10.0.0.7')).toBe(
    'shows at A a certificate (CN=shop, O=one+two) that is not for shop.test: it is for a.test, 10.0.0.7',
  );
});

it('says that a certificate has no names', () => {
  expect(shownBy({})).toBe(
    'shows at A a certificate (of nobody) that is not for shop.test: it is for no name at all (subjectAltName)',
  );
});

it('says little of a certificate that says a lot, and nothing as it is', () => {
  const text = shownBy({ CN: `\u001b[31m${'x'.repeat(1_000)}` }) ?? '';
  expect(text).toContain('(CN=\\u001b[31mxxx');
  expect(text.length).toBeLessThan(400);
});
