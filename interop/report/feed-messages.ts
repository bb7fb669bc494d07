import { type FileHandle, open } from 'node:fs/promises';
import type { Feed } from './feed.ts';

const chunkBytes = 64 * 1024;
const newline = 0x0a;
const reset = 'event: reset\ndata: \n\n';
const end = 'event: end\ndata: \n\n';

/**
 * The feed as messages of server-sent events, some at a time: each line of the log
 * is one whose id is `GENERATION.LINE`, counted from 1. Begins behind `lastId` when
 * that is of this generation, otherwise at line 1, after a `reset` if there was one;
 * so does each further generation. The last message is `end`. Reads the file only,
 * and no faster than it is asked. Rejects when the signal is aborted.
 */
export async function* messagesOf(
  feed: Feed,
  lastId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  let seen = lastId === undefined ? 0 : lineOf(feed, lastId);
  if (seen === undefined) yield reset;
  for (;;) {
    const { generation } = feed;
    yield* generationFrom(feed, seen ?? 0, signal);
    if (feed.generation === generation) break;
    yield reset;
    seen = 0;
  }
  yield end;
}

/** The line that the id names, when it is one of this generation. */
function lineOf(feed: Feed, id: string): number | undefined {
  const [, generation, line] = /^(\d+)\.(\d+)$/.exec(id) ?? [];
  return Number(generation) === feed.generation && Number(line) <= feed.lines ? Number(line) : undefined;
}

/** The messages behind line `seen`, until the feed has ended or goes on with another generation. */
async function* generationFrom(feed: Feed, seen: number, signal: AbortSignal): AsyncGenerator<string> {
  const { generation } = feed;
  // The file of a run that has not begun is not there yet, or an older one.
  if (feed.lines === 0 && !feed.isEnded) await feed.changed(signal);
  if (feed.lines === 0) return;
  await using log = await open(feed.file);
  let rest = Buffer.alloc(0);
  let position = 0;
  for (let line = 0; feed.generation === generation; ) {
    const taken = takeLines(rest, feed.lines - line);
    rest = taken.rest;
    const messages = taken.lines.map((text, index) => message(generation, line + index + 1, text));
    const text = messages.slice(Math.max(0, seen - line)).join('');
    line += taken.lines.length;
    if (text !== '') yield text;
    else if (line < feed.lines) {
      const bytes = await read(log, position);
      // No bytes where lines should be: the file was emptied for what comes next.
      if (bytes.length === 0 && feed.generation === generation) await feed.changed(signal);
      position += bytes.length;
      rest = Buffer.concat([rest, bytes]);
    } else if (feed.isEnded) return;
    else await feed.changed(signal);
  }
}

async function read(log: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await log.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
  return buffer.subarray(0, bytesRead);
}

/** At most so many whole lines, and the bytes behind them. Not node:readline, which also breaks lines at U+2028. */
function takeLines(bytes: Buffer, most: number): { lines: readonly string[]; rest: Buffer<ArrayBuffer> } {
  const lines: string[] = [];
  let from = 0;
  while (lines.length < most) {
    const to = bytes.indexOf(newline, from);
    if (to < 0) break;
    lines.push(bytes.toString('utf8', from, to));
    from = to + 1;
  }
  return { lines, rest: Buffer.from(bytes.subarray(from)) };
}

/** JSON has no line break of its own, so a line of the log is one line of data. */
function message(generation: number, line: number, text: string): string {
  return `id: ${generation}.${line}\ndata: ${text}\n\n`;
}
