/** Lies of a peer that plays both roles: with itself it agrees about them, and no record is wrong. */
import type { Expirement } from '../model/call.ts';
import type { Lie } from './manners.ts';
import { decodeFields, decodeReply, encodeFields, encodeReply } from './message.ts';

function swapped({ name, id, skill }: Expirement): Expirement {
  return { name: skill, id, skill: name };
}

export const swapLies = {
  'swaps-fields': {
    encodesReply: (reply) => encodeReply(swapped(reply)),
    decodesReply: (bytes) => swapped(decodeReply(bytes)),
  },
  'asks-in-field-2': {
    encodesRequest: (name) => encodeFields([[2, name]]),
    decodesRequest: (bytes) => String(decodeFields(bytes).get(2) ?? ''),
  },
} satisfies Record<string, Lie>;
