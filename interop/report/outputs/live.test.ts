/** Over real HTTP: who is let in, and that a browser gets every line once, whenever it comes. */
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http, { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep, setImmediate as soon } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../errors.ts';
import { makeRandom } from '../../fixtures/random.ts';
import { aCell, anEnd, aResult, aStart } from '../../fixtures/values.ts';
import type { RunEvent } from '../../model/event.ts';
import { multiplex, type Reporter } from '../reporter.ts';
import { type Live, openLive } from './live.ts';
import { logReporter } from './log.ts';

const html = '<!doctype html><title>the page</title>';

let folder = '';
let file = '';
let live: Live;
let reporters: Reporter;

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'stitch-live-'));
  file = path.join(folder, 'run.jsonl');
  live = await openLive({ log: file, page: async () => html, port: 0 });
  begin();
});

afterEach(async () => {
  await live[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** A run begins to write the log. */
function begin(): void {
  const failed = (sentence: string) => {
    throw new Error(sentence);
  };
  reporters = multiplex([logReporter(file), live.reporter], failed);
}

async function tell(...events: readonly RunEvent[]): Promise<void> {
  for (const event of events) await reporters.on(event);
}

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

async function ask({ path = '/', method = 'GET', headers = {} }: Asked = {}): Promise<IncomingMessage> {
  const request = http.request(new URL(path, live.url), { method, headers, agent: false }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A browser's view: the messages so far, and when the response has ended. */
interface Browser {
  readonly messages: string[];
  readonly response: IncomingMessage;
  readonly ended: Promise<unknown>;
}

async function browse(lastId?: string): Promise<Browser> {
  const response = await ask({ path: '/events', ...(lastId && { headers: { 'last-event-id': lastId } }) });
  const messages: string[] = [];
  let rest = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    messages.push(...parts);
  });
  response.on('error', () => {});
  return { messages, response, ended: once(response, 'close') };
}

/** Waits until the browser has so many messages. */
async function has({ messages }: Browser, count: number): Promise<readonly string[]> {
  while (messages.length < count) await sleep(2);
  return messages;
}

function result(n: number): RunEvent {
  return { type: 'cell-finished', result: aResult(`a/b/pick/${n}`) };
}

/** How long the end takes. */
async function endMs(): Promise<number> {
  const startedAt = performance.now();
  await live[Symbol.asyncDispose]();
  return performance.now() - startedAt;
}

const start = aStart([aCell('a/b/pick/1')]);
const end = 'event: end\ndata: ';
const reset = 'event: reset\ndata: ';

function message(id: string, event: RunEvent): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}`;
}

describe('the page', () => {
  // Who has the page is waited for: nobody does any more.
  afterEach(async () => (await browse()).response.destroy());

  it('is at /, and nowhere else', async () => {
    const response = await ask();
    expect([response.statusCode, await textOf(response)]).toEqual([200, html]);
    expect(response.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const other = await ask({ path: '/favicon.ico' });
    expect([other.statusCode, await textOf(other)]).toEqual([
      404,
      'there are / and /events, and nothing else\n',
    ]);
  });

  it('answers HEAD without a body, and a HEAD of the events does not wait for them', async () => {
    for (const [path, type] of [
      ['/', 'text/html; charset=utf-8'],
      ['/events', 'text/event-stream'],
    ] as const) {
      const response = await ask({ path, method: 'HEAD' });
      expect([response.statusCode, response.headers['content-type'], await textOf(response)]).toEqual([
        200,
        type,
        '',
      ]);
    }
  });

  it('that cannot be made says why', async () => {
    await using broken = await openLive({
      log: file,
      page: () => Promise.reject(new Error('no style')),
      port: 0,
    });
    const response = await fetch(broken.url);
    expect([response.status, await response.text()]).toEqual([500, 'the page cannot be made: no style\n']);
  });

  it.each<[string, Asked, number, RegExp]>([
    [
      'another host',
      { headers: { host: 'evil.example' } },
      403,
      /^this page is for this machine only: wanted the host 127\.0\.0\.1:\d+, got "evil\.example"\n$/,
    ],
    ['the host without its port', { headers: { host: '127.0.0.1' } }, 403, /got "127\.0\.0\.1"/],
    ['another port', { headers: { host: 'localhost:1' } }, 403, /got "localhost:1"/],
    [
      'events for another host',
      { path: '/events', headers: { host: 'evil.example' } },
      403,
      /this machine only/,
    ],
    [
      'another origin',
      { headers: { origin: 'http://evil.example' } },
      403,
      /^no other page may read this one: wanted the origin http:\/\/127\.0\.0\.1:\d+, got "http:\/\/evil\.example"\n$/,
    ],
    ['an origin that hides', { path: '/events', headers: { origin: 'null' } }, 403, /got "null"/],
    ['POST', { method: 'POST' }, 405, /^this page only reads: wanted GET or HEAD, got POST\n$/],
    ['OPTIONS', { path: '/events', method: 'OPTIONS' }, 405, /got OPTIONS/],
  ])('refuses %s', async (_, asked, status, sentence) => {
    const response = await ask(asked);
    expect(response.statusCode).toBe(status);
    expect(response.headers.allow).toBe(status === 405 ? 'GET, HEAD' : undefined);
    expect(await textOf(response)).toMatch(sentence);
  });

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])(
    'is given to %s, asked by itself',
    async (name) => {
      const host = `${name}:${new URL(live.url).port}`;
      const response = await ask({ headers: { host, origin: `http://${host}` } });
      expect([response.statusCode, await textOf(response)]).toEqual([200, html]);
    },
  );

  it('is served on loopback only, on the port that was asked for', async () => {
    const { port } = new URL(live.url);
    expect(live.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const outside = Object.values(os.networkInterfaces())
      .flatMap((each) => each ?? [])
      .find((each) => !each.internal && each.family === 'IPv4');
    if (outside) await expect(fetch(`http://${outside.address}:${port}/`)).rejects.toThrow();
    await live[Symbol.asyncDispose]();
    live = await openLive({ log: file, page: async () => html, port: Number(port) });
    expect(new URL(live.url).port).toBe(port);
  });

  it('says that its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const opened = openLive({ log: file, page: async () => html, port });
    await expect(opened).rejects.toThrow(UsageError);
    await expect(opened).rejects.toThrow(
      `--port: port ${port} of 127.0.0.1 is taken\n  hint: name another, or none: then the system chooses`,
    );
    taken.close();
  });
});

describe('the events', () => {
  it('are the lines of the log with their numbers, those before and those that come', async () => {
    await tell(start, result(1));
    const browser = await browse();
    expect(browser.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await has(browser, 2);
    await tell(result(2));
    const expected = [message('1.1', start), message('1.2', result(1)), message('1.3', result(2))];
    expect(await has(browser, 3)).toEqual(expected);
    await live[Symbol.asyncDispose]();
    await browser.ended;
    expect(browser.messages).toEqual([...expected, end]);
  });

  it('begin before the log does', async () => {
    rmSync(file);
    const browser = await browse();
    begin();
    await tell(start);
    expect(await has(browser, 1)).toEqual([message('1.1', start)]);
  });

  it('are whole where peers say line separators, and where a line is longer than what is read at once', async () => {
    const odd = aStart([], { leftOut: `a\u2028b\u2029c\r\nd\n\ne${'史'.repeat(100_000)}` });
    await tell(odd, result(1));
    expect(await has(await browse(), 2)).toEqual([message('1.1', odd), message('1.2', result(1))]);
  });

  it('go on behind the last one that a browser has seen', async () => {
    await tell(start, result(1), result(2));
    const browser = await browse('1.2');
    await has(browser, 1);
    await tell(result(3));
    expect(await has(browser, 2)).toEqual([message('1.3', result(2)), message('1.4', result(3))]);
    const latest = await browse('1.4');
    await tell(result(4));
    expect(await has(latest, 1)).toEqual([message('1.5', result(4))]);
  });

  it.each(['7.1', '1.9', 'x', '1.', '-1.1'])(
    'begin anew for one that has seen %j, which is none of these',
    async (id) => {
      await tell(start, result(1));
      expect(await has(await browse(id), 3)).toEqual([
        reset,
        message('1.1', start),
        message('1.2', result(1)),
      ]);
    },
  );

  it('begin anew with each run that is written to the log', async () => {
    await tell(start, result(1), anEnd());
    const browser = await browse();
    await has(browser, 3);
    begin();
    await tell(start, result(2));
    expect((await has(browser, 6)).slice(3)).toEqual([
      reset,
      message('2.1', start),
      message('2.2', result(2)),
    ]);
    expect(await has(await browse('1.3'), 3)).toEqual(browser.messages.slice(3));
    expect(await has(await browse('2.1'), 1)).toEqual([message('2.2', result(2))]);
  });

  it('count their generations from where they are told to', async () => {
    await using later = await openLive({ log: file, page: async () => html, port: 0, generation: 41 });
    later.reporter.on(start);
    reporters.on(start);
    const reader = (await fetch(`${later.url}events`)).body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    expect(Buffer.from(value ?? []).toString()).toBe(`${message('41.1', start)}\n\n`);
  });

  it('say every 15 s that they are alive, between messages', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const browser = await browse();
      await tell(start);
      await has(browser, 1);
      vi.advanceTimersByTime(14_999);
      await tell(result(1));
      await has(browser, 2);
      vi.advanceTimersByTime(1);
      await has(browser, 3);
      await tell(result(2));
      const expected = [
        message('1.1', start),
        message('1.2', result(1)),
        ': alive',
        message('1.3', result(2)),
      ];
      expect(await has(browser, 4)).toEqual(expected);
      browser.response.destroy();
      await browser.ended;
      while (vi.getTimerCount() > 0) await sleep(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('have no gap and nothing twice, whenever somebody comes, goes and comes back', async () => {
    const random = makeRandom(7);
    const pause = async () => {
      for (let n = random.below(4); n > 0; n--) await soon();
    };
    const runs = [400, 300, 500];
    const isWhole = (messages: readonly string[]) => messages.at(-1) === end;
    let isOver = false;
    let waiting = 0;

    /** Reads, is cut off now and then, and puts together what the page would have. */
    async function visitor(): Promise<readonly string[]> {
      let kept: string[] = [];
      let lastId: string | undefined;
      while (!isWhole(kept)) {
        await pause();
        const browser = await browse(lastId);
        const [isLast, enough] = [isOver, random.below(300)];
        if (isLast) waiting += 1;
        while (isLast ? !isWhole(browser.messages) : !isOver && browser.messages.length < enough)
          await soon();
        const got = browser.messages.splice(0);
        browser.response.destroy();
        for (const each of got) {
          if (each === reset) kept = [];
          else kept.push(each);
          lastId = /^id: (\S+)/.exec(each)?.[1] ?? lastId;
        }
      }
      return kept;
    }

    const visitors = [1, 2, 3, 4].map(visitor);
    for (const [index, count] of runs.entries()) {
      if (index > 0) begin();
      await tell(start);
      for (let n = 2; n <= count; n++) {
        await tell(result(n));
        await pause();
      }
    }
    isOver = true;
    while (waiting < visitors.length) await soon();
    await live[Symbol.asyncDispose]();
    const last = [
      message('3.1', start),
      ...Array.from({ length: 499 }, (_, n) => message(`3.${n + 2}`, result(n + 2))),
    ];
    for (const kept of await Promise.all(visitors)) expect(kept).toEqual([...last, end]);
  });
});

describe('a slow browser', () => {
  const size = 256 * 1024;
  const long = Array.from({ length: 64 }, (_, n): RunEvent => {
    return { ...anEnd({ stopped: 'x'.repeat(size) }), ...(n === 0 ? start : result(n)) };
  });

  it('holds up nobody, and nothing is kept for it, and it gets all of it in the end', async () => {
    const responses: ServerResponse[] = [];
    const note = (told: unknown) => void responses.push((told as { response: ServerResponse }).response);
    diagnostics.subscribe('http.server.request.start', note);
    const slow = await ask({ path: '/events' });
    diagnostics.unsubscribe('http.server.request.start', note);
    slow.pause();
    const quick = await browse();
    for (const event of long) {
      await tell(event);
      await soon();
    }
    await has(quick, long.length);
    const [response] = responses;
    expect(response?.writableNeedDrain).toBe(true);
    expect(response?.writableLength).toBeLessThan(3 * size);
    const got = textOf(slow);
    // At the end nobody is waited for longer than two seconds.
    await expect.poll(() => response?.writableLength).toBe(0);
    await live[Symbol.asyncDispose]();
    await quick.ended;
    const expected = [...long.map((event, index) => message(`1.${index + 1}`, event)), end];
    const isSame = (messages: readonly string[]) => messages.every((each, index) => each === expected[index]);
    for (const messages of [quick.messages, (await got).split('\n\n').slice(0, -1)])
      expect([messages.length, isSame(messages)]).toEqual([65, true]);
  });

  it('is left behind 2 s after the end', async () => {
    const slow = await ask({ path: '/events' });
    slow.on('error', () => {}).pause();
    await tell(...long);
    const tookMs = await endMs();
    expect(tookMs).toBeGreaterThan(1_900);
    expect(tookMs).toBeLessThan(4_000);
  });
});

describe('the end', () => {
  it('waits for nobody when nobody came, or all have left', async () => {
    await tell(start);
    await textOf(await ask({ method: 'HEAD' }));
    expect(await endMs()).toBeLessThan(500);
  });

  it('waits for nobody who has left', async () => {
    await tell(start);
    await textOf(await ask());
    const browser = await browse();
    await has(browser, 1);
    browser.response.destroy();
    await sleep(50);
    expect(await endMs()).toBeLessThan(500);
  });

  it('waits for a browser that has the page and has not asked for the events yet', async () => {
    await tell(start, anEnd());
    await textOf(await ask());
    const ended = endMs();
    await sleep(300);
    const browser = await browse();
    await browser.ended;
    expect(browser.messages).toEqual([message('1.1', start), message('1.2', anEnd()), end]);
    expect(await ended).toBeLessThan(1_500);
  });

  it('comes without any event when there was none', async () => {
    const browser = await browse();
    await live[Symbol.asyncDispose]();
    await browser.ended;
    expect(browser.messages).toEqual([end]);
  });
});
