/** Beginnings of what may be long, that say how much there is more. */
import type { Metadatum } from '../model/call.ts';
import type { Json, Message } from '../model/message.ts';

const keptCharacters = 512;
const keptEntries = 24;
/** Of one message. */
const keptJson = 4_096;

/** The first 512 characters. */
export function cut(text: string): string {
  return text.length <= keptCharacters
    ? text
    : `${text.slice(0, keptCharacters)}… (${text.length} characters)`;
}

/** Two dozen entries are enough to see what is going on; a scenario that sends 200 says so in its name. */
export function cutMetadata(entries: readonly Metadatum[]): readonly Metadatum[] {
  const kept = entries
    .slice(0, keptEntries)
    .map((entry) =>
      'text' in entry
        ? { key: entry.key, text: cut(entry.text) }
        : { key: entry.key, binary: cut(entry.binary) },
    );
  return entries.length > kept.length ? [...kept, { key: '…', text: moreText(entries, kept) }] : kept;
}

/** The first two dozen messages; those behind them are one, `…`, with their number. */
export function cutMessages(messages: readonly Message[]): readonly Message[] {
  const kept = messages.slice(0, keptEntries).map(cutMessage);
  const rest = messages.slice(keptEntries).reduce((sum, { times = 1 }) => sum + times, 0);
  return rest > 0 ? [...kept, leftOut(rest)] : kept;
}

/** What stands for so many messages. */
export function leftOut(times: number): Message {
  return { json: '…', ...(times > 1 && { times }) };
}

export function cutMessage<T extends Message>(message: T): T {
  const { json, problem } = message;
  return {
    ...message,
    ...(json !== undefined && { json: cutJson(json) }),
    ...(problem !== undefined && { problem: cut(problem) }),
  };
}

/** Its texts cut; of each list and each object the first two dozen entries, of the whole some four thousand characters. */
export function cutJson(json: Json): Json {
  return within(json, { left: keptJson });
}

/** `room`: characters that may still come. */
function within(json: Json, room: { left: number }): Json {
  if (typeof json === 'string') {
    const text = cut(json);
    room.left -= text.length;
    return text;
  }
  if (typeof json !== 'object' || json === null) {
    room.left -= String(json).length;
    return json;
  }
  if (Array.isArray(json)) {
    const kept = whileThereIsRoom(json, room, (item: Json) => within(item, room));
    return json.length > kept.length ? [...kept, `… ${moreText(json, kept)}`] : kept;
  }
  const entries = Object.entries(json);
  const kept = whileThereIsRoom(entries, room, ([key, value]) => {
    room.left -= key.length;
    return [cut(key), within(value, room)] as const;
  });
  return Object.fromEntries(entries.length > kept.length ? [...kept, ['…', moreText(entries, kept)]] : kept);
}

function whileThereIsRoom<T, U>(
  all: readonly T[],
  room: { readonly left: number },
  keep: (each: T) => U,
): readonly U[] {
  const kept: U[] = [];
  for (const each of all.slice(0, keptEntries)) {
    if (room.left <= 0) break;
    kept.push(keep(each));
  }
  return kept;
}

function moreText(all: readonly unknown[], kept: readonly unknown[]): string {
  return `${all.length - kept.length} more`;
}
