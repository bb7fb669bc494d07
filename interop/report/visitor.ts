import type { IncomingMessage } from 'node:http';

/** Why a request gets nothing. */
export interface Refusal {
  readonly status: 403 | 405;
  /** For the person who reads the answer. */
  readonly sentence: string;
}

type Visitor = Pick<IncomingMessage, 'method' | 'headers'>;

/**
 * Lets in the browser of this machine that was given the address, and nobody else:
 * a page from elsewhere can point a name of its own at 127.0.0.1, and is known by
 * its `Host`; one that asks across is known by its `Origin`.
 */
export function refusalOf({ method, headers }: Visitor, port: number): Refusal | undefined {
  const hosts = hostsOf(port);
  const { host = '', origin } = headers;
  if (!hosts.includes(host.toLowerCase()))
    return {
      status: 403,
      sentence: `this page is for this machine only: wanted the host ${hosts[0]}, got ${quoted(host)}`,
    };
  if (origin !== undefined && !hosts.some((each) => origin.toLowerCase() === `http://${each}`))
    return {
      status: 403,
      sentence: `no other page may read this one: wanted the origin http://${hosts[0]}, got ${quoted(origin)}`,
    };
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, sentence: `this page only reads: wanted GET or HEAD, got ${method}` };
  return undefined;
}

/** A browser leaves out the port that http has by itself. */
function hostsOf(port: number): readonly string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  return [...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])];
}

function quoted(text: string): string {
  return text === '' ? 'none' : JSON.stringify(text.slice(0, 100));
}
