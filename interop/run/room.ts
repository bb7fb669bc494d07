import type { Scenario } from '../model/scenario.ts';
import { orAborted } from './bound.ts';

/** So much of the messages may be under way at the same time, in base64. */
const roomBytes = 12 << 20;
/** What is shorter waits for nobody. */
const longFromBytes = 1 << 20;

/**
 * Room for long messages. Each of them lies there in several forms at once, of each witness, and there
 * are as many lanes as peers: cells with long messages wait for each other before they begin.
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

/** Bytes of the messages in the scenario's lines, where equal ones in a row are one; 0: they are short. */
export function longBytes({ steps }: Pick<Scenario, 'steps'>): number {
  const bytes = steps
    .flatMap((step) => (step.do === 'calls' ? step.calls : []))
    .flatMap(({ spec, script }) => [...spec.steps, ...(script?.steps ?? [])])
    .reduce((sum, step) => sum + ('send' in step ? step.send.bytes.length : 0), 0);
  return bytes < longFromBytes ? 0 : bytes;
}
