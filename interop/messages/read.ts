/** Messages as they come, again and again the same ones. */
import type { DescMessage } from '@bufbuild/protobuf';
import type { Message } from '../model/message.ts';
import { messageOf } from './plain.ts';
import type { Types } from './types.ts';

/** The witnesses of a call, and the calls of a row, say the same: what was read lately is not read again. */
const recent = new WeakMap<DescMessage, Map<string, Message>>();
const shortCharacters = 4_096;
const keptMessages = 256;

/** What the bytes, in base64, say; of a type that is not known, that. Never throws. */
export function readMessage(type: DescMessage | undefined, base64: string, { registry }: Types): Message {
  if (!type) return { problem: `is of a method that is not described: ${base64.slice(0, 80)}` };
  const known = recent.get(type)?.get(base64);
  if (known) return known;
  const message = messageOf(type, Buffer.from(base64, 'base64'), registry);
  if (base64.length < shortCharacters) keep(type, base64, message);
  return message;
}

function keep(type: DescMessage, base64: string, message: Message): void {
  const own = recent.get(type) ?? new Map<string, Message>();
  if (own.size >= keptMessages) own.clear();
  recent.set(type, own.set(base64, message));
}
