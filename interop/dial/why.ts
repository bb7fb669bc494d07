import type { ClientPem } from '../model/tls.ts';
import { ask } from './probe-tls.ts';

const patienceMs = 700;

/** Why no call gets through to that address, behind the server's name, and what to do; undefined: HTTP/2 is spoken there. */
export async function whyNotHttp2(
  address: string,
  tls: ClientPem | undefined,
): Promise<{ readonly text: string; readonly hint: string } | undefined> {
  const never = new AbortController().signal;
  const found = await ask(address, tls, patienceMs, never);
  return found.kind === 'http2' ? undefined : found;
}
