import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UsageError } from '../../errors.ts';
import { makeFeed } from '../feed.ts';
import { sendFeed } from '../feed-response.ts';
import { makeGuests } from '../guests.ts';
import type { Reporter } from '../reporter.ts';
import { refusalOf } from '../visitor.ts';

const host = '127.0.0.1';
/** So long after the end browsers may still take what is theirs. */
const patienceMs = 2_000;

export interface LiveOptions {
  /** The file of the log. Its reporter comes before this one, so that a line is written when it is counted. */
  readonly log: string;
  /** The page's HTML. */
  readonly page: () => Promise<string>;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Number of the first generation (1). When it is new with each start, no page of an earlier start goes on with this one. */
  readonly generation?: number;
}

/**
 * The results page, served on loopback while the run goes on. Disposing it tells the
 * browsers that it has ended, and waits until they have all of it, 2 s at most.
 */
export interface Live extends AsyncDisposable {
  /** Has no end of its own: one page may be told of several runs, one after another. */
  readonly reporter: Reporter;
  /** `http://127.0.0.1:40123/` */
  readonly url: string;
}

/** Serves the page at `/` and the log's events at `/events`. Rejects with a UsageError when the port cannot be had. */
export async function openLive({ log, page, port, generation = 1 }: LiveOptions): Promise<Live> {
  const feed = makeFeed(log, generation);
  const guests = makeGuests();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const bound = await listen(server, port);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    const refusal = refusalOf(request, bound);
    if (refusal?.status === 405) response.setHeader('allow', 'GET, HEAD');
    if (refusal) return say(response, refusal.status, refusal.sentence);
    const path = request.url?.split('?')[0];
    if (path === '/') return givePage(request, response);
    if (path === '/events') return giveEvents(request, response);
    say(response, 404, 'there are / and /events, and nothing else');
  }

  async function givePage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      response.setHeader('content-type', 'text/html; charset=utf-8').end(await page());
      if (request.method === 'GET') guests.expect();
    } catch (error) {
      say(response, 500, `the page cannot be made: ${(error as Error).message}`);
    }
  }

  async function giveEvents(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Behind the last event the connection is of no use.
    response.setHeader('content-type', 'text/event-stream').setHeader('connection', 'close');
    if (request.method === 'HEAD') return void response.end();
    const leave = guests.enter();
    await sendFeed(request, response, feed).finally(leave);
  }

  return {
    reporter: { name: 'live', on: feed.count },
    url: `http://${host}:${bound}/`,
    async [Symbol.asyncDispose]() {
      feed.end();
      await guests.served(AbortSignal.timeout(patienceMs));
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await once(server.listen(port, host), 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'EADDRINUSE' ? 'is taken' : `cannot be had: ${message}`;
    throw new UsageError(
      `--port: port ${port} of ${host} ${what}\n  hint: name another, or none: then the system chooses`,
    );
  }
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}
