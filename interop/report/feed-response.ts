import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Feed } from './feed.ts';
import { messagesOf } from './feed-messages.ts';

/** So often something is said, so that nobody between takes the connection for dead. */
const aliveMs = 15_000;

/**
 * Answers with the feed, as fast as the browser reads: what it has not got yet stays
 * in the file. Resolves when it has been given all of it; rejects when it goes away.
 */
export async function sendFeed(
  request: IncomingMessage,
  response: ServerResponse,
  feed: Feed,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.flushHeaders();
  const alive = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': alive\n\n');
  }, aliveMs);
  try {
    for await (const text of messagesOf(feed, lastIdOf(request), gone.signal)) {
      if (!response.write(text)) await once(response, 'drain', { signal: gone.signal });
    }
  } finally {
    clearInterval(alive);
  }
  response.end();
  if (!response.closed) await once(response, 'close');
}

/** What a browser that reconnects has seen last. */
function lastIdOf({ headers }: IncomingMessage): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}
