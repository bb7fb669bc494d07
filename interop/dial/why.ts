import type { ClientPem } from '../model/tls.ts';
import { probe } from './probe.ts';
import { probeTls } from './probe-tls.ts';

const patienceMs = 700;

/** Why no call gets through to that address, behind the server's name, and what to do; undefined: HTTP/2 is spoken there. */
export async function whyNotHttp2(
  address: string,
  tls: ClientPem | undefined,
): Promise<{ readonly text: string; readonly hint: string } | undefined> {
  const never = new AbortController().signal;
  const found = await (tls ? probeTls(address, tls, patienceMs, never) : probe(address, patienceMs, never));
  return found.kind === 'http2' ? undefined : found;
}
