/** What a person gives to be sent → what the client does. */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { UsageError } from '../errors.ts';
import { payloadOf } from '../messages/payload.ts';
import type { Method, Types } from '../messages/types.ts';
import type { ClientStep, Metadatum } from '../model/call.ts';
import type { Json } from '../model/message.ts';
import { takesOneRequest } from '../model/method.ts';
import { count } from '../report/text.ts';
import { complain } from './complain.ts';

/**
 * A request for each text, in ProtoJSON, and between them what `exchange` of a case knows:
 * `receive`, `wait 200ms`, `close`. For a method that takes a stream, and for the text `-`, they are
 * the lines of standard input, all of them: a client is told what it does before it begins.
 * Rejects with a UsageError that says what is wrong with one.
 */
export async function stepsOf(
  method: Method,
  texts: readonly string[],
  types: Types,
): Promise<readonly ClientStep[]> {
  const isOne = takesOneRequest(method.kind);
  const isRead = texts.length === 1 ? texts[0] === '-' : texts.length === 0 && !isOne;
  const given = isRead ? await standardInput() : texts.length === 0 ? ['{}'] : texts;
  const steps = given.map((text) => stepOf(text, method, types));
  const sends = steps.filter((step) => 'send' in step).length;
  if (isOne && sends !== 1)
    throw new UsageError(`call: ${method.path} takes one request, got ${count(sends, 'request')}`);
  return steps;
}

/** `key: value`, that of a `-bin` key in base64. Throws a UsageError. */
export function metadataOf(words: readonly string[]): readonly Metadatum[] {
  return words.map((word) => {
    const [, key, value = ''] = /^([a-z0-9_.-]+) *[:=] *(.*)$/.exec(word) ?? [];
    if (key === undefined)
      throw new UsageError(
        `--metadata ${JSON.stringify(word)}: wanted a key in lower case and a value, as in 'x-tenant: a'`,
      );
    return key.endsWith('-bin') ? { key, binary: value } : { key, text: value };
  });
}

async function standardInput(): Promise<readonly string[]> {
  if (process.stdin.isTTY)
    complain('one request a line, as JSON; the call begins when the input ends (Ctrl-D)');
  const lines: string[] = [];
  const reader = createInterface({ input: process.stdin });
  reader.on('line', (line) => lines.push(line));
  await once(reader, 'close');
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000 };

function stepOf(text: string, method: Method, { registry }: Types): ClientStep {
  if (text === 'close') return { close: true };
  if (text === 'receive') return { receive: 1 };
  const [, digits, unit = ''] = /^wait (\d+)(ms|s)$/.exec(text) ?? [];
  if (digits !== undefined) return { waitMs: Number(digits) * (unitsMs[unit] ?? 1) };
  try {
    return { send: payloadOf(method.request, JSON.parse(text) as Json, registry) };
  } catch (error) {
    throw new UsageError(`call: the request ${text.slice(0, 200)}: ${(error as Error).message}`);
  }
}
