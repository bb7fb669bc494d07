/** How values are put, in mismatches and sentences. */
import type { CallRecord, Expirement, Metadatum } from '../model/call.ts';
import type { Range } from '../model/scenario.ts';
import { Code, codeName } from '../model/status.ts';

/** An answer, by whomever it is told. */
export type Answer = Pick<CallRecord, 'code' | 'message' | 'reply'>;

/** How a text is put: `inFull` to compare, `quote` to show. */
export type Say = (text: string) => string;

/** The text in quotes, what cannot be printed escaped. */
export function inFull(text: string): string {
  return JSON.stringify(text);
}

const quoteLimit = 400;

/** The same, but past 400 characters the rest is given as a count and a fingerprint, so that texts that differ still look it. */
export function quote(text: string): string {
  if (text.length <= quoteLimit) return inFull(text);
  return `${inFull(text.slice(0, 40))}… (${text.length} characters, ${fingerprint(text)})`;
}

/** FNV-1a, 32 bits, over UTF-16 units: to tell texts apart, and not to keep anybody from making two alike. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return `FNV-1a ${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

export function answerText(answer: Answer, say: Say = quote): string {
  const reply = replyText(answer.reply, say);
  return answer.code === Code.OK ? `OK ${reply}` : `${statusText(answer, say)}, ${reply}`;
}

export function statusText({ code, message }: Answer, say: Say = quote): string {
  return message === '' ? codeName(code) : `${codeName(code)} ${say(message)}`;
}

export function replyText(reply: Expirement | undefined, say: Say = quote): string {
  return reply ? `{name: ${say(reply.name)}, id: ${reply.id}, skill: ${say(reply.skill)}}` : 'no reply';
}

/**
 * The values of a key. ASCII values are compared joined, since "Duplicate header
 * names may have their values joined with "," as the delimiter and be considered
 * semantically equivalent" (PROTOCOL-HTTP2, Requests).
 */
export function valuesText(key: string, entries: readonly Metadatum[], say: Say = quote): string {
  const values = entries.filter((entry) => entry.key === key);
  if (values.length === 0) return 'none';
  const texts = values.map((entry) =>
    'text' in entry ? entry.text.replaceAll(/\s*,\s*/g, ',') : entry.binary,
  );
  const isText = values.every((entry) => 'text' in entry);
  return isText ? say(texts.join(',')) : `${values.length} × bytes ${say(texts.join(' '))}`;
}

export function rangeText(wanted: Range | 'none'): string {
  return wanted === 'none' ? wanted : `${wanted.min} to ${wanted.max} ms`;
}

/** Rounded away from the range, or 279.6 would read as the 280 that was wanted. */
export function outsideText(wanted: Range | 'none', got: number | undefined): string {
  if (got === undefined) return 'none';
  return `${wanted !== 'none' && got < wanted.min ? Math.floor(got) : Math.ceil(got)} ms`;
}

export function isWithin(wanted: Range | 'none', got: number | undefined): boolean {
  if (wanted === 'none') return got === undefined;
  return got !== undefined && got >= wanted.min && got <= wanted.max;
}
