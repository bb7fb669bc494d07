import { EventEmitter, once } from 'node:events';

/** Browsers that were given the page, until they have been given its events. */
export interface Guests {
  /** Somebody has the page, and will ask for the events. */
  expect(): void;
  /** Somebody asks for the events; the function that it returns is called when that is over. */
  enter(): () => void;
  /** Resolves when nobody is expected or here any more, or when the signal is aborted. */
  served(signal: AbortSignal): Promise<void>;
}

export function makeGuests(): Guests {
  const changes = new EventEmitter();
  let expected = 0;
  let here = 0;
  return {
    expect() {
      expected += 1;
    },
    enter() {
      expected = Math.max(0, expected - 1);
      here += 1;
      return () => {
        here -= 1;
        changes.emit('change');
      };
    },
    async served(signal) {
      while (expected + here > 0 && !signal.aborted)
        await once(changes, 'change', { signal }).catch(() => {});
    },
  };
}
