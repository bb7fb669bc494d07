import type { Scenario } from '../model/scenario.ts';
import { orAborted } from './bound.ts';

/** So much may be under way at the same time: of messages, in base64. */
const roomBytes = 12 << 20;
/** What is smaller waits for nobody. */
const largeFromBytes = 1 << 20;
/** What the witnesses tell of a call weighs as much as a message of this length. */
const callBytes = 4_096;

/**
 * Room for large cells. A long message lies there in several forms at once, of each witness; so does what
 * they tell of a thousand calls; and there are as many lanes as peers. Large cells wait for each other
 * before they begin.
 */
export interface Room {
  /**
   * Resolves when there is room for so many bytes: first come, first served. What is too much for the
   * whole room has it to itself. Disposing gives it back. Rejects when the signal is aborted.
   */
  enter(bytes: number, signal: AbortSignal): Promise<Disposable>;
}

export function makeRoom(most = roomBytes): Room {
  const waiting: { readonly bytes: number; readonly admitted: () => void }[] = [];
  let taken = 0;

  function admit(): void {
    for (let [next] = waiting; next && (taken === 0 || taken + next.bytes <= most); [next] = waiting) {
      waiting.shift();
      taken += next.bytes;
      next.admitted();
    }
  }

  return {
    async enter(bytes, signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ bytes, admitted: resolve });
      admit();
      await orAborted(promise, signal);
      return {
        [Symbol.dispose]() {
          taken -= bytes;
          admit();
        },
      };
    },
  };
}

/** What a cell of the scenario needs of the room: its messages, where equal ones in a row are one, and its calls. 0: it is small. */
export function largeBytes({ steps }: Pick<Scenario, 'steps'>): number {
  const calls = steps.flatMap((step) => (step.do === 'calls' ? step.calls : []));
  const sum = calls.reduce((total, { spec, script }) => {
    const sends = [...spec.steps, ...(script?.steps ?? [])].filter((step) => 'send' in step);
    const messages = sends.reduce((bytes, { send }) => bytes + send.bytes.length, 0);
    return total + messages + (spec.times ?? 1) * callBytes;
  }, 0);
  return sum < largeFromBytes ? 0 : sum;
}
