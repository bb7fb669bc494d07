// Messages, and the records of them.
import { type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import type { Base64, Row } from './contract.ts';

/** The protobuf runtime would not parse or serialize a message; its words. */
export class UnusableError extends Error {}

/** Parses a message; throws an UnusableError. */
export function parse(type: DescMessage, bytes: Base64): Message {
  return usable(() => fromBinary(type, Buffer.from(bytes, 'base64')));
}

/** Serializes a message; throws an UnusableError. */
export function serialize(type: DescMessage, message: Message): Buffer {
  const { buffer, byteOffset, byteLength } = usable(() => toBinary(type, message));
  return Buffer.from(buffer, byteOffset, byteLength);
}

function usable<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    throw new UnusableError((error as Error).message);
  }
}

/** What is in a row: fifty megabytes are sooner compared than put into base64. */
const contents = new WeakMap<Row, Buffer>();

/** Adds a message to a record: equal ones in a row are one entry. */
export function record(rows: Row[], content: Buffer): void {
  const last = rows.at(-1);
  if (last && contents.get(last)?.equals(content)) last.times = (last.times ?? 1) + 1;
  else {
    const row = { bytes: content.toString('base64') };
    contents.set(row, content);
    rows.push(row);
  }
}

/** A stream of one message. */
export async function* only(message: Message | Promise<Message>): AsyncGenerator<Message, void> {
  yield message;
}
