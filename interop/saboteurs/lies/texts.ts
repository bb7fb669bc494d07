import { type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { Lie, Medium, Message } from '../program/behaviour.ts';
import { honest } from '../program/honest.ts';

/** Takes the texts of messages from there for others: of a client's requests from its lines, of a server's from the wire. */
export function texts(from: Medium, change: (text: string) => string): Lie {
  return {
    parses(type, bytes, medium) {
      const message = honest.parses(type, bytes, medium);
      return medium === from ? withTexts(type, message, change) : message;
    },
  };
}

/** The message itself, its string fields changed. */
function withTexts(type: DescMessage, message: Message, change: (text: string) => string): Message {
  const reflected = reflect(type, message);
  for (const field of type.fields)
    if (field.fieldKind === 'scalar' && field.scalar === ScalarType.STRING && reflected.isSet(field))
      reflected.set(field, change(String(reflected.get(field))));
  return message;
}
