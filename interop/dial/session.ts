import { type ClientHttp2Session, connect } from 'node:http2';
import type { ClientPem } from '../model/tls.ts';
import { secureOptions } from './secure.ts';

/** A connection of the harness's own to the server at `host:port`; `tls` absent: without encryption. */
export function openSession(address: string, tls: ClientPem | undefined): ClientHttp2Session {
  return tls ? connect(`https://${address}`, secureOptions(tls)) : connect(`http://${address}`);
}
