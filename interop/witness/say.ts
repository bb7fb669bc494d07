/** How values are put, in mismatches and sentences. */
import type { Answer, Metadatum } from '../model/call.ts';
import type { Json, JsonObject, Message } from '../model/message.ts';
import type { Range } from '../model/scenario.ts';
import { Code, codeName } from '../model/status.ts';
import { countOf, merged } from './messages.ts';

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
  const responses = messagesText(answer.responses, say);
  return answer.code === Code.OK ? `OK ${responses}` : `${statusText(answer, say)}, ${responses}`;
}

export function statusText({ code, message, details }: Answer, say: Say = quote): string {
  const name = message === '' ? codeName(code) : `${codeName(code)} ${say(message)}`;
  return details ? `${name} with ${detailsText(details, say)}` : name;
}

/** `{"name":"Stitch"}`; `no message`; `3 messages: …`. */
export function messagesText(messages: readonly Message[], say: Say = quote): string {
  const count = countOf(messages);
  if (count === 0) return 'no message';
  const texts = merged(messages).map((message) => messageText(message, say));
  return count === 1 ? texts.join('') : `${count} messages: ${shortened(texts, say)}`;
}

const shownMessages = 8;

function shortened(texts: readonly string[], say: Say): string {
  if (say === inFull || texts.length <= shownMessages) return texts.join(' ');
  return `${texts.slice(0, shownMessages).join(' ')} … (${texts.length - shownMessages} more, ${fingerprint(texts.join(' '))})`;
}

function messageText({ json, problem, times }: Message, say: Say): string {
  const text = problem === undefined ? jsonText(json ?? null, say) : `one that ${problem}`;
  return times === undefined ? text : `${times} × ${text}`;
}

/** Of the details of a status. */
export function detailsText(details: readonly Json[] | undefined, say: Say = quote): string {
  if (!details || details.length === 0) return 'no details';
  return `details ${details.map((detail) => jsonText(detail, say)).join(' ')}`;
}

/** JSON with its texts put so; past 400 characters as `quote` does. */
export function jsonText(json: Json, say: Say): string {
  const text = spaced(json, say);
  if (say === inFull || text.length <= quoteLimit) return text;
  return `${text.slice(0, 60)}… (${text.length} characters, ${fingerprint(text)})`;
}

function spaced(json: Json, say: Say): string {
  if (typeof json === 'string') return say(json);
  if (Array.isArray(json)) return `[${json.map((each) => spaced(each, say)).join(', ')}]`;
  if (typeof json !== 'object' || json === null) return String(json);
  const fields = Object.entries(json as JsonObject).map(([key, value]) => `${key}: ${spaced(value, say)}`);
  return `{${fields.join(', ')}}`;
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
