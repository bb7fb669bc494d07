/** Lists of messages, held against each other. */
import type { Message } from '../model/message.ts';

/** The messages, equal neighbours as one. */
export function merged(messages: readonly Message[]): readonly Message[] {
  // Most calls have one, and a row has thousands of those.
  if (messages.length < 2) return messages;
  const list: { message: Message; key: string; times: number }[] = [];
  for (const message of messages) {
    const key = keyOf(message);
    const last = list.at(-1);
    if (last?.key === key) last.times += message.times ?? 1;
    else list.push({ message, key, times: message.times ?? 1 });
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
    if (!whole || keyOf(message) !== keyOf(whole)) return false;
    const isLast = index === one.length - 1;
    const [got = 1, there = 1] = [message.times, whole.times];
    return isLast ? got <= there : got === there;
  });
}

function isSame(one: Message, other: Message | undefined): boolean {
  if (one === other) return true;
  return other !== undefined && (one.times ?? 1) === (other.times ?? 1) && keyOf(one) === keyOf(other);
}

/** Equal for equal messages. */
export function keyOf({ json, problem }: Message): string {
  return JSON.stringify({ json, problem });
}
