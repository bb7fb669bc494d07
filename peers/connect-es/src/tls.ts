// TLS of the server: Node's, whose http2 serves for the library.
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest, SecureServerOptions } from 'node:http2';
import { createSecureContext, type SecureVersion, type TLSSocket } from 'node:tls';
import { type ContextValues, createContextKey, createContextValues } from '@connectrpc/connect';
import type { ServerTls } from './contract.ts';

const versions: Readonly<Record<string, SecureVersion>> = { '1.2': 'TLSv1.2', '1.3': 'TLSv1.3' };

/** Throws a sentence for what is no PEM, a key that is another certificate's, and a version that is unknown. */
export function secure({ cert = '', key = '', clientCa = '', version = '' }: ServerTls): SecureServerOptions {
  const only = versions[version];
  if (version && !only) throw new Error(`tls: version "${version}"`);
  try {
    createSecureContext({ cert: Buffer.from(cert), key: Buffer.from(key) });
    // Node takes any text for authorities, and would believe nobody.
    if (clientCa) new X509Certificate(clientCa);
  } catch (error) {
    throw new Error(`tls: ${(error as Error).message}`);
  }
  return {
    cert,
    key,
    ...(clientCa && { ca: clientCa, requestCert: true }),
    ...(only && { minVersion: only, maxVersion: only }),
  };
}

/** The common name of the client's certificate; empty where it has shown none. */
export const clientName = createContextKey('');

/** What handlers are told of a request besides what the library tells them. */
export function contextValues(request: Http2ServerRequest | IncomingMessage): ContextValues {
  const socket = 'stream' in request ? request.stream.session?.socket : request.socket;
  const certificate = (socket as Partial<TLSSocket> | undefined)?.getPeerCertificate?.();
  return createContextValues().set(clientName, `${certificate?.subject?.CN ?? ''}`);
}
