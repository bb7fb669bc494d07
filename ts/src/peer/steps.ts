// What steps of clients and of servers have in common. `over` resolves when the call has ended.
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** Hands so many messages to `take`, fewer when there are no more; -1: all. */
export async function receive(
  messages: AsyncIterator<object>,
  count: number,
  take: (message: object) => void,
): Promise<void> {
  for (let left = count; left !== 0; left--) {
    // It rejects when the call has ended, of which the status tells.
    const next = await messages.next().catch(() => undefined);
    if (next === undefined || next.done) return;
    take(next.value);
  }
}

/** Sends so many equal messages, each when the library takes it; gives how many it took before the call ended. */
export async function send(stream: Writable, message: object, times = 0, over: Promise<unknown>) {
  const lost = over.then(() => 0);
  let sent = 0;
  for (let left = Math.max(times, 1); left > 0; left--) {
    const taken = new Promise<number>((resolve) => {
      stream.write(message, (error) => resolve(error ? 0 : 1));
    });
    sent += await Promise.race([taken, lost]);
  }
  return sent;
}

/** Waits so long, or until the call ends. */
export async function wait(ms: number, over?: Promise<unknown>): Promise<void> {
  const elapsed = delay(ms, undefined, { ref: false });
  await (over ? Promise.race([elapsed, over]) : elapsed);
}

/** Says what the first step is that has none of the known members, if there is one. */
export function unknownStep(steps: readonly object[], known: readonly string[]): string | undefined {
  const unknown = steps.find((step) => !known.some((member) => member in step));
  return unknown && `step ${JSON.stringify(unknown).slice(0, 200)}`;
}
