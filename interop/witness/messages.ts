/** Lists of messages, held against each other. */
import { isObject, type Json, type Message } from '../model/message.ts';

/** The messages, equal neighbours as one. */
export function merged(messages: readonly Message[]): readonly Message[] {
  // Most calls have one, and a row has thousands of those.
  if (messages.length < 2) return messages;
  const list: { message: Message; times: number }[] = [];
  for (const message of messages) {
    const last = list.at(-1);
    if (last && saysTheSame(last.message, message)) last.times += message.times ?? 1;
    else list.push({ message, times: message.times ?? 1 });
  }
  return list.map(({ message: { times: _, ...message }, times }) =>
    times > 1 ? { ...message, times } : message,
  );
}

/** How many there are. */
export function countOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { times = 1 }) => sum + times, 0);
}

export function areSame(one: readonly Message[], other: readonly Message[]): boolean {
  const [first, second] = [merged(one), merged(other)];
  return first.length === second.length && first.every((message, index) => isSame(message, second[index]));
}

/** The first ones are the same, and there are no more than that. */
export function isBeginningOf(some: readonly Message[], all: readonly Message[]): boolean {
  const [one, other] = [merged(some), merged(all)];
  return one.every((message, index) => {
    const whole = other[index];
    if (!whole || !saysTheSame(message, whole)) return false;
    const isLast = index === one.length - 1;
    const [got = 1, there = 1] = [message.times, whole.times];
    return isLast ? got <= there : got === there;
  });
}

function isSame(one: Message, other: Message | undefined): boolean {
  return other !== undefined && (one.times ?? 1) === (other.times ?? 1) && saysTheSame(one, other);
}

/** However often each of them stands there. */
export function saysTheSame(one: Message, other: Message): boolean {
  return one === other || (one.problem === other.problem && isEqual(one.json, other.json));
}

/** Two messages of one type have their fields, and the entries of their maps, in one order. */
function isEqual(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (!isObject(one) || !isObject(other)) return areEqualLists(one, other);
  const [entries, others] = [Object.entries(one), Object.entries(other)];
  return (
    entries.length === others.length &&
    entries.every(([key, value], index) => key === others[index]?.[0] && isEqual(value, others[index][1]))
  );
}

function areEqualLists(one: Json | undefined, other: Json | undefined): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return false;
  return one.length === other.length && one.every((each, index) => isEqual(each, other[index]));
}
